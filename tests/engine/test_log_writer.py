"""The log's lines reach their file: whole, in order, once, and without a system call of the thread that logs."""

from __future__ import annotations

import logging
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

import pytest

from server.engine import log
from server.engine.log_writer import DeferredHandler, LogFile, write_to


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "flexget.log"
    log.setup(file=path, console=False)
    yield path
    log.setup(console=False)


def record(message: str) -> logging.LogRecord:
    return logging.LogRecord("plugin", logging.INFO, __file__, 1, message, (), None)


def test_lines_of_several_threads_are_all_there_each_threads_in_order(file: Path) -> None:
    def say(who: int) -> None:
        for number in range(200):
            logging.getLogger("plugin").info("%d says %d", who, number)

    threads = [threading.Thread(target=say, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.flush()
    said = [line.rpartition("  ")[2].split(" says ") for line in file.read_text().splitlines()]
    for who in range(4):
        assert [int(number) for speaker, number in said if int(speaker) == who] == list(range(200))


def test_lines_come_without_being_asked_for() -> None:
    written = threading.Event()
    handler = DeferredHandler(lambda text: written.set(), "memory")
    handler.handle(record("hello"))
    assert written.wait(10)
    handler.close()


def test_many_lines_are_one_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.engine.log_writer.PAUSE", 600)
    texts: list[str] = []
    handler = DeferredHandler(texts.append, "memory")
    for number in range(1000):
        handler.handle(record(str(number)))
    handler.close()
    assert texts == ["".join(f"{number}\n" for number in range(1000))]


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.engine.log_writer.PAUSE", 600)
    monkeypatch.setattr("server.engine.log_writer.MOST_WAITING", 10)
    texts: list[str] = []
    handler = DeferredHandler(texts.append, "memory")
    for number in range(25):
        handler.handle(record(str(number)))
    assert texts
    handler.close()
    assert "".join(texts).split() == [str(number) for number in range(25)]


def test_a_full_disk_is_told_once_and_the_program_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    full = True
    texts: list[str] = []

    def write(text: str) -> None:
        if full:
            raise OSError(28, "No space left on device")
        texts.append(text)

    handler = DeferredHandler(write, "flexget.log")
    for number in range(3):
        handler.handle(record(str(number)))
        handler.flush()
    assert capsys.readouterr().err.count("cannot be written to flexget.log: [Errno 28] No space left") == 1
    full = False
    handler.handle(record("again"))
    handler.close()
    assert texts == ["again\n"]


def test_a_console_that_is_gone_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def write(self, text: str) -> None:
            raise BrokenPipeError(32, "Broken pipe")

        def flush(self) -> None: ...

    gone = cast("TextIO", Gone())
    monkeypatch.setattr("sys.stderr", gone)
    handler = DeferredHandler(write_to(gone), "stderr")
    for number in range(3):
        handler.handle(record(str(number)))
        handler.flush()
    handler.close()


def test_a_folder_that_comes_back_gets_its_log_again(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "flexget.log"
    path.parent.mkdir()
    file = LogFile(path, maxBytes=1000, backupCount=1)
    path.unlink()
    path.parent.rmdir()
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            file.write("lost\n")
    path.parent.mkdir()
    file.write("kept\n")
    file.close()
    assert path.read_text() == "kept\n"


def test_the_file_and_those_before_it_are_only_ours_and_not_too_long(tmp_path: Path) -> None:
    path = tmp_path / "flexget.log"
    file = LogFile(path, maxBytes=100, backupCount=2)
    for number in range(10):
        file.write(f"{number} {'x' * 40}\n")
    file.close()
    kept = sorted(tmp_path.iterdir())
    assert [each.name for each in kept] == ["flexget.log", "flexget.log.1", "flexget.log.2"]
    assert all(each.stat().st_size < 100 for each in kept)
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept} == {0o600}


def test_a_file_that_was_moved_away_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "flexget.log"
    file = LogFile(path, maxBytes=1000, backupCount=1)
    file.write("one\n")
    path.rename(tmp_path / "kept.log")
    file.write("two\n")
    file.close()
    assert (path.read_text(), (tmp_path / "kept.log").read_text()) == ("two\n", "one\n")


def test_broken_text_is_written_as_escapes(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "flexget.log", maxBytes=1000, backupCount=1)
    file.write("a lone surrogate: \ud800\nand the next line\n")
    file.close()
    assert (tmp_path / "flexget.log").read_text() == "a lone surrogate: \\ud800\nand the next line\n"
