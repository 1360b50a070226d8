"""Lists that tasks fill, match and empty."""

from __future__ import annotations

import pytest

from server.config.errors import ConfigError
from server.engine.entry import Entry
from server.features.entry_list._stored import StoredList
from server.features.entry_list.store import EntryListStore
from server.features.movie_list.movie_list import StoredMovies
from server.features.movie_list.store import MovieListStore
from server.features.pending_list.store import PendingListStore
from server.features.regexp_list.regexp_list import StoredRegexps
from server.features.regexp_list.store import RegexpListStore
from tests.support import titles

SHOW = "  show e: {entry_list: e}\n  show m: {movie_list: m}\n  show r: {regexp_list: r}\n  show p: {pending_list: p}\n"


def config(text: str) -> str:
    """Tasks, and one for each list that shows what is on it."""
    return f"tasks:\n{SHOW}{text}"


def test_accepted_entries_are_added_once_with_their_latest_fields(engine) -> None:
    made = engine(
        config(
            """
  add:
    mock: [{title: E1, url: 'http://l/1', x: 1}, {title: E2, url: 'http://l/2'}, {title: E1, url: 'http://l/3', x: 2}]
    accept_all: yes
    list_add: [{entry_list: e}]
"""
        )
    )
    made.run("add")
    entries = made.run("show e").entries
    assert {(entry["title"], entry["url"], entry.get("x")) for entry in entries} == {
        ("E1", "http://l/3", 2),
        ("E2", "http://l/2", None),
    }
    assert all("accepted_by" not in entry for entry in entries)


def test_fields_made_by_set_are_kept_too(engine) -> None:
    made = engine(
        config(
            """
  add:
    mock: [{title: E1, url: 'http://l/1'}]
    set: {label: 'made of {{title}}'}
    accept_all: yes
    list_add: [{entry_list: e}]
"""
        )
    )
    made.run("add")
    assert [entry["label"] for entry in made.run("show e").entries] == ["made of E1"]


def test_an_entry_matches_by_title_and_leaves_the_list_when_it_is_done(engine) -> None:
    made = engine(
        config(
            """
  add:
    mock: [{title: One, url: 'http://l/1'}, {title: Two, url: 'http://l/2'}, {title: Three, url: 'http://l/3'}]
    accept_all: yes
    list_add: [{entry_list: e}]
  match:
    disable: [seen]
    mock: [{title: One, url: 'http://l/9'}, {title: Another, url: 'http://l/2'}, {title: three, url: 'http://l/8'}]
    list_match: {from: [{entry_list: e}]}
"""
        )
    )
    made.run("add")
    task = made.run("match")
    assert titles(task.accepted) == ["One"]
    decision = next(step for step in task.accepted[0].trace if step.verb == "accept")
    assert decision.value == {"list": "entry_list", "matched": "One"}
    assert titles(task.undecided) == ["Another", "three"]
    assert titles(made.run("show e").entries) == ["Three", "Two"]


def test_an_accepted_match_gets_the_fields_that_it_lacks(engine) -> None:
    made = engine(
        config(
            """
  add:
    mock: [{title: One, url: 'http://l/1', path: /films, label: list, mark: list}]
    accept_all: yes
    list_add: [{entry_list: e}]
  match:
    disable: [seen]
    mock: [{title: One, url: 'http://l/9', label: own, mark: ''}]
    list_match: {from: [{entry_list: e}], remove_on_match: no}
"""
        )
    )
    made.run("add")
    entry = made.run("match").accepted[0]
    assert [entry[name] for name in ("url", "path", "label", "mark")] == ["http://l/9", "/films", "own", ""]


def test_a_rejecting_match_rejects_accepted_entries_and_removes_nothing(engine) -> None:
    made = engine(
        config(
            """
  add: {mock: [{title: One, url: 'http://l/1'}], accept_all: yes, list_add: [{entry_list: e}]}
  match:
    disable: [seen]
    mock: [{title: One, url: 'http://l/1'}, {title: Other, url: 'http://l/2'}]
    accept_all: yes
    list_match: {from: [{entry_list: e}], action: reject}
"""
        )
    )
    made.run("add")
    task = made.run("match")
    assert (titles(task.rejected), titles(task.accepted)) == (["One"], ["Other"])
    assert "reason" not in task.rejected[0]
    assert titles(made.run("show e").entries) == ["One"]


def test_movies_match_by_identifier_or_by_name_and_year(engine) -> None:
    made = engine(
        config(
            """
  add:
    mock:
      - {title: 'The Film (2012)', url: 'http://l/1', imdb_id: tt0000001, tmdb_id: 55}
      - {title: Other.Movie.2015.1080p.BluRay, url: 'http://l/2'}
      - {title: No Year Movie, url: 'http://l/3'}
    accept_all: yes
    list_add: [{movie_list: m}]
  match:
    disable: [seen]
    mock:
      - {title: The.Film.2012.720p.BluRay, url: 'http://l/11'}
      - {title: Renamed.2012.720p, url: 'http://l/12', imdb_id: tt0000001}
      - {title: Other Movie 1080p, url: 'http://l/13'}
      - {title: No.Year.Movie.2020.1080p, url: 'http://l/14'}
    list_match: {from: [{movie_list: m}], single_match: no}
"""
        )
    )
    made.run("add")
    listed = {entry["title"]: entry for entry in made.run("show m").entries}
    assert set(listed) == {"The Film (2012)", "Other Movie (2015)", "No Year Movie"}
    film = listed["The Film (2012)"]
    assert (film["movie_name"], film["movie_year"], film["imdb_id"], film["tmdb_id"]) == (
        "The Film",
        2012,
        "tt0000001",
        "55",
    )
    task = made.run("match")
    assert titles(task.accepted) == ["The.Film.2012.720p.BluRay", "Renamed.2012.720p"]
    assert set(titles(made.run("show m").entries)) == {"Other Movie (2015)", "No Year Movie"}


def test_a_year_that_is_none_is_no_part_of_a_movie(engine) -> None:
    made = engine(
        """
        tasks:
          a:
            mock: [{title: Some Film, movie_name: Some Film, movie_year: N/A}]
            accept_all: yes
            list_add: [{movie_list: m}]
        """
    )
    assert not made.run().aborted
    store = made.db.store(MovieListStore)
    found = store.find("m")
    assert found is not None
    assert [(movie.title, movie.year) for movie in store.all(found.id)] == [("Some Film", None)]


def test_a_movie_that_is_added_again_takes_the_others_place(engine) -> None:
    made = engine(
        config(
            """
  first: {mock: [{title: Silver River 2011, tmdb_id: 7, imdb_id: tt1}], accept_all: yes, list_add: [{movie_list: m}]}
  again: {mock: [{title: Silberfluss 2011, imdb_id: tt1}], accept_all: yes, list_add: [{movie_list: m}]}
"""
        )
    )
    made.run("first")
    made.run("again")
    (movie,) = made.run("show m").entries
    assert (movie["title"], movie["imdb_id"], movie["tmdb_id"]) == ("Silberfluss (2011)", "tt1", "7")


def test_an_item_is_used_for_one_entry_only(engine) -> None:
    made = engine(
        config(
            """
  add: {mock: [{title: 'Film (2012)', url: 'http://l/1'}], accept_all: yes, list_add: [{movie_list: m}]}
  match:
    mock: [{title: Film.2012.720p, url: 'http://l/11'}, {title: Film.2012.1080p, url: 'http://l/12'}]
    list_match: {from: [{movie_list: m}]}
"""
        )
    )
    made.run("add")
    task = made.run("match")
    assert (titles(task.accepted), titles(task.undecided)) == (["Film.2012.720p"], ["Film.2012.1080p"])


def test_regexps_are_found_in_titles_without_case(engine) -> None:
    made = engine(
        config(
            r"""
  add:
    mock:
      - {title: 'foo.*bar', url: 'http://l/1'}
      - {title: x, url: 'http://l/2', regexp: 'abc\d+'}
      - {title: '(', url: 'http://l/3'}
    accept_all: yes
    list_add: [{regexp_list: r}]
  match:
    mock: [{title: Foo x BAR, url: 'http://l/4'}, {title: abc1, url: 'http://l/5'}, {title: nothing, url: 'http://l/6'}]
    list_match: {from: [{regexp_list: r}]}
"""
        )
    )
    made.run("add")
    assert titles(made.run("match").accepted) == ["Foo x BAR", "abc1"]
    assert titles(made.run("show r").entries) == ["("]


def test_a_pending_list_gives_only_what_was_approved(engine) -> None:
    made = engine(
        config("  add: {mock: [{title: P, url: 'http://l/1'}], accept_all: yes, list_add: [{pending_list: p}]}\n")
    )
    made.run("add")
    assert made.run("show p").entries == []
    store = made.db.store(PendingListStore)
    pending = store.find("P")
    store.approve(pending.id, [item.id for item in store.all(pending.id)])
    assert titles(made.run("show p").entries) == ["P"]


def test_an_entry_list_can_be_searched(engine) -> None:
    made = engine(
        config(
            """
  add:
    mock:
      - {title: The.Movie.2010.720p, url: 'http://l/1'}
      - {title: Other Film, url: 'http://l/2'}
    accept_all: yes
    list_add: [{entry_list: e}]
  other: {mock: [{title: The Movie Elsewhere, url: 'http://l/3'}], accept_all: yes, list_add: [{entry_list: other}]}
  find:
    discover:
      what: [{mock: [{title: the movie, url: 'http://w/1'}, {title: Nothing, url: 'http://w/2'}]}]
      from: [{entry_list: e}]
      release_estimations: ignore
"""
        )
    )
    for name in ("add", "other"):
        made.run(name)
    assert [(entry["title"], entry["url"]) for entry in made.run("find").entries] == [
        ("The.Movie.2010.720p", "http://l/1")
    ]


def test_a_pending_list_can_give_and_match_what_waits_too(engine) -> None:
    entries = "mock: [{title: P, url: 'http://l/1'}, {title: Q, url: 'http://l/2'}]"
    what = ("approved", "pending", "all")
    tasks = [f"  add: {{{entries}, accept_all: yes, list_add: [{{pending_list: p}}]}}"]
    for name in what:
        one = f"pending_list: {{list_name: p, include: {name}}}"
        tasks.append(f"  give {name}: {{{one}}}")
        match = f"list_match: {{from: [{{{one}}}], remove_on_match: no}}"
        tasks.append(f"  match {name}: {{{entries}, seen: no, {match}}}")
    made = engine(config("\n".join(tasks)))
    made.run("add")
    store = made.db.store(PendingListStore)
    pending = store.find("p")
    store.approve(pending.id, [item.id for item in store.all(pending.id) if item.title == "P"])
    wanted = {"approved": {"P"}, "pending": {"Q"}, "all": {"P", "Q"}}
    assert {name: set(titles(made.run(f"give {name}").entries)) for name in what} == wanted
    assert {name: set(titles(made.run(f"match {name}").accepted)) for name in what} == wanted


def test_entries_are_removed_and_lists_emptied(engine) -> None:
    made = engine(
        config(
            """
  add:
    mock: [{title: A, url: 'http://l/1'}, {title: B, url: 'http://l/2'}]
    accept_all: yes
    list_add: [{entry_list: e}]
  drop: {mock: [{title: A, url: 'http://l/1'}], disable: [seen], accept_all: yes, list_remove: [{entry_list: e}]}
  clear: {mock: [{title: A, url: 'http://l/1'}], list_clear: {what: [{entry_list: e}], phase: exit}}
"""
        )
    )
    made.run("add")
    made.run("drop")
    assert titles(made.run("show e").entries) == ["B"]
    made.run("clear")
    assert made.run("show e").entries == []


@pytest.mark.parametrize(
    ("item", "words"),
    [("accept_all: yes", "one of `entry_list`, `movie_list`"), ("entry_list: [x]", "tasks.a.list_add[0].entry_list")],
)
def test_something_that_is_no_list_is_refused_with_those_that_are(engine, item: str, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        engine(f"tasks: {{a: {{mock: [{{title: A}}], list_add: [{{{item}}}]}}}}")
    assert words in str(raised.value)


def test_what_was_downloaded_is_not_kept(engine, tmp_path) -> None:
    info = f"d6:lengthi3e4:name1:a12:piece lengthi16384e6:pieces20:{'x' * 20}e"
    (tmp_path / "a.torrent").write_bytes(f"d4:info{info}e".encode())
    made = engine(
        config(
            f"""
  add:
    mock: [{{title: A, url: 'file://{tmp_path}/a.torrent'}}]
    accept_all: yes
    download: out
    list_add: [{{entry_list: e}}]
    digest: d
  use: {{inputs: [{{entry_list: e}}, {{from_digest: {{list: d}}}}], disable: [seen, seen_info_hash], accept_all: yes}}
"""
        )
    )
    made.run("add")
    task = made.run("use")
    assert not task.abort_reason
    assert {entry["torrent_info_hash"] for entry in task.accepted} and not any("torrent" in e for e in task.accepted)


@pytest.mark.parametrize(
    ("store", "kind"),
    [(EntryListStore, StoredList), (MovieListStore, StoredMovies), (RegexpListStore, StoredRegexps)],
)
def test_a_list_that_is_deleted_while_a_task_uses_it_is_made_again(engine, store, kind) -> None:
    lists = engine("tasks: {}").db.store(store)
    used = kind(lists, "wanted")
    entry = Entry(title="Some Movie 2001", url="http://l/1")
    used.add([entry])
    lists.delete(lists.find("wanted").id)
    used.add([entry])
    assert len(list(used.entries())) == 1
    assert entry in used.match([entry])
