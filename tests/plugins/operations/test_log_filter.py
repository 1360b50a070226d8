"""``log_filter``."""

from __future__ import annotations

import logging

import pytest

from server.config.errors import ConfigError
from server.engine.context import CURRENT
from server.engine.log import LogBuffer, hide, setup

TASK = "{mock: [{title: Foo.One}, {title: bar}], regexp: {reject: [bar]}, accept_all: yes, seen: no%s}"


@pytest.fixture
def buffer():
    buffer = LogBuffer()
    root = logging.getLogger()
    level = root.level
    setup(level="verbose", console=False, buffer=buffer)
    yield buffer
    setup(level="verbose", console=False)
    root.setLevel(level)


def logged(engine, buffer: LogBuffer, filters: str) -> list[str]:
    engine(f"tasks: {{t: {TASK % f', log_filter: {filters}'}}}").run()
    return [f"{line.plugin} {line.log_level} {line.message}" for line in buffer.lines()]


def has(lines: list[str], *words: str) -> bool:
    return any(all(word in line for word in words) for line in lines)


@pytest.mark.parametrize(
    ("filters", "hidden", "left"),
    [
        ("[{message: Foo.O}]", "ACCEPTED", "REJECTED"),
        ("[{message: foo.o}]", "", "ACCEPTED"),
        ("[{message: 'Foo\\.O'}]", "", "ACCEPTED"),
        ("[{plugin: details}]", "Produced", "ACCEPTED"),
        ("[{plugin: detail}]", "", "Produced"),
        ("[{level: verbose}]", "ACCEPTED", ""),
        ("[{level: warning}]", "", "ACCEPTED"),
        ("[{plugin: task, message: Foo}]", "ACCEPTED", "REJECTED"),
        ("[{plugin: details, message: Foo}]", "", "ACCEPTED"),
        ("[{plugin: details}, {message: REJ}]", "REJECTED", "ACCEPTED"),
        ("[{task: t}]", "ACCEPTED", ""),
        ("[{task: other}]", "", "ACCEPTED"),
        ("[{something: else}]", "", "ACCEPTED"),
    ],
)
def test_lines_that_fit_all_a_filter_says_are_left_out(
    engine, buffer: LogBuffer, filters: str, hidden: str, left: str
) -> None:
    lines = logged(engine, buffer, filters)
    assert not hidden or not has(lines, hidden)
    assert not left or has(lines, left)


@pytest.mark.parametrize("more", ["", ", abort_if_exists: {regexp: foo, field: title}"])
def test_it_ends_with_the_task(engine, buffer: LogBuffer, more: str) -> None:
    made = engine(f"tasks: {{t: {TASK % (', log_filter: [{task: t}]' + more)}}}")
    made.run()
    assert CURRENT.hidden is None
    made.configure(f"tasks: {{t: {TASK % ''}}}")
    made.run()
    assert has([line.message for line in buffer.lines()], "ACCEPTED")


def test_at_the_top_of_the_config_it_holds_for_the_whole_program(engine, buffer: LogBuffer) -> None:
    made = engine(f"log_filter: [{{message: Foo.O}}]\ntasks: {{t: {TASK % ''}}}")
    hide(made.services.config.hides)
    try:
        made.run()
        logging.getLogger("elsewhere").info("Foo.One again")
        lines = [line.message for line in buffer.lines()]
        assert not has(lines, "Foo.O")
        assert has(lines, "REJECTED")
        made.services.config.replace("tasks: {}\n")
        logging.getLogger("elsewhere").info("Foo.One is told now")
        assert has([line.message for line in buffer.lines()], "Foo.One is told now")
    finally:
        hide(None)


def test_a_filter_at_the_top_that_is_none_is_told_with_its_place(engine) -> None:
    with pytest.raises(ConfigError, match="log_filter"):
        engine("log_filter: [{level: loud}]\ntasks: {}")
