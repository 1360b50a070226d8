"""``symlink``"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.log import VERBOSE
from server.engine.paths import OutsideError, chosen_folder, pathscrub
from server.engine.plugin import Plugin, priority
from server.engine.task import Task

logger = logging.getLogger("symlink")


class Symlink(Plugin):
    """Makes links to the files (or folders) of accepted entries.

    Example::

        symlink:
          to: /media/films
          rename: "{{ movie_name }} ({{ movie_year }}).mkv"
          link_type: hard
    """

    schema = {
        "oneOf": [
            {"type": "string", "format": "path"},
            {
                "type": "object",
                "properties": {
                    "to": {
                        "type": "string",
                        "format": "path",
                        "title": "To",
                        "description": "Folder of the links; may be a template.",
                        "examples": ["/media/films"],
                    },
                    "rename": {
                        "type": "string",
                        "title": "Name",
                        "description": "Template of a link's name (the file's own name).",
                        "examples": ["{{ title }}.mkv"],
                    },
                    "existing": {
                        "enum": ["ignore", "fail"],
                        "default": "fail",
                        "title": "Existing",
                        "description": "What to do when there is something of that name.",
                    },
                    "link_type": {
                        "enum": ["soft", "hard"],
                        "default": "soft",
                        "title": "Kind",
                        "description": "Symbolic links, or hard links (of folders: of each file in them).",
                    },
                },
                "required": ["to"],
                "additionalProperties": False,
            },
        ],
        "title": "Links",
        "description": "The folder of the links, or options.",
        "examples": ["/media/films"],
    }
    category = "output"

    @priority(0)
    def on_task_output(self, task: Task, config: Any) -> None:
        """A link for each accepted entry."""
        options = {"to": config} if isinstance(config, str) else config
        for entry in task.accepted:
            if "location" not in entry:
                entry.fail("it has no field `location`: there is nothing to link to")
                continue
            try:
                self._link(task, entry, options)
            except (OSError, RenderError, OutsideError) as error:
                entry.fail(f"no link could be made: {error}")

    def _link(self, task: Task, entry: Entry, options: dict[str, str]) -> None:
        source = Path(str(entry["location"]))
        name = entry.render(options["rename"]) if options.get("rename") else source.name
        folder = chosen_folder(entry.render(options["to"]), options["to"], task.services.home)
        link = folder / pathscrub(name, filename=True)
        if link.exists() or link.is_symlink():
            if options.get("existing", "fail") == "fail":
                entry.fail(f"there is {link} already")
            return
        logger.log(VERBOSE, "%s will be a link to %s", link, source)
        if task.options.test:
            return
        link.parent.mkdir(parents=True, exist_ok=True)
        if options.get("link_type", "soft") == "soft":
            link.symlink_to(source, target_is_directory=source.is_dir())
        elif source.is_dir():
            _link_files(source, link)
        else:
            os.link(source, link)
        entry["link"] = str(link)


def _link_files(source: Path, target: Path) -> None:
    for folder, _, files in os.walk(source):
        place = target / Path(folder).relative_to(source)
        place.mkdir(parents=True, exist_ok=True)
        for file in files:
            os.link(Path(folder) / file, place / file)
