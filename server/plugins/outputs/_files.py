"""What ``move``, ``copy`` and ``delete`` share: which file an entry is, its companions, and where it goes."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from server.engine.entry import Entry
from server.engine.errors import PluginWarning, RenderError
from server.engine.paths import OutsideError, chosen_folder, folder_text, pathscrub, shorten_name
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task

ALONG: dict[str, Any] = {
    "type": "object",
    "properties": {
        "extensions": {
            **text_or_list(type="string"),
            "title": "Extensions",
            "description": "Of the files that go along when their names begin like the file's.",
            "examples": [["srt", "sub"]],
        },
        "subdirs": {
            **text_or_list(type="string"),
            "title": "Folders",
            "description": "Folders beside the file where such files may be too.",
            "examples": [["Subs"]],
        },
    },
    "required": ["extensions"],
    "additionalProperties": False,
    "title": "Along",
    "description": "Files that go along with the entry's file.",
}

ALLOW_DIR: dict[str, Any] = {
    "type": "boolean",
    "title": "Folders",
    "description": "Whether folders are dealt with too (no).",
}

CLEAN_SOURCE: dict[str, Any] = {
    "type": "number",
    "title": "Clean up",
    "description": "Remove the folder that the file was in, with all that is left there, when that is less than this "
    "many MB.",
    "examples": [50],
}

STABLE_SECONDS = 1.0
UNPACK_LIMIT = 1800.0


@dataclass(frozen=True)
class Words:
    """How a plugin speaks of what it does."""

    verb: str
    done: str


class FilePlugin(Plugin):
    """Base: goes through the accepted entries; one that goes wrong fails or is warned of, the others go on."""

    words: ClassVar[Words]
    category = "output"

    def on_task_output(self, task: Task, config: Any) -> None:
        """Deal with the file of each accepted entry."""
        if config is False:
            return
        options = {} if config is True else config
        log = logging.getLogger(self.name)
        for entry in task.accepted:
            task.check_cancelled()
            if "location" not in entry:
                log.log(15, "%s has no field `location`: there is nothing to %s", entry["title"], self.words.verb)
                continue
            try:
                source = self.source(entry, options)
                self.handle(task, entry, source, options, log)
            except PluginWarning as warning:
                log.warning("%s", warning)
            except (OSError, shutil.Error) as error:
                entry.fail(f"cannot {self.words.verb} {entry['location']}: {error}")

    @staticmethod
    def source(entry: Entry, options: dict[str, Any]) -> Path:
        """The entry's file; raises ``PluginWarning`` where it is gone or a folder that must not be touched."""
        path = Path(str(entry["location"]))
        if not path.exists():
            raise PluginWarning(f"{path} does not exist (any more)")
        if path.is_dir() and not options.get("allow_dir"):
            raise PluginWarning(f"{path} is a folder; `allow_dir: yes` would allow it")
        if not path.is_dir() and not path.is_file():
            raise PluginWarning(f"{path} is no regular file")
        return path

    def handle(self, task: Task, entry: Entry, source: Path, options: dict[str, Any], log: logging.Logger) -> None:
        """Deal with one entry's file."""
        raise NotImplementedError


def companions(source: Path, options: dict[str, Any]) -> Iterator[Path]:
    """The files that go along with a file."""
    along = options.get("along")
    if not along or source.is_dir():
        return
    endings = tuple(f".{ending.lower().lstrip('.')}" for ending in as_list(along["extensions"]))
    wanted = {name.lower() for name in as_list(along.get("subdirs"))}
    folders = [source.parent]
    if wanted:
        folders += [item for item in sorted(source.parent.iterdir()) if item.is_dir() and item.name.lower() in wanted]
    for folder in folders:
        for item in sorted(folder.iterdir()):
            fits = item.name.lower().startswith(source.stem.lower()) and item.name.lower().endswith(endings)
            if fits and item != source and item.is_file():
                yield item


def clean_source(entry: Entry, source: Path, options: dict[str, Any], log: logging.Logger) -> None:
    """Remove the folder that a file was in when what is left in it is small.

    The file's own business is done by then: what goes wrong here is told and changes nothing about the entry.
    """
    limit = entry.get("clean_source", options.get("clean_source"))
    if isinstance(limit, (int, float)) and limit >= 0 and source.parent.is_dir():
        try:
            _clean(source.parent, Path(str(entry["location"])), limit, log)
        except OSError as error:
            log.warning("%s cannot be removed: %s", source.parent, error)


def _clean(folder: Path, target: Path, limit: float, log: logging.Logger) -> None:
    if target.exists() and folder.resolve() in target.resolve().parents:
        log.log(15, "%s stays: %s is in it", folder, target)
        return
    size = sum(item.lstat().st_size for item in folder.rglob("*") if item.is_file() or item.is_symlink()) / 1024**2
    if size > limit:
        log.log(15, "%s stays: %.1f MB are left in it, more than %s", folder, size, limit)
        return
    shutil.rmtree(folder)
    log.info("%s was removed: less than %s MB were left in it", folder, limit)


def wait_until_stable(task: Task, source: Path, log: logging.Logger) -> None:
    """Wait while a file grows (it is being unpacked or written), at most half an hour."""
    end = time.monotonic() + UNPACK_LIMIT
    while time.time() - source.stat().st_mtime < STABLE_SECONDS:
        size = source.stat().st_size
        task.sleep(STABLE_SECONDS)
        if source.stat().st_size == size:
            return
        log.log(15, "%s still grows; waiting for it", source)
        if time.monotonic() > end:
            raise PluginWarning(f"{source} did not stop growing")


class TransferPlugin(FilePlugin):
    """Base of ``move`` and ``copy``.

    The entry's field ``move_to`` / ``copy_to`` comes before the option ``to``; its ``filename`` is the new name where
    there is no ``rename``.
    """

    def handle(self, task: Task, entry: Entry, source: Path, options: dict[str, Any], log: logging.Logger) -> None:
        """Bring the entry's file to where it belongs."""
        try:
            target = self.target(task, entry, source, options)
        except (RenderError, OutsideError) as error:
            entry.fail(f"its target cannot be told: {error}")
            return
        if target == source or (target.exists() and target.samefile(source)):
            raise PluginWarning(f"{source} is where it belongs already")
        if source.is_dir() and source in target.parents:
            entry.fail(f"the folder {source} cannot be put into itself")
            return
        if source.is_file() and options.get("unpack_safety", entry.get("unpack_safety", True)):
            wait_until_stable(task, source, log)
        others = list(companions(source, options))
        if task.options.test:
            log.info("Would %s %s to %s", self.words.verb, source, target)
            return
        if not target.parent.is_dir():
            log.info("Creating the folder %s", target.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
        self.transfer(source, target)
        log.info("%s was %s to %s", source, self.words.done, target)
        for other in others:
            beside = target.with_name(target.stem + other.name[len(source.stem) :])
            self.transfer(other, beside)
            log.info("%s was %s to %s as well", other, self.words.done, beside)
        entry["old_location"] = entry["location"]
        entry["location"] = str(target)
        self.after(entry, source, options, log)

    def target(self, task: Task, entry: Entry, source: Path, options: dict[str, Any]) -> Path:
        """Where the file goes; raises ``RenderError``."""
        own = entry.get(f"{self.name}_to")
        place = own or options.get("to")
        folder = source.parent
        if place:
            # A field may hold a stranger's text already: no `..` of it counts as the user's own.
            written = str(place) if place is not own else str(own).replace("..", "")
            folder = chosen_folder(folder_text(entry.render(str(place))), written, task.services.home)
        name = source.name
        wanted = entry.render(options["rename"]) if options.get("rename") else entry.get("filename")
        if wanted:
            name = pathscrub(str(wanted), filename=True)
            if name in ("", ".", ".."):
                raise RenderError(f"{wanted!r} is no file name")
            if options.get("keep_extension", True) and source.is_file() and not name.endswith(source.suffix):
                name += source.suffix
        return folder / shorten_name(name)

    def transfer(self, source: Path, target: Path) -> None:
        """Bring one file or folder to its place."""
        raise NotImplementedError

    def after(self, entry: Entry, source: Path, options: dict[str, Any], log: logging.Logger) -> None:
        """What follows when all files are in place."""


def copy_into_place(source: Path, target: Path) -> None:
    """Copy under a hidden name first, so that what is half copied is never seen under its own."""
    partial = target.with_name(f".flexget-{os.getpid()}-{time.monotonic_ns()}.part")
    try:
        if source.is_dir():
            shutil.copytree(source, partial, symlinks=True)
        else:
            shutil.copy2(source, partial)
        partial.replace(target)
    except BaseException:
        _remove(partial)
        raise


def _remove(path: Path) -> None:
    """A file, or a folder with all that is in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def transfer_options(verb: str) -> dict[str, Any]:
    """Schema of the options that ``move`` and ``copy`` share."""
    return {
        "to": {
            "type": "string",
            "format": "path",
            "title": "To",
            "description": f"Folder to {verb} to; may hold {{{{ fields }}}}. Without it the folder stays.",
            "examples": ["/storage/tv/{{ series_name }}"],
        },
        "rename": {
            "type": "string",
            "title": "Rename",
            "description": "New name; may hold {{ fields }}. Without it the entry's `filename`, else the name stays.",
            "examples": ["{{ title }}"],
        },
        "keep_extension": {
            "type": "boolean",
            "title": "Keep the extension",
            "description": "Add the file's extension to a new name that lacks it (yes).",
        },
        "allow_dir": ALLOW_DIR,
        "unpack_safety": {
            "type": "boolean",
            "title": "Unpack safety",
            "description": "Wait while the file grows (yes).",
        },
        "along": ALONG,
    }
