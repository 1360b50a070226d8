"""``series_premiere``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.series._matching import guessed, match_guessed
from server.features.series._schema import options_schema
from server.features.series.store import SeriesStore
from server.parsing.names import normalize_name
from server.parsing.series import SeriesParse

_OWN = ("allow_seasonless", "allow_teasers")


class SeriesPremiere(Plugin):
    """Accepts the first episodes of shows that are not configured; takes the options of ``series``.

    Example::

        series_premiere:
          quality: 720p+
          path: ~/tv/new/
    """

    schema = {
        "anyOf": [
            {"type": "boolean"},
            options_schema(
                allow_seasonless={
                    "type": "boolean",
                    "title": "Without season",
                    "description": "Whether `Part 1` or `Episode 1` without a season is a premiere too.",
                    "examples": [True],
                },
                allow_teasers={
                    "type": "boolean",
                    "title": "Teasers",
                    "description": "Whether `S01E00` is a premiere too; it is unless this says `no`.",
                    "examples": [False],
                },
            ),
        ],
        "title": "Series premiere",
        "description": "`yes`, or the options that the premieres get.",
        "examples": [True, {"quality": "720p+"}],
    }
    category = "metainfo"

    @priority(115)
    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Hands the premieres to ``series``, and rejects later episodes of the same shows."""
        if config is False:
            return
        options = dict(config) if isinstance(config, dict) else {}
        teasers = options.get("allow_teasers", True)
        parses = _unfollowed(task, guessed(task, options.get("allow_seasonless", False)))
        premieres = {entry: parse for entry, parse in parses.items() if _is_premiere(parse, teasers)}
        shows = {normalize_name(parse.name) for parse in premieres.values()}
        for entry, parse in parses.items():
            if entry not in premieres and normalize_name(parse.name) in shows:
                entry.reject(f"{parse.identifier} is no premiere of {parse.name}")
        wanted = {"identified_by": "ep", **{name: value for name, value in options.items() if name not in _OWN}}
        also = {entry: parse for entry, parse in parses.items() if normalize_name(parse.name) in shows}
        match_guessed(task, also, wanted)


def _unfollowed(task: Task, parses: dict[Entry, SeriesParse]) -> dict[Entry, SeriesParse]:
    """Without the shows that ``series`` follows in some task."""
    store = task.db.store(SeriesStore)
    known = store.shows_by_name({normalize_name(parse.name) for parse in parses.values()})
    tasks = store.tasks(show.id for show in known.values())
    followed = {name for name, show in known.items() if show.id in tasks}
    return {entry: parse for entry, parse in parses.items() if normalize_name(parse.name) not in followed}


def _is_premiere(parse: SeriesParse, teasers: bool) -> bool:
    if parse.id_type != "ep" or parse.season_pack or parse.season != 1:
        return False
    return parse.episode == 1 or (teasers and parse.episode == 0)
