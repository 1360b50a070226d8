"""What tasks remember from run to run: seen, rejected, failed, delayed, waited for, upgraded, collected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from server.features.backlog.store import BacklogStore
from server.features.delay.store import DELAYED
from server.features.digest.store import DIGESTED, DigestStore
from server.features.failed.store import FAILED, FailedStore
from server.features.history.store import HistoryStore
from server.features.rejected.store import RejectedStore
from server.features.seen.store import SeenStore
from server.features.status.store import StatusStore
from server.features.timeframe.store import WAITS
from tests.engine.test_task_flow import plugin
from tests.support import Engine, titles

SEEN = """
tasks:
  one:
    mock: [{title: Same, url: "http://h/1", k: K}, {title: Twin, url: "http://h/1"}]
    accept_all: yes
    seen: %s
  two:
    mock: [{title: Same, url: "http://h/2"}, {title: Other, url: "http://h/1"}, {title: K, url: "http://h/3"}]
    accept_all: yes
    seen: %s
"""


@pytest.mark.parametrize(
    ("one", "two", "accepted"),
    [
        ("yes", "yes", ["K"]),
        ("local", "yes", ["Same", "Other", "K"]),
        ("yes", "local", ["Same", "Other", "K"]),
        ("{fields: [title, k]}", "{fields: [title]}", ["Other"]),
        ("no", "yes", ["Same", "Other", "K"]),
    ],
)
def test_seen_rejects_what_an_earlier_run_accepted(engine, one: str, two: str, accepted: list[str]) -> None:
    made: Engine = engine(SEEN % (one, two))
    assert titles(made.run("one").accepted) == ["Same", "Twin"]  # within one run nothing is seen yet
    assert titles(made.run("two").accepted) == accepted
    assert made.run("two").accepted == []


def test_seen_tells_where_and_when(engine) -> None:
    made: Engine = engine(SEEN % ("yes", "yes"))
    made.run("one")
    reason = made.run("two").rejected[0]["reason"]
    assert reason.startswith("the title 'Same' was seen in the task one at 20")


def test_what_failed_in_an_output_is_neither_seen_nor_in_the_history(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "bad", "def on_task_output(self, task, config):\n    task.accepted[0].fail('the disk is full')")
    made: Engine = engine("tasks: {a: {mock: [{title: One}, {title: Two}], accept_all: yes, bad: yes, max_reruns: 0}}")
    made.run()
    assert [entry.title for entry in made.db.store(SeenStore).page()[0]] == ["Two"]
    (row,) = made.db.store(HistoryStore).page()[0]
    assert (row.title, row.task, row.details) == ("Two", "a", "Accepted by accept_all")


HASH = "ABCDEF0123456789ABCDEF0123456789ABCDEF01"


def test_a_torrent_is_known_by_its_hash_and_taken_once(engine) -> None:
    made: Engine = engine(
        f"""
        tasks:
          a:
            mock:
              - {{title: a, torrent_info_hash: {HASH}}}
              - {{title: b, torrent_info_hash: {HASH.lower()}}}
            accept_all: yes
          c: {{mock: [{{title: c, torrent_info_hash: {HASH}}}], accept_all: yes}}
          d: {{mock: [{{title: d, torrent_info_hash: {HASH}}}], accept_all: yes, seen_info_hash: local}}
        """
    )
    first = made.run("a")
    assert (titles(first.accepted), titles(first.rejected)) == (["a"], ["b"])
    assert made.run("c").rejected[0]["rejected_by"] == "seen_info_hash"
    assert titles(made.run("d").accepted) == ["d"]


def test_a_movie_is_known_by_its_identifiers(engine) -> None:
    made: Engine = engine(
        """
        tasks:
          m:
            mock: [{title: A, imdb_id: tt1}, {title: B, imdb_id: tt1}, {title: C, tmdb_id: 5}, {title: D}]
            seen_movies: strict
            accept_all: yes
          again: {mock: [{title: E, imdb_id: tt1}, {title: F}], seen_movies: loose, accept_all: yes}
          own: {mock: [{title: G, imdb_id: tt1}], seen_movies: {scope: local, matching: strict}, accept_all: yes}
        """
    )
    assert titles(made.run("m").accepted) == ["A", "C"]
    assert titles(made.run("again").accepted) == ["F"]
    assert titles(made.run("own").accepted) == ["G"]


def test_a_rejection_to_be_remembered_holds_until_the_config_changes(engine, tmp_path: Path) -> None:
    body = (
        "def on_task_filter(self, task, config):\n    task.entries[0].reject('too old', remember=True) if config else 0"
    )
    plugin(tmp_path, "strict", body)
    made: Engine = engine("tasks: {a: {mock: [{title: One}], strict: yes}}")
    made.run()
    again = made.run().rejected[0]
    assert (again["rejected_by"], again["reason"]) == ("remember_rejected", "rejected before by strict: too old")
    made.configure("tasks: {a: {mock: [{title: One}], accept_all: yes}}")
    assert titles(made.run().accepted) == ["One"]


def test_a_rejection_can_be_remembered_for_a_while(engine, tmp_path: Path) -> None:
    plugin(
        tmp_path,
        "strict",
        "def on_task_filter(self, task, config):\n    task.entries[0].reject('x', remember_time='1 hour')",
    )
    made: Engine = engine("tasks: {a: {mock: [{title: One}], strict: yes}}")
    made.run()
    (item,) = made.db.store(RejectedStore).all()
    assert item.expires is not None
    assert timedelta(minutes=59) < item.expires - datetime.now(UTC) <= timedelta(hours=1)


def test_only_new_looks_at_an_entry_once(engine) -> None:
    made: Engine = engine("tasks: {a: {mock: [{title: One}, {title: Two}], only_new: yes, regexp: {accept: [one]}}}")
    first = made.run()
    assert (titles(first.accepted), titles(first.undecided)) == (["One"], ["Two"])
    assert [entry["rejected_by"] for entry in made.run().rejected] == ["remember_rejected", "remember_rejected"]


FAILING = """
tasks:
  a:
    mock: [{title: One}, {title: Two}]
    if: [{"title == 'One'": fail}]
    retry_failed: {retry_time: 1 hour, max_retries: 1, retry_time_multiplier: 2}
    accept_all: yes
"""


def test_a_failure_leads_to_another_pass_a_wait_and_in_the_end_to_giving_up(engine) -> None:
    made: Engine = engine(FAILING)
    task = made.run()
    assert task.rerun_count == 1
    assert task.rejected[0]["rejected_by"] == "retry_failed"
    (item,) = made.db.store(FailedStore).all()
    assert (item.title, item.count, item.reason) == ("One", 1, "if title == 'One'")
    with made.db.transaction():
        made.db.execute(update(FAILED).values(retry_time=datetime.now(UTC)))
    made.run()
    (item,) = made.db.store(FailedStore).all()
    assert item.count == 2
    assert item.retry_time is not None
    assert item.retry_time - datetime.now(UTC) > timedelta(hours=1.9)
    with made.db.transaction():
        made.db.execute(update(FAILED).values(retry_time=datetime.now(UTC)))
    assert "failed 2 times already" in made.run().rejected[0]["reason"]


@pytest.mark.parametrize("options", ["max_retries: 100", "max_retries: 0, retry_time_multiplier: 0"])
def test_no_wait_is_too_long_to_be_counted(engine, options: str) -> None:
    made: Engine = engine(FAILING.replace("max_retries: 1, retry_time_multiplier: 2", options))
    assert not made.run().aborted
    assert [item.title for item in made.db.store(FailedStore).all()] == ["One"]


@pytest.mark.parametrize(
    "plugins",
    [
        "series: [{Show: {target: 1080p, timeframe: FOREVER, propers: FOREVER}}]",
        "delay: FOREVER",
        "interval: FOREVER",
        "backlog: FOREVER",
        "accept_all: yes, timeframe: {target: 1080p, wait: FOREVER}",
        "from_digest: {list: x, expire: FOREVER}",
        "discover: {what: [mock: [{title: x}]], from: [entry_list: x], interval: FOREVER, "
        "release_estimations: {optimistic: FOREVER}}",
    ],
)
def test_a_wait_may_be_for_ever(engine, plugins: str) -> None:
    made: Engine = engine(
        f"tasks: {{a: {{mock: [{{title: Show S01E01 720p}}], {plugins}}}}}".replace("FOREVER", "999999999 weeks")
    )
    for _ in range(2):
        assert not (task := made.run()).aborted or task.silent_abort


def test_what_failed_comes_back_though_it_left_the_feed(engine) -> None:
    made: Engine = engine(FAILING)
    made.run()
    made.configure("tasks: {a: {mock: [{title: Three}], accept_all: yes, retry_failed: no, seen: no}}")
    assert titles(made.run().accepted) == ["Three", "One"]


def test_the_backlog_keeps_entries_as_their_input_made_them(engine) -> None:
    made: Engine = engine(
        "tasks: {a: {mock: [{title: One, url: 'http://h/1', k: 1}], backlog: 1 hour, set: {k: 2, title: changed}}}"
    )
    made.run()
    made.configure("tasks: {a: {mock: [{title: Two}], seen: no}}")
    two, one = made.run().all_entries
    assert (two["title"], one["title"], one["url"], one["k"]) == ("Two", "One", "http://h/1", 1)


def test_entries_of_an_aborted_run_are_there_in_the_next_and_then_no_more(engine, tmp_path: Path) -> None:
    plugin(
        tmp_path,
        "ender",
        "def on_task_output(self, task, config):\n    task.abort('no reason') if config == 'now' else 0",
    )
    made: Engine = engine("tasks: {a: {mock: [{title: One}], ender: now}}")
    assert made.run().aborted
    made.configure("tasks: {a: {mock: [{title: Two}], ender: later}}")
    assert titles(made.run().all_entries) == ["Two", "One"]
    assert titles(made.run().all_entries) == ["Two"]
    assert made.db.store(BacklogStore).entries("a") == []


def test_status_remembers_what_came_of_each_run(engine, tmp_path: Path) -> None:
    plugin(tmp_path, "ender", "def on_task_output(self, task, config):\n    task.abort('broken')")
    made: Engine = engine(
        "tasks: {a: {mock: [{title: One}, {title: Two}], regexp: {accept: [one], rest: reject}}, b: {ender: yes}}"
    )
    made.run("a")
    made.run("b")
    store = made.db.store(StatusStore)
    tasks, total = store.tasks(sort_by="name", descending=False)
    assert ([task.name for task in tasks], total) == (["a", "b"], 2)
    ((good,), _), ((bad,), _) = store.executions(tasks[0].id), store.executions(tasks[1].id)
    assert (good.succeeded, good.produced, good.accepted, good.rejected, good.failed) == (True, 2, 1, 1, 0)
    assert (bad.succeeded, bad.abort_reason) == (False, "broken")
    assert store.executions(tasks[1].id, succeeded=True) == ([], 0)
    assert store.executions(tasks[0].id, produced=True, start=good.start, end=good.start)[1] == 1
    assert store.executions_by_id([tasks[0].last_execution_id, None])[good.id] == good


def test_delay_holds_entries_back_until_their_time(engine) -> None:
    made: Engine = engine("tasks: {a: {mock: [{title: One}, {title: Two}], delay: 1 hour, accept_all: yes}}")
    assert made.run().all_entries == []
    with made.db.transaction():
        made.db.execute(update(DELAYED).where(DELAYED.c.title == "One").values(due=datetime.now(UTC)))
    task = made.run()
    assert titles(task.accepted) == ["One"]
    assert task.accepted[0]["passed_delay"] is True


def test_timeframe_waits_for_the_target_and_takes_the_best_in_the_end(engine) -> None:
    made: Engine = engine(
        """
        tasks:
          a:
            mock: [{title: a 720p, media_id: m1}, {title: b 1080p, media_id: m2}, {title: c 720p, media_id: m3}]
            timeframe: {wait: 1 hour, target: 1080p}
            regexp: {accept: ['^[ab]']}
        """
    )
    first = made.run()
    assert (titles(first.accepted), titles(first.rejected)) == (["b 1080p"], ["a 720p"])
    assert titles(first.undecided) == ["c 720p"]
    with made.db.transaction():
        made.db.execute(update(WAITS).values(first_seen=datetime.now(UTC) - timedelta(hours=2)))
    made.configure("tasks: {a: {mock: [], timeframe: {wait: 1 hour, target: 1080p}, accept_all: yes}}")
    assert titles(made.run().accepted) == ["a 720p"]  # it had left the feed
    again = "mock: [{title: again 1080p, media_id: m2}], timeframe: {wait: 1 hour, target: 1080p, on_reached: reject}"
    made.configure(f"tasks: {{a: {{{again}, accept_all: yes}}}}")
    assert titles(made.run().accepted) == ["again 1080p"]  # m2 was taken before: it is left alone


def test_upgrade_accepts_what_is_better_than_what_was_taken(engine) -> None:
    made: Engine = engine(
        """
        tasks:
          first: {mock: [{title: a 720p, media_id: u1}], upgrade: {tracking: yes}, accept_all: yes}
          up:
            mock:
              - {title: a 480p, media_id: u1}
              - {title: a 1080p, media_id: u1}
              - {title: a 2160p, media_id: u1}
              - {title: other 1080p, media_id: u9}
            upgrade: {target: 1080p, on_lower: reject}
          proper:
            mock: [{title: a 1080p proper, media_id: u1, proper_count: 1}, {title: a 1080p, media_id: u1}]
            upgrade: {target: 720p+, propers: yes}
            seen: no
          neither: {mock: [{title: a 2160p, media_id: u1}], upgrade: {propers: yes, on_lower: reject}}
        """
    )
    made.run("first")
    task = made.run("up")
    assert (titles(task.accepted), titles(task.rejected)) == (["a 1080p"], ["a 480p", "a 2160p"])
    assert titles(task.undecided) == ["other 1080p"]
    assert task.accepted[0]["reason"] == "it upgrades 'a 720p' from 720p to 1080p"
    assert titles(made.run("proper").accepted) == ["a 1080p proper"]
    assert titles(made.run("neither").undecided) == ["a 2160p"]


def test_a_proper_is_taken_though_the_movie_was_seen(engine) -> None:
    movie = "movie_name: Mv, movie_year: 2010, imdb_id: tt1"
    made: Engine = engine(
        f"""
        templates: {{global: {{proper_movies: yes, seen_movies: loose}}}}
        tasks:
          a: {{mock: [{{title: Mv 720p, {movie}}}], accept_all: yes}}
          b:
            mock:
              - {{title: Mv 720p proper, {movie}, proper_count: 1}}
              - {{title: Mv 1080p proper, {movie}, proper_count: 1}}
        """
    )
    made.run("a")
    task = made.run("b")
    assert (titles(task.accepted), titles(task.undecided)) == (["Mv 720p proper"], ["Mv 1080p proper"])


def test_of_two_releases_that_were_taken_the_repaired_one_counts(engine) -> None:
    made: Engine = engine(
        """
        templates: {global: {proper_movies: yes, metainfo_movie: yes}}
        tasks:
          a: {mock: [{title: Mv.2010.PROPER.720p-AB}, {title: Mv.2010.720p-CD}], accept_all: yes}
          b: {mock: [{title: Mv.2010.720p-EF}], accept_all: yes}
          c: {mock: [{title: Mv.2010.PROPER.720p-GH}]}
        """
    )
    for task in ("a", "b"):
        made.run(task)
    assert titles(made.run("c").undecided) == ["Mv.2010.PROPER.720p-GH"]


def test_whether_a_movie_is_a_proper_is_seen_in_its_title(engine) -> None:
    made: Engine = engine(
        """
        templates: {global: {proper_movies: yes, metainfo_movie: yes}}
        tasks:
          a: {mock: [{title: Mv.2010.720p.BluRay.x264-AB}], accept_all: yes}
          b:
            mock:
              - {title: Mv.2010.DC.Remastered.720p.BluRay.x264-CD}
              - {title: Mv.2010.REPACK.720p.BluRay.x264-AB}
        """
    )
    made.run("a")
    assert titles(made.run("b").accepted) == ["Mv.2010.REPACK.720p.BluRay.x264-AB"]


def test_a_digest_gives_a_later_task_what_others_collected(engine) -> None:
    made: Engine = engine(
        """
        tasks:
          a:
            mock: [{title: One, k: 1}, {title: Two}]
            regexp: {accept: [one], rest: reject}
            digest: {list: mail, state: [accepted, rejected]}
          mail: {from_digest: {list: mail, restore_state: yes}, seen: no}
        """
    )
    made.run("a")
    task = made.run("mail")
    assert (titles(task.accepted), titles(task.rejected)) == (["One"], ["Two"])
    assert (task.accepted[0]["k"], task.accepted[0]["accepted_by"]) == (1, "regexp")
    assert (task.rejected[0]["rejected_by"], task.rejected[0]["task"]) == ("regexp", "a")
    assert made.run("mail").all_entries == []


def test_what_is_beyond_the_limit_of_a_digest_leaves_it(engine) -> None:
    made: Engine = engine(
        """
        tasks:
          a: {mock: [{title: One}, {title: Two}, {title: Three}], accept_all: yes, digest: mail}
          all: {from_digest: {list: mail, limit: 0, expire: no}}
          two: {from_digest: {list: mail, limit: 2, expire: no}}
        """
    )
    made.run("a")
    given = [titles(made.run(task).all_entries) for task in ("all", "two", "all")]
    assert given == [["Three", "Two", "One"], ["Three", "Two"], ["Three", "Two"]]


def test_what_no_task_takes_out_of_a_digest_goes_after_a_year(engine) -> None:
    made: Engine = engine("tasks: {a: {mock: [{title: One}], accept_all: yes, seen: no, digest: mail}}")
    made.run()
    made.db.execute(update(DIGESTED).values(added=datetime.now(UTC) - timedelta(days=366)))
    made.run()
    assert len(made.db.store(DigestStore).entries("mail")) == 1
