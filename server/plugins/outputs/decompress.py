"""``decompress``"""

from __future__ import annotations

import fnmatch
import logging
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.log import VERBOSE
from server.engine.paths import OutsideError, chosen_folder, confined, current_mode, pathscrub
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.size import size_text
from server.plugins._archives import MAX_MEMBERS, Archive, BadArchive, Member, allowed_size, open_archive
from server.plugins.filters.archives import UNRAR_TOOL

logger = logging.getLogger("decompress")

PIECE = 1024 * 1024


class Decompress(Plugin):
    """Unpacks the archives (ZIP, RAR) that accepted entries stand for (field ``location``).

    What is no archive is left alone, and files that are there already are kept. An archive that is broken, encrypted,
    or that would come to far more than its size lets expect, fails its entry. Nothing is written outside of the target
    folder; links in archives are left out. RAR needs the package ``rarfile`` (``pip install 'flexget-tray[rar]'``),
    and the program ``unrar`` for what is compressed.

    Example::

        decompress:
          to: /storage/tv/{{ series_name }}
          regexp: '.*\\.(mkv|mp4|srt)$'
          keep_dirs: no
          delete_archive: yes
    """

    schema = {
        "anyOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {
                    "to": {
                        "type": "string",
                        "title": "To",
                        "description": "Folder to unpack to; may hold {{ fields }}. Without it, the archive's own.",
                        "examples": ["/storage/tv/{{ series_name }}"],
                    },
                    "keep_dirs": {
                        "type": "boolean",
                        "default": True,
                        "title": "Keep folders",
                        "description": "Whether the archive's folders are made too; else all files land in one folder.",
                    },
                    "mask": {
                        "type": "string",
                        "title": "Mask",
                        "description": "Pattern with * and ? that a file's name must fit, in any case. Comes before "
                        "`regexp`.",
                        "examples": ["*.mkv"],
                    },
                    "regexp": {
                        "type": "string",
                        "format": "regex",
                        "title": "Regular expression",
                        "description": "Must fit a file's name from its beginning, in any case.",
                        "examples": [r".*\.(mkv|srt)$"],
                    },
                    "unrar_tool": UNRAR_TOOL,
                    "delete_archive": {
                        "type": "boolean",
                        "default": False,
                        "title": "Delete the archive",
                        "description": "Whether an archive is deleted, with all its parts, once it was unpacked.",
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Decompress",
        "description": "`yes` unpacks into the archive's own folder; or options.",
        "examples": [True, {"to": "/storage/tv", "mask": "*.mkv"}],
    }
    category = "output"

    @priority(255)
    def on_task_output(self, task: Task, config: Any) -> None:
        """Unpack one after the other, before anything else is done with the files."""
        if config is False:
            return
        options = config if isinstance(config, dict) else {}
        for entry in task.accepted:
            task.check_cancelled()
            location = entry.get("location")
            path = Path(str(location))
            if not location or not path.is_file():
                logger.error("%s: there is no local file to unpack%s", entry["title"], f" ({path})" if location else "")
                continue
            try:
                self._handle(task, entry, path, options)
            except (RenderError, OutsideError) as error:
                entry.fail(f"where to unpack it cannot be told: {error}")
            except (BadArchive, OSError) as error:
                entry.fail(f"it cannot be unpacked: {error}")

    @staticmethod
    def _handle(task: Task, entry: Entry, path: Path, options: dict[str, Any]) -> None:
        folder = path.parent
        if options.get("to"):
            folder = chosen_folder(pathscrub(entry.render(options["to"])), options["to"], task.services.home)
        with open_archive(path, options.get("unrar_tool")) as archive:
            if archive is None:
                logger.log(VERBOSE, "%s is no archive; it is left alone", path)
                return
            if task.options.test:
                logger.info("Would unpack %s to %s", path, folder)
                return
            whole = Unpacking(archive, folder, options, task.check_cancelled).run()
            parts = archive.volumes()
        if not options.get("delete_archive"):
            return
        if not whole:
            logger.warning("%s is kept: not all of it could be put in place", path)
            return
        for part in parts:
            part.unlink(missing_ok=True)
            logger.log(VERBOSE, "%s was deleted", part)


class Unpacking:
    """One archive on its way into a folder."""

    def __init__(
        self, archive: Archive, folder: Path, options: dict[str, Any], check_cancelled: Callable[[], None]
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._keep_dirs = options.get("keep_dirs", True)
        self._fits = _matcher(options)
        self._check_cancelled = check_cancelled

    def run(self) -> bool:
        """Unpack; False where something else was in the way of a file."""
        members = self._archive.members()
        if len(members) > MAX_MEMBERS:
            raise BadArchive(f"it holds {len(members)} files; {MAX_MEMBERS} are the limit")
        wanted = [member for member in members if member.kind == "file" and self._fits(member.name)]
        total, allowed = sum(member.size for member in wanted), allowed_size(self._archive)
        if total > allowed:
            raise BadArchive(
                f"it would come to {size_text(total)}, for its size at most {size_text(allowed)} are allowed"
            )
        for member in members:
            if member.kind == "other":
                logger.warning("%s is a link or no usual file; it is left out", member.name)
        placed = [self._unpack(member) for member in wanted]
        return all(placed)

    def _unpack(self, member: Member) -> bool:
        self._check_cancelled()
        name = member.name if self._keep_dirs else PurePosixPath(member.name).name
        try:
            target = confined(self._folder, pathscrub(name) if current_mode() == "windows" else name)
        except OutsideError as error:
            logger.error("A file of the archive is left out: %s", error)
            return True
        if target.exists():
            logger.warning("%s exists already and is kept", target)
            return target.is_file() and target.stat().st_size == member.size
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".flexget-{os.getpid()}-{time.monotonic_ns()}.part")
        try:
            self._write(member, partial)
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        logger.log(VERBOSE, "%s was unpacked to %s", member.name, target)
        return True

    def _write(self, member: Member, partial: Path) -> None:
        free = shutil.disk_usage(partial.parent).free
        if member.size > free:
            raise BadArchive(f"{member.name} needs {size_text(member.size)}; only {size_text(free)} are free")
        left = member.size
        with self._archive.open(member) as source, partial.open("wb") as file:
            while piece := source.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise BadArchive(f"{member.name} holds more than the archive says")
                file.write(piece)
                self._check_cancelled()
        if left:
            raise BadArchive(f"{member.name} holds less than the archive says")


def _matcher(options: dict[str, Any]) -> Callable[[str], bool]:
    """Whether a file is wanted: by its name, without its folders."""
    text = fnmatch.translate(options["mask"]) if options.get("mask") else options.get("regexp")
    if not text:
        return lambda name: True
    pattern = re.compile(text, re.IGNORECASE)
    return lambda name: pattern.match(PurePosixPath(name).name) is not None
