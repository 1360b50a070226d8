"""``exists_series``"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.paths import from_home
from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.features.series._config import read_show
from server.features.series._index import ShowIndex
from server.parsing.names import normalize_name
from server.parsing.series import SeriesParse
from server.plugins._parsers import SeriesParser, parsers_of
from server.plugins._quality import quality_of

logger = logging.getLogger("exists_series")

_PATHS = text_or_list(type="string", format="path")


class ExistsSeries(Plugin):
    """Rejects episodes that are in a folder already, by the names of its files and folders.

    Example::

        exists_series: /storage/tv/{{ series_name }}

    or::

        exists_series:
          path: /storage/tv
          recursive: yes
          allow_different_qualities: better
    """

    schema = {
        "anyOf": [
            _PATHS,
            {
                "type": "object",
                "properties": {
                    "path": {
                        **_PATHS,
                        "title": "Folders",
                        "description": "Where episodes are; `{{ series_name }}` and other fields are filled in.",
                        "examples": ["/storage/tv"],
                    },
                    "allow_different_qualities": {
                        "enum": ["better", True, False],
                        "title": "Other qualities",
                        "description": "Whether an episode is accepted in another quality, or only in a better one.",
                        "examples": ["better"],
                    },
                    "recursive": {
                        "type": "boolean",
                        "title": "Folders within",
                        "description": "Whether folders inside of the folders are looked into.",
                        "examples": [True],
                    },
                },
                "required": ["path"],
                "additionalProperties": False,
            },
        ],
        "title": "Exists",
        "description": "A folder, several, or options.",
        "examples": ["/storage/tv", {"path": "/storage/tv", "recursive": True}],
    }
    category = "filter"

    @priority(-1)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Each folder is read once and its names are looked up in a table of the shows that are wanted."""
        options = config if isinstance(config, dict) else {"path": config}
        wanted = [entry for entry in task.accepted if entry.get("series_name") and entry.get("series_id")]
        by_folder: dict[str, list[Entry]] = {}
        for entry in wanted:
            for path in as_list(options["path"]):
                for folder in _rendered(entry, path):
                    by_folder.setdefault(folder, []).append(entry)
        parser = parsers_of(task).series
        for folder, entries in by_folder.items():
            task.check_cancelled()
            place = from_home(folder, task.services.home)
            found = _episodes(place, entries, parser, recursive=bool(options.get("recursive")))
            for entry in entries:
                for there in found.get(normalize_name(str(entry["series_name"])), ()):
                    if entry.accepted:
                        _compare(entry, there, options.get("allow_different_qualities", False))


def _rendered(entry: Entry, path: str) -> list[str]:
    try:
        return [entry.render(path)]
    except RenderError as error:
        logger.warning("%s: the path %r cannot be filled in: %s", entry["title"], path, error)
        return []


def _episodes(
    folder: Path, entries: list[Entry], parser: SeriesParser, *, recursive: bool
) -> dict[str, list[SeriesParse]]:
    """The episodes in a folder by the normalized names of their shows."""
    shows = {}
    for entry in entries:
        by = entry.get("series_id_type")
        options = {"identified_by": by} if by in ("ep", "date", "sequence", "id") else {}
        shows[normalize_name(str(entry["series_name"]))] = read_show(str(entry["series_name"]), options)
    index = ShowIndex(list(shows.values()), parser)
    found: dict[str, list[SeriesParse]] = {}
    for name in _names(folder, recursive):
        hit = index.find(name)
        if hit is not None:
            found.setdefault(hit[0].normalized, []).append(hit[1])
    return found


def _names(folder: Path, recursive: bool) -> Iterator[str]:
    if not folder.is_dir():
        logger.warning("%s is no folder", folder)
        return
    for _, folders, files in os.walk(folder):
        yield from folders
        yield from files
        if not recursive:
            return


def _compare(entry: Entry, there: SeriesParse, others: bool | str) -> None:
    if there.identifiers[0] not in (entry["series_id"], *_range(entry)):
        return
    quality = quality_of(entry)
    if (others is True and quality != there.quality) or (others == "better" and quality > there.quality):
        return
    if entry.get("proper_count", 0) > there.proper_count and (others is False or quality == there.quality):
        return
    entry.reject(f"{there.identifier} is there already, in {there.quality}: {there.title}")


def _range(entry: Entry) -> list[str]:
    season, first, count = entry.get("series_season"), entry.get("series_episode"), entry.get("series_episodes") or 1
    if entry.get("series_id_type") != "ep" or season is None or first is None:
        return []
    return [f"S{season:02}E{first + more:02}" for more in range(count)]
