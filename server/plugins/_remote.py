"""What the plugins for FTP and SFTP share: folders of another machine, and files that are never seen half written."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server.engine.entry import Entry
from server.engine.paths import OutsideError, chosen_folder, confined, pathscrub
from server.engine.task import Task


def words(error: BaseException) -> str:
    """What an error says, on one line, never empty."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def local_folder(task: Task, entry: Entry, template: str) -> Path:
    """The folder of this machine that a template comes to; raises ``RenderError``, ``OutsideError``."""
    return chosen_folder(pathscrub(entry.render(template)), template, task.services.home)


def remote_folder(entry: Entry, template: str) -> str:
    """The folder of the other machine that a template comes to; raises ``RenderError``, ``OutsideError``."""
    rendered = entry.render(template)
    if rendered.split("/").count("..") > template.split("/").count(".."):
        raise OutsideError(f"{rendered!r} has a `..` that is not in the configuration")
    return rendered.rstrip("/") or ("/" if rendered.startswith("/") else ".")


def name_here(folder: Path, name: str) -> Path:
    """The place of a file or folder of which another machine told the name; raises ``OutsideError``."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise OutsideError(f"{name!r} is no name of a file")
    return confined(folder, pathscrub(name, filename=True))


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A hidden name beside ``target`` to write to; it gets its own name when the block ends well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".flexget-{os.getpid()}-{time.monotonic_ns()}.part")
    try:
        yield partial
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def cancellable(task: Task) -> Callable[..., None]:
    """A callback for each piece of a transfer, whatever it is given."""
    return lambda *_: task.check_cancelled()
