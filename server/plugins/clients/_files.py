"""Which files of a torrent are wanted, and what they are to be called. Pure: the clients do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Any

from server.engine.plugin import as_list
from server.plugins._schema import number, switch, text

MAIN_RATIO = 0.9
SUBTITLES = ("*.srt", "*.idx", "*.sub", "*.ssa", "*.ass")

MAIN_FILE: dict[str, Any] = {
    "content_filename": text(
        "Name of the main file",
        "What the biggest file is renamed to; may hold {{ fields }}. Its extension stays.",
        "{{ series_name }} - {{ series_id }}",
    ),
    "main_file_only": switch(
        "Main file only", "Whether only the biggest file is downloaded, where there is a main one."
    ),
    "main_file_ratio": number(
        "Main file's share",
        "From which share of the whole size on the biggest file counts as the main one.",
        0.8,
        default=MAIN_RATIO,
    ),
    "magnetization_timeout": number(
        "Wait for magnets",
        "How many seconds to wait for a magnet's list of files, which is needed to choose or rename them.",
        30,
        kind="integer",
        default=0,
    ),
}


@dataclass(frozen=True)
class ClientFile:
    """A file as a client lists it: its number there, its path with ``/``, its size in bytes."""

    index: int
    path: str
    size: int


@dataclass
class FilePlan:
    """What to do: numbers of the files not to download, and new paths by number."""

    main: ClientFile | None = None
    skipped: list[int] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)
    note: str = ""


def needs_files(options: Mapping[str, Any]) -> bool:
    """Whether the options cannot be followed without the list of files."""
    return any(
        options.get(name)
        for name in ("content_filename", "main_file_only", "skip_files", "container_directory", "hide_sparse_files")
    )


def plan(files: Sequence[ClientFile], options: Mapping[str, Any], name: str | None, *, subtitles: bool) -> FilePlan:
    """Decide for a torrent's files. ``name``: the main file's new name, already filled in, without extension."""
    made = FilePlan()
    total = sum(file.size for file in files)
    biggest = max(files, key=lambda file: file.size, default=None)
    ratio = float(options.get("main_file_ratio", MAIN_RATIO))
    if biggest is not None and total and biggest.size >= ratio * total:
        made.main = biggest
    elif options.get("main_file_only") or name:
        made.note = f"no file makes up {ratio:.0%} of the whole, so there is no main file"
    included = as_list(options.get("include_files")) + (list(SUBTITLES) if subtitles else [])
    skip = as_list(options.get("skip_files"))
    for file in files:
        alone = bool(options.get("main_file_only")) and made.main not in (None, file)
        if (alone or _matches(file.path, skip)) and not _matches(file.path, included):
            made.skipped.append(file.index)
    if len(made.skipped) == len(files):
        made.skipped = []
        made.note = "every file would be skipped, so none is"
    if made.main is not None and name:
        _rename(made, files, made.main, name, others=bool(options.get("rename_like_files")))
    return made


def _rename(made: FilePlan, files: Sequence[ClientFile], main: ClientFile, name: str, *, others: bool) -> None:
    taken = {file.path for file in files}
    stem = PurePosixPath(main.path).stem
    for file in files:
        path = PurePosixPath(file.path)
        if file is main:
            new = path.with_name(name + path.suffix)
        elif others and path.name.startswith(stem + "."):
            new = path.with_name(name + path.name[len(stem) :])
        else:
            continue
        if str(new) not in taken:
            made.renamed[file.index] = str(new)


def _matches(path: str, patterns: Sequence[str]) -> bool:
    name = PurePosixPath(path).name
    return any(fnmatch(name, pattern) or fnmatch(path, pattern) for pattern in patterns)
