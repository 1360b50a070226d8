"""How entries pass through a task."""

from __future__ import annotations

from tests.support import titles


def test_entries_of_an_input_are_accepted_by_a_filter(engine) -> None:
    task = engine(
        """
        tasks:
          a:
            mock: [{title: One}, {title: Two}]
            accept_all: yes
        """
    ).run()
    assert titles(task.accepted) == ["One", "Two"]
    assert task.accepted[0]["accepted_by"] == "accept_all"
    assert [step.verb for step in task.accepted[0].trace] == ["created", "accept"]
