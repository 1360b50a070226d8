"""Ctrl-C and SIGTERM reach the launcher whatever holds its main thread."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.processes import start

PROGRAM = """
import ctypes, os
from flexget_tray import signals

signals.on_stop_signal(lambda: os._exit(7))
print("ready", flush=True)
libc, mutex = ctypes.CDLL(None), ctypes.create_string_buffer(64)
libc.pthread_mutex_lock(mutex)
libc.pthread_mutex_lock(mutex)  # holds the main thread for good, as the loop of a foreign toolkit does
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_heard_while_foreign_code_holds_the_main_thread(tmp_path: Path, number: signal.Signals) -> None:
    running = start((sys.executable, "-c", PROGRAM), tmp_path, "")
    running.find("ready")
    assert running.end(number) == 7
