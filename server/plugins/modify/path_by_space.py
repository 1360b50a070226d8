"""``path_by_space``"""

from __future__ import annotations

import logging
import random
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from server.engine.errors import PluginError
from server.engine.log import VERBOSE
from server.engine.paths import from_home
from server.engine.plugin import NOWHERE, Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.parsing.size import config_size, size_text

logger = logging.getLogger("path_by_space")


class Space(NamedTuple):
    """How full the disk of a folder is, in bytes."""

    path: str
    free: int
    used: int
    total: int

    def percent(self, part: int) -> float:
        """A part of the whole disk."""
        return 100 * part / self.total if self.total else 0.0


ORDERS: dict[str, Callable[[Space], float]] = {
    "most_free": lambda space: space.free,
    "most_used": lambda space: space.used,
    "most_free_percent": lambda space: space.percent(space.free),
    "most_used_percent": lambda space: space.percent(space.used),
}


class PathBySpace(Plugin):
    """Sets a path by how much room the disks have.

    Example::

        path_by_space:
          select: most_free
          within: 50 GB
          paths:
            - /storage1/films
            - /storage2/films
    """

    schema = {
        "type": "object",
        "properties": {
            "select": {
                "type": "string",
                "enum": list(ORDERS),
                "title": "Select",
                "description": "Which folder is taken: by free or used room of its disk, in bytes or in percent of it.",
                "examples": ["most_free"],
            },
            "within": {
                "anyOf": [{"type": "string", "format": "size"}, {"type": "string", "format": "percent"}],
                "title": "Within",
                "description": "Folders that come as near to the best count as good as that; one of them is drawn.",
                "examples": ["50 GB", "5%"],
            },
            "paths": {
                **text_or_list(type="string", format="path"),
                "title": "Folders",
                "description": "Folders to choose from.",
                "examples": [["/storage1/films", "/storage2/films"]],
            },
            "to_field": {
                "type": "string",
                "default": "path",
                "title": "Field",
                "description": "The field that is set.",
                "examples": ["path"],
            },
        },
        "required": ["paths", "select"],
        "additionalProperties": False,
    }
    category = "modify"
    acts_in = NOWHERE

    @priority(250)
    def on_task_metainfo(self, task: Task, config: dict[str, Any]) -> None:
        """The same folder for all entries of a run."""
        chosen = choose(_spaces(as_list(config["paths"]), task.services.home), config["select"], config.get("within"))
        logger.log(VERBOSE, "%s is taken: %s are free", chosen.path, size_text(chosen.free))
        for entry in task.entries:
            entry[config.get("to_field", "path")] = chosen.path


def choose(spaces: list[Space], select: str, within: str | None = None) -> Space:
    """The best folder, the first of equals; with ``within`` one of those that are as near to it."""
    if not spaces:
        raise PluginError("none of the folders in `paths` is there")
    value_of = ORDERS[select]
    best = max(spaces, key=value_of)
    if within is None:
        return best
    limit = _limit(within, best, select)
    near = [space for space in spaces if value_of(best) - value_of(space) <= limit]
    return random.choice(near)  # noqa: S311


def _limit(within: str, best: Space, select: str) -> float:
    """How far from the best a folder may be, in the unit of the order; raises :class:`PluginError`."""
    text = within.strip()
    in_percent = select.endswith("_percent")
    try:
        if text.endswith("%"):
            share = float(text[:-1])
            return share if in_percent else best.total * share / 100
        amount = config_size(text)
    except ValueError as error:
        raise PluginError(f"`within` of path_by_space: {within!r} is neither a size nor a percentage") from error
    return best.percent(amount) if in_percent else amount


def _spaces(paths: Iterable[str], home: Path) -> list[Space]:
    found = []
    for path in paths:
        try:
            usage = shutil.disk_usage(from_home(path, home))
        except OSError as error:
            logger.warning("The room in %s cannot be told, it is left out: %s", path, error.strerror or error)
            continue
        found.append(Space(path, usage.free, usage.used, usage.total))
    return found
