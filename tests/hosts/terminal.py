"""Runs a program in a terminal as a person would: python3 terminal.py STEPS COMMAND ARGS…

STEPS is JSON, a list of [text, keys]: once the text is on the screen, the keys are typed. Exits with 1, and shows the screen, if a text does not come within half a
minute or the program does not end with the last keys."""
import fcntl, json, os, pty, re, select, signal, struct, sys, termios, time

PATIENCE = 30
steps, command = json.loads(sys.argv[1]), sys.argv[2:]
process, terminal = pty.fork()
if process == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 120, 0, 0))

raw, seen, deadline = b"", 0, time.monotonic() + PATIENCE


def screen():
    text = re.sub(rb"\x1b(\[[0-9;?>]*[a-zA-Z]|\][^\x07\x1b]*(\x07|\x1b\\))", b" ", raw[seen:]).decode("utf-8", "replace")
    return re.sub(r"\s+", " ", text)


while True:
    if time.monotonic() > deadline:
        os.kill(process, signal.SIGKILL)
        sys.exit(f"It did not come to {steps[0] if steps else 'an end'}:\n{screen()[-2000:]}")
    if steps and steps[0][0] in screen():
        time.sleep(0.5)  # What asks is not yet listening when its text appears.
        os.write(terminal, steps.pop(0)[1].encode())
        seen, deadline = len(raw), time.monotonic() + PATIENCE
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so that the other side is closed.
            break
        if not piece:
            break
        raw += piece
status = os.waitpid(process, 0)[1]
if steps:
    sys.exit(f"It ended ({status}) before {steps[0]}:\n{screen()[-2000:]}")
