"""Ctrl-C and SIGTERM, whatever loop holds the main thread.

A Python signal handler runs only when the main thread gets back to Python code, and the GTK and AppKit loops do not let
it. The interpreter's wake-up socket is written by the C handler at once, so a thread that reads it hears every signal.
"""

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM)


def _heard(_number: int, _frame: FrameType | None) -> None:
    """Only there so that the interpreter installs its own C handler."""


def catch() -> None:
    """Routes the signals here (again: GTK gives Ctrl-C back to the system). To be called on the main thread."""
    for number in STOPPING:
        signal.signal(number, _heard)


def on_stop_signal(callback: Callable[[], None]) -> None:
    """Calls ``callback`` in a thread when the process is asked to end. To be called on the main thread."""
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    catch()

    def listen() -> None:
        with receiver, sender:
            while received := receiver.recv(1):
                if received[0] in STOPPING:
                    callback()

    threading.Thread(target=listen, name="signals", daemon=True).start()
