"""``inputs`` and ``limit``: inputs inside of others."""

from __future__ import annotations

from tests.support import titles


def test_inputs_joins_and_leaves_repetitions_out(engine) -> None:
    task = engine(
        """
        tasks:
          t:
            inputs:
              - mock: [{title: A, url: 'http://x/1', urls: ['http://x/1', 'http://x/9']}]
              - mock: [{title: A, url: 'http://x/2'}, {title: B, url: 'http://x/9'}, {title: C, url: 'http://x/3'}]
        """
    ).run()
    assert titles(task.entries) == ["A", "C"]


def test_an_input_that_fails_does_not_stop_the_others(engine, web, caplog) -> None:
    task = engine(f"tasks: {{t: {{inputs: [{{rss: '{web.url('/none')}'}}, {{mock: [{{title: A}}]}}]}}}}").run()
    assert titles(task.entries) == ["A"] and not task.aborted
    assert "/none" in caplog.text


def test_limit_takes_the_first(engine) -> None:
    mock = "{mock: [{title: A}, {title: B}, {title: C}]}"
    assert titles(engine(f"tasks: {{t: {{limit: {{amount: 2, from: {mock}}}}}}}").run().entries) == ["A", "B"]
    assert len(engine(f"tasks: {{t: {{limit: {{amount: -1, from: {mock}}}}}}}").run().entries) == 3


def test_entries_know_the_input_that_made_them(engine) -> None:
    (entry,) = engine("tasks: {t: {limit: {amount: 5, from: {mock: [{title: A}]}}}}").run().entries
    assert entry.trace[0].step == ("input", "mock")
