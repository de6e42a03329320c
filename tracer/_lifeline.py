"""A child that leaves when its parent dies, however it dies."""

import os
import signal
import threading


def follow_parent() -> None:
    """End this process by SIGTERM when its stdin closes.

    The parent holds the other end of the pipe and never writes; the kernel closes it
    even when the parent is killed with SIGKILL.
    """
    threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    # not sys.stdin: a daemon thread that holds its lock aborts the interpreter's exit
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
