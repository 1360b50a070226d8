"""``download``"""

from __future__ import annotations

import filecmp
import logging
import os
import shutil
import time
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.paths import OutsideError, chosen_folder, confined, folder_text, from_home, pathscrub, shorten_name
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.outputs._fetch import fetch

logger = logging.getLogger("download")


TEST_NAME = "TEST_MODE_NO_OUTPUT"
"""What `location` names in a test run, in which nothing is saved."""


class Download(Plugin):
    """Saves what accepted entries stand for.

    An entry's field ``path`` comes before the option; ``filename`` names the file. A file is written under a temporary
    name and appears under its own when it is whole. ``location`` holds the path in the end.

    Example::

        download:
          path: /storage/watch/{{ series_name }}
          fail_html: yes
    """

    schema = {
        "oneOf": [
            {"type": "string", "format": "path", "title": "Folder"},
            {"type": "boolean", "enum": [True], "title": "Into each entry's path"},
            {
                "type": "object",
                "properties": {
                    "path": {
                        "type": "string",
                        "format": "path",
                        "title": "Folder",
                        "description": "Where to; may hold {{ fields }}.",
                        "examples": ["/storage/watch/{{ series_name }}"],
                    },
                    "filename": {
                        "type": "string",
                        "title": "File name",
                        "description": "Name for the files; may hold {{ fields }}.",
                        "examples": ["{{ title }}.torrent"],
                    },
                    "fail_html": {
                        "type": "boolean",
                        "default": True,
                        "title": "Fail at HTML",
                        "description": "Whether an entry fails when a web page comes instead of a file.",
                    },
                    "overwrite": {
                        "type": "boolean",
                        "default": False,
                        "title": "Overwrite",
                        "description": "Whether another file of the same name is replaced; else the entry fails.",
                    },
                    "require_content": {
                        "type": "boolean",
                        "default": True,
                        "title": "Require content",
                        "description": "Whether an entry fails when there is nothing to save for it.",
                    },
                    "temp": {
                        "type": "string",
                        "format": "path",
                        "title": "Temporary folder",
                        "description": "Where files are until they are whole; `temp` in the config's folder.",
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Download",
        "description": "The folder, `yes` where each entry has a `path`, or options.",
        "examples": ["/storage/watch", {"path": "/storage/watch/{{ series_name }}", "overwrite": True}],
    }
    category = "output"

    @staticmethod
    def options(task: Task, config: Any) -> dict[str, Any]:
        """The configuration in its long form, with the command line's ``--dl-path`` in place of the folder."""
        options = {"path": config} if isinstance(config, str) else dict(config) if isinstance(config, dict) else {}
        if task.options.dl_path:
            options["path"] = task.options.dl_path
        return options

    def on_task_download(self, task: Task, config: Any) -> None:
        """Fetch into temporary files."""
        options = self.options(task, config)
        wanted = []
        for entry in task.accepted:
            if not entry.get("path") and not options.get("path"):
                entry.fail("no path is set for it, neither in the entry nor in `download`")
            else:
                wanted.append(entry)
        temp = from_home(options["temp"], task.services.home) if options.get("temp") else None
        fetch(task, wanted, temp=temp, fail_html=options.get("fail_html", True))

    def on_task_output(self, task: Task, config: Any) -> None:
        """Put the files where they belong."""
        options = self.options(task, config)
        for entry in task.accepted:
            task.check_cancelled()
            if "file" not in entry and not task.options.test:
                if options.get("require_content", True):
                    entry.fail("there is nothing to save for it")
                continue
            try:
                if task.options.test:
                    entry["location"] = str(self._target(task, entry, options).with_name(TEST_NAME))
                else:
                    self._save(task, entry, options)
            except OutsideError as error:
                entry.fail(f"it was not saved: {error}")
            except RenderError as error:
                entry.fail(f"where to save it cannot be told: {error}")
            except OSError as error:
                entry.fail(f"it cannot be saved: {error}")
            finally:
                if "file" in entry:
                    Path(str(entry.pop("file"))).unlink(missing_ok=True)

    def _save(self, task: Task, entry: Entry, options: dict[str, Any]) -> None:
        source = Path(str(entry["file"]))
        if not source.is_file():
            entry.fail("its downloaded file is gone")
            return
        target = self._target(task, entry, options)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            entry.fail(f"{target} is a folder")
            return
        if target.exists() and not options.get("overwrite"):
            if not filecmp.cmp(source, target, shallow=False):
                entry.fail(f"{target} exists already and holds something else; `overwrite: yes` would replace it")
                return
            logger.log(15, "%s exists already with the same content", target)
        else:
            move_into_place(source, target)
        entry["location"] = str(target)

    @staticmethod
    def _target(task: Task, entry: Entry, options: dict[str, Any]) -> Path:
        own = entry.get("path")
        template = str(own or options["path"])
        rendered = folder_text(entry.render(template))
        # A field may hold a stranger's text already: no `..` of it counts as the user's own.
        folder = chosen_folder(rendered, template.replace("..", "") if own else template, task.services.home)
        if options.get("filename"):
            entry["filename"] = entry.render(options["filename"])
        name = shorten_name(pathscrub(str(entry.get("filename") or entry["title"]), filename=True))
        if name in ("", ".", ".."):
            raise RenderError(f"{name!r} is no file name")
        return confined(folder, name)


def move_into_place(source: Path, target: Path) -> None:
    """Give a finished file its name; over the border of a file system under a hidden name first."""
    mode = 0o666 & ~_umask()
    try:
        source.chmod(mode)
        source.replace(target)
        return
    except OSError:
        partial = target.with_name(f".flexget-{os.getpid()}-{time.monotonic_ns()}.part")
    try:
        with source.open("rb") as read, partial.open("wb") as written:
            shutil.copyfileobj(read, written, 1024 * 1024)
            written.flush()
            os.fsync(written.fileno())
        partial.chmod(mode)
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process's mask for new files (which can only be asked for by setting it; done once)."""
    global _UMASK
    if _UMASK is None:
        _UMASK = os.umask(0o077)
        os.umask(_UMASK)
    return _UMASK


_UMASK: int | None = None
