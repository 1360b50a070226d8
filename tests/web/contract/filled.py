"""A server in which there is one of everything, each with ID 1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.engine.entry import Entry
from server.features.entry_list.store import EntryListStore
from server.features.failed.store import FailedStore, Failure
from server.features.history.store import HistoryItem, HistoryStore
from server.features.movie_list.store import MovieListStore
from server.features.pending.store import PendingStore
from server.features.pending_list.store import PendingListStore
from server.features.rejected.store import RejectedStore, Rejection
from server.features.seen.store import SeenStore
from server.features.seen.store import Sighting as Seen
from server.features.series.store import EPISODE, SEASON, SeriesStore, Sighting
from server.features.status.store import Execution, StatusStore
from tests.features.api import started
from tests.web.support import PASSWORD, Server

CONFIG = """
variables: variables.yml
tasks:
  hist:
    mock:
      - {title: one, url: "http://localhost/one"}
    accept_all: yes
  other:
    mock: []
schedules:
  - tasks: hist
    schedule: {hour: 4}
irc:
  libera: {server: irc.example.com, channels: ['#one']}
lookups:
  imdb: {address: "http://127.0.0.1:1"}
  tmdb: {address: "http://127.0.0.1:1"}
  trakt: {address: "http://127.0.0.1:1"}
  tvdb: {address: "http://127.0.0.1:1"}
  tvmaze: {address: "http://127.0.0.1:1"}
"""
EXAMPLES = {
    "title": "night%20ferry",
    "name": "alpha",
    "plugin_name": "mock",
    "task": "hist",
    "path": "plugins",
}
"""Values of path parameters; all others are 1."""


def filled(home: Path) -> Server:
    """Started; ``tests.features.api.stopped`` ends it."""
    (home / "variables.yml").write_text("a: 1\n")
    server = started(home, CONFIG)
    server.accounts.set_password(PASSWORD)
    db = server.engine.db
    now = datetime.now(UTC)
    lists = (db.store(EntryListStore), db.store(PendingListStore))
    for store in lists:
        store.add(store.create("wanted").id, {"title": "One", "original_url": "http://localhost/1"})
    movies = db.store(MovieListStore)
    movies.add(movies.create("films").id, "One", 2001, [("imdb_id", "tt0000001")])
    db.store(FailedStore).record([Failure("One", "http://localhost/1", "gone")], lambda count: timedelta(hours=1))
    db.store(RejectedStore).remember([Rejection("hist", "One", "http://localhost/1", "regexp", "a sample", None)])
    db.store(PendingStore).add("hist", [Entry(title="One", url="http://localhost/1")])
    db.store(SeenStore).learn([Seen("One", "hist", {"title": "One"})])
    db.store(HistoryStore).add([HistoryItem("hist", "One", "http://localhost/1", None, "accepted")])
    db.store(StatusStore).add("hist", Execution(now, now, True, 1, 1, 0, 0))
    _add_series(db.store(SeriesStore))
    return server


def _add_series(series: SeriesStore) -> None:
    series.add_shows([("Alpha", "alpha")])
    series.set_task("hist", [1])
    found = series.remember(
        [
            Sighting(1, EPISODE, "S01E01", "ep", 1, 1, "Alpha S01E01", "720p", 0),
            Sighting(1, SEASON, "S02", "ep", 2, None, "Alpha S02", "720p", 0),
        ]
    )
    series.mark_downloaded([release.id for release in found.values()])
