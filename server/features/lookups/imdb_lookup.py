"""``imdb_lookup``"""

from __future__ import annotations

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.lookups import imdb_titles
from server.features.lookups._lazy import Asked, Fields, is_show, movie_named


class ImdbLookup(Plugin):
    """Gives entries what IMDb knows of their movie, as fields that are looked up when something asks for them.

    By `imdb_id` or `imdb_url` where an entry has one, else by name and year. Sets `imdb_name`, `imdb_year`,
    `imdb_score`, `imdb_votes`, `imdb_genres`, `imdb_actors` and more, and `movie_name` and `movie_year`.

    Example::

        imdb_lookup: yes
    """

    schema = {
        "type": "boolean",
        "title": "IMDb",
        "description": "Whether entries get the fields of IMDb.",
        "examples": [True],
    }
    category = "metainfo"

    @priority(130)
    def on_task_metainfo(self, task: Task, config: bool) -> None:
        """Shows without an id of IMDb are none of its movies."""
        if config:
            asked = Asked.of(task, self)
            movies = [entry for entry in task.entries if not is_show(entry) or known_imdb_id(entry)]
            asked.fill(movies, imdb_titles.FIELDS, lambda entry: film_of(asked, entry))


def known_imdb_id(entry: Entry) -> str | None:
    """The number of a title, where an entry knows it or its address already."""
    names = ("imdb_id", "imdb_url")
    return next((found for name in names if (found := imdb_titles.id_in(entry.get(name, None, False)))), None)


def film_of(asked: Asked, entry: Entry) -> Fields:
    """All that IMDb knows of an entry's movie."""
    imdb_id, named = asked.question(entry, lambda entry: (known_imdb_id(entry), movie_named(entry)))
    found = imdb_id or asked.once("imdb", named, lambda sites: imdb_titles.find(sites, *named))
    return asked.once("imdb_titles", found, lambda sites: imdb_titles.film(sites, found))
