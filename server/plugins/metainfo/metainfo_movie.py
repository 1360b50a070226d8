"""``metainfo_movie``"""

from __future__ import annotations

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.parsing.movies import parse_movie
from server.plugins._parsers import MovieParser, parsers_of


class MetainfoMovie(Plugin):
    """Reads name and year of a movie from titles, into ``movie_name`` and ``movie_year``.

    Example::

        metainfo_movie: yes
    """

    schema = {"type": "boolean", "title": "Movie fields", "description": "Whether to read them.", "examples": [True]}
    category = "metainfo"

    def on_task_metainfo(self, task: Task, config: bool) -> None:
        """Entries that have a movie's name already keep it."""
        if config is False:
            return
        parser = parsers_of(task).movie
        for count, entry in enumerate(task.entries):
            if count % 256 == 0:
                task.check_cancelled()
            guess(entry, parser)


def guess(entry: Entry, parser: MovieParser = parse_movie) -> bool:
    """Set the fields of the movie that a title names; False where it names none, or one is known already."""
    if entry.get("movie_name", None, False):
        return False
    parse = parser(entry["title"])
    if not parse.valid:
        return False
    fields = parse.fields()
    if entry.get("quality", None, False):
        del fields["quality"]
    entry.update(fields)
    return True
