#!/usr/bin/env python3
"""Every call of a tool in the trail, over HTTP, with nothing but the standard library.

TOOLTRAIL_URL and TOOLTRAIL_KEY say where: a server, and a key made by `tooltrail keys add --role producer --user ann`.
Run it, then look: tooltrail recent --user ann
"""
import functools
import json
import os
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ.get("TOOLTRAIL_URL", "http://127.0.0.1:5280") + "/api/audit/records"
KEY = os.environ["TOOLTRAIL_KEY"]


def send(record, attempts=3):
    """Returns once the record is on disk. Sending the same id again is safe: it is stored once."""
    request = urllib.request.Request(
        URL, json.dumps(record).encode(), {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
    for attempt in range(attempts):
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                answer = json.load(response)
                if answer["refused"]:
                    raise ValueError(answer["refused"][0]["error"])
                return
        except (urllib.error.URLError, TimeoutError) as error:
            # What the server says no to stays no: 4xx is not tried again. Its answer says why.
            if isinstance(error, urllib.error.HTTPError) and error.code < 500:
                raise ValueError(f"Not recorded: {error.read().decode()}") from error
            if attempt == attempts - 1:
                raise
            time.sleep(2 ** attempt)


def recorded(user):
    """Records each call of a function: its arguments, how it ended, how long it took, what came back."""
    def decorate(tool):
        @functools.wraps(tool)
        def run(**arguments):
            record = {"id": str(uuid.uuid4()), "user": user, "tool": tool.__name__, "args": arguments, "source": "record.py"}
            began = time.monotonic()
            try:
                result = tool(**arguments)
                record |= {"status": "ok", "result": result}
                return result
            except Exception as error:
                status = "timeout" if isinstance(error, TimeoutError) else "denied" if isinstance(error, PermissionError) else "error"
                record |= {"status": status, "error": {"type": type(error).__name__, "message": str(error)}}
                raise
            finally:
                send(record | {"duration_ms": round((time.monotonic() - began) * 1000, 3)})
        return run
    return decorate


@recorded(user="ann")
def read_note(name):
    if name != "todo.txt":
        raise FileNotFoundError("There is no such note.")
    return "buy milk"


if __name__ == "__main__":
    print(read_note(name="todo.txt"))
    try:
        read_note(name="missing.txt")
    except FileNotFoundError as error:
        print(error)
