"""What the command line says of exceptions."""

from __future__ import annotations

import os

import pytest

from server.config.errors import ConfigError
from server.storage.errors import StorageError
from server.terminal.failures import tell


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (ConfigError("wrong"), 2, "wrong"),
        (StorageError("damaged"), 1, "damaged"),
        (OSError("no network"), 1, "no network"),
        (PermissionError(13, "Permission denied", "/etc/config.yml"), 1, f"user id {os.getuid()}"),
    ],
)
def test_what_is_not_our_fault_is_told_in_a_line(error, code: int, text: str, capsys):
    assert tell(error) == code
    shown = capsys.readouterr().err
    assert text in shown
    assert "Traceback" not in shown


def test_a_bug_is_logged_as_one(caplog):
    assert tell(ZeroDivisionError("division by zero")) == 1
    assert "BUG: ZeroDivisionError" in caplog.text
