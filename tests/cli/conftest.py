"""The command line called in this process: quick, and with its real exit status and output."""

from __future__ import annotations

import logging
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from server.cli.main import main


class Outcome(NamedTuple):
    """What a call gave."""

    code: int
    out: str
    err: str


class Home:
    """A folder with a config, and the command line working on it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.config = folder / "config.yml"
        self._capsys = capsys

    def write(self, text: str) -> None:
        """Another config."""
        self.config.write_text(textwrap.dedent(text), encoding="utf-8")

    def run(self, *args: str) -> Outcome:
        """``flexget -c config.yml ARGS``."""
        self._capsys.readouterr()
        code = main(["-c", str(self.config), *args])
        out, err = self._capsys.readouterr()
        return Outcome(code, out, err)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Home]:
    root = logging.getLogger()
    level = root.level
    yield Home(tmp_path, capsys)
    for handler in list(root.handlers):
        if getattr(handler, "ours", False):
            root.removeHandler(handler)
            handler.close()
    root.setLevel(level)


@pytest.fixture
def configured(home: Home) -> Callable[[str], Home]:
    def write(text: str) -> Home:
        home.write(text)
        return home

    return write
