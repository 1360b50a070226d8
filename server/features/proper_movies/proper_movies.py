"""``proper_movies``"""

from __future__ import annotations

from datetime import UTC, datetime

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.proper_movies.store import Download, ProperMovieStore
from server.parsing.timedelta import parse_timedelta
from server.plugins._grouping import proper_count
from server.plugins._quality import quality_of

_IDS = ("imdb_id", "tmdb_id", "trakt_movie_id")


class ProperMovies(Plugin):
    """Accepts a repaired release of a movie that was downloaded in the same quality, even though it was seen.

    Example::

        proper_movies: 7 days
    """

    schema = {
        "oneOf": [{"type": "boolean"}, {"type": "string", "format": "interval"}],
        "title": "Propers",
        "description": "How long after the download; `yes` is for good.",
        "examples": [True, "7 days"],
    }
    category = "filter"

    def on_task_filter(self, task: Task, config: bool | str) -> None:
        """Movies are known by their identifiers, or by name and year."""
        propers = [entry for entry in task.live if proper_count(entry) > 0]
        known = task.db.store(ProperMovieStore).known(name for entry in propers for name in _names(entry))
        for entry in propers if known else ():
            quality = str(quality_of(entry))
            before = next((known[name, quality] for name in _names(entry) if (name, quality) in known), None)
            if before is None or proper_count(entry) <= before.proper_count:
                continue
            if isinstance(config, str) and datetime.now(UTC) - before.added > parse_timedelta(config):
                continue
            entry["immortal"] = True  # the movie itself was seen, which others would reject it for
            entry.accept(f"it repairs {before.title!r}")

    def on_task_learn(self, task: Task, config: bool | str) -> None:
        """Remember the movies that are accepted."""
        downloads = [
            Download(name, str(quality_of(entry)), entry["title"], proper_count(entry))
            for entry in task.accepted
            for name in _names(entry)
        ]
        task.db.store(ProperMovieStore).learn(downloads)


def _names(entry: Entry) -> list[str]:
    """All that the movie is known by."""
    found = [f"{field} {entry.get(field)}" for field in _IDS if entry.get(field)]
    if entry.get("movie_name"):
        found.append(f"{entry['movie_name']} {entry.get('movie_year') or ''}".strip().lower())
    return found
