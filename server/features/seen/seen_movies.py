"""``seen_movies``"""

from __future__ import annotations

from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.seen.seen import learn, reject_known

FIELDS = ("imdb_id", "tmdb_id", "trakt_movie_id")
"""Identifiers of movies."""


class SeenMovies(Plugin):
    """Rejects movies that were accepted before, by their identifiers.

    Example::

        seen_movies: strict
    """

    schema = {
        "oneOf": [
            {"type": "string", "enum": ["strict", "loose"]},
            {
                "type": "object",
                "properties": {
                    "scope": {
                        "type": "string",
                        "enum": ["global", "local"],
                        "title": "Scope",
                        "description": "`local`: only this task's own past counts.",
                        "examples": ["local"],
                    },
                    "matching": {
                        "type": "string",
                        "enum": ["strict", "loose"],
                        "title": "Matching",
                        "description": "`strict` rejects what has no identifier.",
                        "examples": ["strict"],
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Seen movies",
        "description": "`strict` rejects what has no identifier, `loose` lets it be.",
        "examples": ["strict", {"scope": "local", "matching": "strict"}],
    }
    category = "filter"

    @priority(-255)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """After all others have decided; of two equal movies in this run the first stays."""
        strict, local = _read(config)
        entries = []
        for entry in task.accepted:
            if _ids(entry):
                entries.append(entry)
            elif strict:
                entry.reject("it has no movie identifier (strict)")
        reject_known(task, entries, FIELDS, local)
        taken: dict[str, Entry] = {}
        for entry in entries:
            if not entry.accepted:
                continue
            ids = _ids(entry)
            other = next((taken[value] for value in ids if value in taken), None)
            if other is not None:
                entry.reject(f"{other['title']!r} in this run is the same movie")
            else:
                taken.update(dict.fromkeys(ids, entry))

    def on_task_learn(self, task: Task, config: Any) -> None:
        """Remember the identifiers of what is accepted."""
        learn(task, [entry for entry in task.accepted if _ids(entry)], FIELDS, _read(config)[1])


def _read(config: Any) -> tuple[bool, bool]:
    """Strict, local."""
    if isinstance(config, dict):
        return config.get("matching") == "strict", config.get("scope") == "local"
    return config == "strict", False


def _ids(entry: Entry) -> list[str]:
    return [str(value) for value in map(entry.get, FIELDS) if value]
