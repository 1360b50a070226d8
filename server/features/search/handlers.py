"""``/search/``: one field for tasks, shows, lists and entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import quote

from server.features.entry_list.store import EntryListStore
from server.features.history.store import HistoryStore
from server.features.movie_list.store import MovieListStore
from server.features.pending_list.store import PendingListStore
from server.features.runs.store import RunStore, Wanted
from server.features.series.store import SeriesStore
from server.parsing.names import normalize_name
from server.storage.named_lists import NamedListStore
from server.storage.words import MOST_WORDS, words_of
from server.web.endpoint import Integer, Resource, Shape, Text, array, get, obj
from server.web.errors import QueryInvalid
from server.web.shapes import DATE_OR_NULL, TEXT, TEXT_OR_NULL

KINDS = ("task", "show", "list", "list_entry", "movie", "accepted", "entry")

FOUND = Shape(
    "found",
    obj(
        {
            "kind": {"type": "string", "enum": list(KINDS)},
            "title": TEXT,
            "detail": {**TEXT_OR_NULL, "description": "the list, the task, the reason ..."},
            "path": {"type": "string", "description": "where the API tells more, below `/api`"},
            "when": DATE_OR_NULL,
        }
    ),
)


class Search(Resource):
    """Everything."""

    tag = "search"

    @get(
        "Search in tasks, shows, lists and entries",
        query=[
            Text("q", "words that all must be there, in any order and case", required=True),
            Text("kinds", f"only these, with commas between them: {', '.join(KINDS)}"),
            Integer("limit", "results of each kind", default=10, minimum=1, cap=100),
        ],
        returns=array(FOUND),
        groups=("config", "series", "entry_list", "pending_list", "movie_list", "history", "runs"),
    )
    def search(self, q: str, kinds: str | None, limit: int) -> list[dict[str, Any]]:
        """Kind after kind. `accepted` are entries of the history, `entry` those of each task's latest run."""
        words = words_of(q)
        if not words:
            raise QueryInvalid({"q": "expected a word at least"})
        finders: dict[str, Callable[[str, list[str], int], Iterator[dict[str, Any]]]] = {
            "task": self._tasks,
            "show": self._shows,
            "list": self._lists,
            "list_entry": self._list_entries,
            "movie": self._movies,
            "accepted": self._accepted,
            "entry": self._entries,
        }
        return [found for kind in _kinds(kinds) for found in islice(finders[kind](q, words, limit), limit)]

    def _tasks(self, text: str, words: list[str], limit: int) -> Iterator[dict[str, Any]]:
        for name in self.services.config.task_names(hidden=True):
            if _holds(name, words):
                yield _found("task", name, f"/tasks/{quote(name, safe='')}/")

    def _shows(self, text: str, words: list[str], limit: int) -> Iterator[dict[str, Any]]:
        store = self.services.db.store(SeriesStore)
        found = [store.search(word) for word in normalize_name(text).split()[:MOST_WORDS]]
        common = set.intersection(*({show.id for show in shows} for shows in found)) if found else set()
        for show in found[0] if found else ():
            if show.id in common:
                yield _found("show", show.name, f"/series/{show.id}/")

    def _lists(self, text: str, words: list[str], limit: int) -> Iterator[dict[str, Any]]:
        kinds: tuple[type[NamedListStore], ...] = (EntryListStore, PendingListStore, MovieListStore)
        for kind in kinds:
            for one in self.services.db.store(kind).lists():
                if _holds(one.name, words):
                    yield _found("list", one.name, f"/{kind.schema.name}/{one.id}/", when=one.added)

    def _list_entries(self, text: str, words: list[str], limit: int) -> Iterator[dict[str, Any]]:
        for kind in (EntryListStore, PendingListStore):
            store = self.services.db.store(kind)
            found = store.search(text, limit=limit)
            names = {one.id: one.name for one in store.lists()} if found else {}
            for entry in found:
                path = f"/{kind.schema.name}/{entry.list_id}/entries/{entry.id}/"
                yield _found("list_entry", entry.title, path, names.get(entry.list_id), entry.added)

    def _movies(self, text: str, words: list[str], limit: int) -> Iterator[dict[str, Any]]:
        store = self.services.db.store(MovieListStore)
        found = store.search(text, limit=limit)
        names = {one.id: one.name for one in store.lists()} if found else {}
        for movie in found:
            title = f"{movie.title} ({movie.year})" if movie.year else movie.title
            path = f"/movie_list/{movie.list_id}/movies/{movie.id}/"
            yield _found("movie", title, path, names.get(movie.list_id), movie.added)

    def _accepted(self, text: str, words: list[str], limit: int) -> Iterator[dict[str, Any]]:
        for row in self.services.db.store(HistoryStore).search(" ".join(words), limit=limit):
            yield _found("accepted", row.title, f"/history/?task={quote(row.task, safe='')}", row.details, row.time)

    def _entries(self, text: str, words: list[str], limit: int) -> Iterator[dict[str, Any]]:
        """Entries of the latest runs, whatever became of them."""
        store = self.services.db.store(RunStore)
        left = limit
        for runs in store.latest(1).values():
            if left <= 0:
                return
            rows, _ = store.entry_page(runs[0].id, Wanted(title=tuple(words)), limit=left, offset=0)
            left -= len(rows)
            for number, entry in rows:
                detail = f"{runs[0].task}: {entry['state']}" + (f", {entry['reason']}" if entry["reason"] else "")
                path = f"/runs/{runs[0].id}/entries/{number}/"
                yield _found("entry", entry["title"], path, detail, runs[0].started)


def _kinds(text: str | None) -> tuple[str, ...]:
    asked = [name.strip() for name in (text or "").split(",") if name.strip()]
    if unknown := [name for name in asked if name not in KINDS]:
        raise QueryInvalid({"kinds": f"there is no kind `{unknown[0][:60]}`; there are {', '.join(KINDS)}"})
    return tuple(dict.fromkeys(asked)) or KINDS


def _holds(name: str, words: list[str]) -> bool:
    low = name.lower()
    return all(word in low for word in words)


def _found(kind: str, title: str, path: str, detail: str | None = None, when: Any = None) -> dict[str, Any]:
    return {"kind": kind, "title": title, "detail": detail, "path": path, "when": when}
