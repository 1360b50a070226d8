"""Options that take several words."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

from server.terminal.words import WordsCommand, flat, words_option


@click.command(cls=WordsCommand)
@words_option("--tasks")
@words_option("--dump", at_least=0, choices=("eval", "title"))
@words_option("--inject", at_most=2)
@click.option("-v", is_flag=True)
@click.argument("rest", nargs=-1)
def command(**values: Any) -> None:
    click.echo(repr(values))


def parsed(*args: str) -> dict[str, Any]:
    result = CliRunner().invoke(command, list(args))
    assert result.exit_code == 0, result.output
    return eval(result.output)


def test_an_option_takes_all_words_up_to_the_next_option():
    values = parsed("--tasks", "a", "b c", "-v", "--dump", "eval", "title")
    assert values["tasks"] == (("a", "b c"),)
    assert values["dump"] == (("eval", "title"),)
    assert values["v"] is True


def test_a_long_option_may_be_cut_short_where_that_is_clear():
    assert parsed("--task", "a", "--inj", "B")["tasks"] == (("a",),)
    assert CliRunner().invoke(command, ["--taskss", "a"]).exit_code == 2
    assert parsed("--", "--task")["rest"] == ("--task",)


def test_no_words_are_told_from_no_option():
    assert parsed("--dump")["dump"] == ((),)
    assert parsed()["dump"] == ()


def test_each_use_keeps_its_own_words():
    assert parsed("--inject", "A", "http://a", "--inject", "B")["inject"] == (("A", "http://a"), ("B",))


def test_the_words_of_all_uses_can_be_taken_together():
    assert flat(parsed("--tasks", "a", "--tasks", "b")["tasks"]) == ["a", "b"]


def test_an_equals_sign_gives_one_word():
    assert parsed("--tasks=a b")["tasks"] == (("a b",),)


def test_after_two_dashes_words_belong_to_the_command():
    values = parsed("--tasks", "a", "--", "--tasks", "x")
    assert (values["tasks"], values["rest"]) == ((("a",),), ("--tasks", "x"))


@pytest.mark.parametrize("args", [("--tasks",), ("--inject", "a", "b", "c"), ("--dump", "nonsense")])
def test_too_few_too_many_and_unknown_words_are_bad_usage(args: tuple[str, ...]):
    assert CliRunner().invoke(command, list(args)).exit_code == 2
