"""A server with something of everything in its database, for requests that nobody would think of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from server.features.entry_list.store import EntryListStore
from server.features.failed.store import FailedStore, Failure
from server.features.history.store import HistoryItem, HistoryStore
from server.features.movie_list.store import MovieListStore
from server.features.pending_list.store import PendingListStore
from server.features.rejected.store import RejectedStore, Rejection
from server.features.runs._recorder import record
from server.features.seen.store import SeenStore
from server.features.seen.store import Sighting as Seen
from server.features.series.store import SeriesStore, Sighting
from server.storage.database import Database
from tests.features.api import CONFIG, started, stopped
from tests.web.support import PASSWORD, Server

URL = "http://127.0.0.1:9/"
"""Nobody listens there."""


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """It is used up by the tests of one module: they delete what they find."""
    made = started(Path(tmp_path_factory.mktemp("fuzz")), CONFIG)
    made.accounts.set_password(PASSWORD)
    made.services.recorders.append(record)
    for name in ("hist", "second", "hist"):
        made.engine.run(name)
    fill(made.engine.db)
    yield made
    stopped(made)


def fill(db: Database) -> None:
    """Some rows in every store that the API shows, with the ids 1, 2, 3 ..."""
    names = [f"Some.Show.S01E0{number}.720p" for number in range(1, 6)]
    db.store(HistoryStore).add([HistoryItem("hist", name, URL, None, "accepted") for name in names])
    db.store(SeenStore).learn([Seen(name, "hist", {"title": name, "url": URL + name}) for name in names])
    db.store(FailedStore).record([Failure(name, URL, "why") for name in names], lambda count: timedelta(hours=1))
    db.store(RejectedStore).remember([Rejection("hist", name, URL, "regexp", "why", None) for name in names])
    for kind in (EntryListStore, PendingListStore):
        lists = db.store(kind)
        for wanted in ("first", "second"):
            lists.add_all(lists.create(wanted).id, [{"title": name, "url": URL + name} for name in names])
    movies = db.store(MovieListStore)
    movies.add(movies.create("first").id, "Some Movie", 2001, [("imdb_id", "tt0000001")])
    series = db.store(SeriesStore)
    show = series.add_shows([("Some Show", "some show")])["some show"]
    series.remember(
        [Sighting(show.id, "episode", f"S01E0{n}", "ep", 1, n, name, "720p", 0) for n, name in enumerate(names, 1)]
        + [Sighting(show.id, "season", "S02", "ep", 2, None, "Some.Show.S02.720p", "720p", 0)]
    )
