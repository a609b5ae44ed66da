"""Runs a program in a terminal as a person would: python3 terminal.py STEPS COMMAND ARGS…

STEPS is JSON, a list of [text, keys]: once the text is on the screen, the keys are typed. Exits with 1, and shows the screen, if a text does not come within half a
minute or the program does not end with the last keys.

tmux is the terminal: a program redraws only the letters that changed, so that what it writes is not what stands on the screen."""
import json, subprocess, sys, tempfile, time

PATIENCE = 30
steps, command = json.loads(sys.argv[1]), sys.argv[2:]

with tempfile.TemporaryDirectory() as folder:

    def tmux(*arguments):
        return subprocess.run(["tmux", "-u", "-S", f"{folder}/tmux", "-f", "/dev/null", *arguments], check=True, capture_output=True, text=True).stdout

    def screen():
        return " ".join(tmux("capture-pane", "-p").split())

    def press(keys):
        tmux("send-keys", "-H", *(f"{key:x}" for key in keys.encode()))
        return keys, time.monotonic()

    # What the program left stays until it is read. It must not see that its terminal is tmux, with which some behave differently.
    tmux("set-option", "-g", "remain-on-exit", "on", ";", "new-session", "-d", "-x", "120", "-y", "50", "env", "-u", "TMUX", "-u", "TMUX_PANE", *command)

    try:
        pressed, at, deadline = "", 0.0, time.monotonic() + PATIENCE
        while tmux("display-message", "-p", "#{pane_dead}").strip() == "0":
            if time.monotonic() > deadline:
                sys.exit(f"It did not come to {steps[0] if steps else 'an end'}:\n{screen()}")
            if steps and steps[0][0] in screen():
                time.sleep(0.5)  # What asks is not yet listening when its text appears.
                pressed, at = press(steps.pop(0)[1])
                deadline = at + PATIENCE
            elif pressed and time.monotonic() > at + 5:  # Nor after that, on a busy machine: a person would try again.
                pressed, at = press(pressed)
            time.sleep(0.1)
        if steps:
            sys.exit(f"It ended ({tmux('display-message', '-p', '#{pane_dead_status}').strip()}) before {steps[0]}:\n{screen()}")
    finally:
        tmux("kill-server")
