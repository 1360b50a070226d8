"""``/movie_list/``: lists of movies."""

from __future__ import annotations

from typing import Any

from server.features.entry_list._resources import IDS, LIST, NEW_LIST, NamedLists, shown_list
from server.features.movie_list.store import IDENTIFIERS, Movie, MovieListStore
from server.storage.named_lists import ListConflict
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Page,
    PageQuery,
    Paginated,
    Shape,
    Text,
    array,
    delete,
    get,
    obj,
    post,
    put,
    success,
)
from server.web.errors import BadRequest, Conflict, NotFound
from server.web.shapes import DATE_OR_NULL, INTEGER, INTEGER_OR_NULL, NAMES, TEXT

GROUPS = ("movie_list",)
PAGES = Paginated(sort_by=("id", "added", "title", "year"), default="title")

MOVIE = Shape(
    "movie",
    obj(
        {
            "id": INTEGER,
            "list_id": INTEGER,
            "added_on": DATE_OR_NULL,
            "title": TEXT,
            "year": INTEGER_OR_NULL,
            "movies_list_ids": array(
                obj(
                    {
                        "id": INTEGER,
                        "added_on": DATE_OR_NULL,
                        "id_name": TEXT,
                        "id_value": TEXT,
                        "movie_id": INTEGER,
                    }
                )
            ),
        }
    ),
)
GIVEN_IDS = array({"type": "object", "minProperties": 1, "additionalProperties": True})
NEW_MOVIE = Shape(
    "new_movie",
    obj(
        {
            "movie_name": {"type": "string", "minLength": 1},
            # FlexGet's own web UI sends an empty text for no year
            "movie_year": {"type": ["integer", "string"], "minimum": -(2**31), "maximum": 2**31 - 1, "maxLength": 0},
            "movie_identifiers": GIVEN_IDS,
        },
        required=["movie_name"],
        extra=True,
    ),
)


class _Movies(NamedLists):
    tag = "movie_list"
    store_class = MovieListStore

    @property
    def store(self) -> MovieListStore:
        """The lists."""
        return self.services.db.store(MovieListStore)

    def found_movie(self, list_id: int, movie_id: int) -> Movie:
        """The movie, or a 404."""
        found = self.store.movie(list_id, movie_id)
        if found is None:
            raise NotFound(f"could not find movie with id {movie_id} in list {list_id}")
        return found


def shown_movie(movie: Movie) -> dict[str, Any]:
    """A movie as the API tells it."""
    return {
        "id": movie.id,
        "list_id": movie.list_id,
        "added_on": movie.added,
        "title": movie.title,
        "year": movie.year,
        "movies_list_ids": [
            {
                "id": item.id,
                "added_on": item.added,
                "id_name": item.id_name,
                "id_value": item.id_value,
                "movie_id": item.movie_id,
            }
            for item in movie.ids
        ],
    }


def given_ids(items: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Posted identifiers as pairs; only known names are taken, others are a 400."""
    pairs = []
    for item in items:
        for name, value in item.items():
            if name not in IDENTIFIERS:
                allowed = ", ".join(IDENTIFIERS)
                raise BadRequest(f"movie identifier {item!r} is not allowed; allowed are {allowed}")
            if not isinstance(value, (str, int)) or isinstance(value, bool):
                raise BadRequest(f"movie identifier {name} must be a text or a number")
            pairs.append((name, str(value)))
    return list(dict.fromkeys(pairs))


class MovieLists(_Movies):
    """All movie lists."""

    @get("List the movie lists", query=[Text("name", "part of the name")], returns=array(LIST), groups=GROUPS)
    def lists(self, name: str | None) -> list[dict[str, Any]]:
        """All, or those whose name holds a text."""
        return self.all_lists(name)

    @post("Create a movie list", body=NEW_LIST, returns=LIST, status=201, errors=(409,))
    def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """Names compare without case."""
        return self.add_list(body)


class Identifiers(_Movies):
    """Names of identifiers."""

    @get("List the names of identifiers that movies can have", returns=NAMES, instant=True)
    def identifiers(self) -> list[str]:
        """Those that are taken by the other paths."""
        return list(IDENTIFIERS)


class OneMovieList(_Movies):
    """One movie list."""

    @get("Show a movie list", returns=LIST, errors=(404,), groups=GROUPS)
    def show_list(self, list_id: int) -> dict[str, Any]:
        """By its id."""
        return shown_list(self.found_list(list_id))

    @delete("Delete a movie list", returns=SUCCESS, errors=(404,))
    def remove(self, list_id: int) -> Answer:
        """With everything on it."""
        return self.delete_list(list_id)


class Movies(_Movies):
    """What is on a movie list."""

    @get("List the movies of a list", paginated=PAGES, returns=array(MOVIE), errors=(404,), groups=GROUPS)
    def movies(self, list_id: int, page: PageQuery) -> Page:
        """One page."""
        self.found_list(list_id)
        rows, total = self.store.page(
            list_id, sort_by=page.sort_by, descending=page.descending, limit=page.limit, offset=page.offset
        )
        return Page([shown_movie(row) for row in rows], total)

    @post("Add a movie to a list", body=NEW_MOVIE, returns=MOVIE, status=201, errors=(404, 409))
    def add(self, list_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """A movie of the same title and year is a conflict."""
        self.found_list(list_id)
        ids = given_ids(body.get("movie_identifiers", []))
        try:
            return shown_movie(self.store.add(list_id, body["movie_name"], body.get("movie_year") or None, ids))
        except ListConflict as error:
            raise Conflict(str(error)) from None


class MoviesBatch(_Movies):
    """Several movies of a list at once."""

    @delete("Remove several movies of a list", body=IDS, status=204, errors=(404,))
    def remove(self, list_id: int, body: dict[str, Any]) -> Answer:
        """Ids that are not on the list are passed over."""
        return self.delete_items(list_id, body)


class OneMovie(_Movies):
    """One movie of a list."""

    @get("Show a movie of a list", returns=MOVIE, errors=(404,), groups=GROUPS)
    def movie(self, list_id: int, movie_id: int) -> dict[str, Any]:
        """By its id."""
        return shown_movie(self.found_movie(list_id, movie_id))

    @put("Replace a movie's identifiers", body=GIVEN_IDS, returns=MOVIE, errors=(400, 404))
    def replace(self, list_id: int, movie_id: int, body: list[dict[str, Any]]) -> dict[str, Any]:
        """The body is the bare list."""
        self.found_movie(list_id, movie_id)
        changed = self.store.set_ids(list_id, movie_id, given_ids(body))
        return shown_movie(changed or self.found_movie(list_id, movie_id))

    @delete("Remove a movie of a list", returns=SUCCESS, errors=(404,))
    def remove(self, list_id: int, movie_id: int) -> Answer:
        """By its id."""
        self.store.remove(list_id, [self.found_movie(list_id, movie_id).id])
        return success(f"successfully deleted movie {movie_id}")
