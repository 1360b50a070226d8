"""Options that take several words at once, as in ``execute --tasks tv movies --dump accepted title``.

Click's own options take a fixed number of values. :class:`WordsCommand` reads the words that follow such an option up
to the next one and hands them over as one tuple::

    @click.command(cls=WordsCommand)
    @words_option("--dump", "dump", at_least=0, help="...")
    def execute(dump: tuple[tuple[str, ...], ...]) -> None: ...

Given twice, the option has two tuples; not given, none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, TypeVar

import click

SEPARATOR = "\x1f"
"""Stands between the words of one option while click parses them; no terminal lets anybody type it by accident."""

F = TypeVar("F", bound=Callable[..., Any])


class Words(click.ParamType[tuple[str, ...]]):
    """Several words as a tuple; ``choices`` are the ones that are known, where not every word will do."""

    name = "words"

    def __init__(self, at_least: int = 1, at_most: int | None = None, choices: Sequence[str] = ()) -> None:
        self.at_least = at_least
        self.at_most = at_most
        self.choices = tuple(choices)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Split what :class:`WordsCommand` has joined."""
        words = tuple(value) if isinstance(value, (list, tuple)) else tuple(value.split(SEPARATOR) if value else ())
        if len(words) < self.at_least or (self.at_most is not None and len(words) > self.at_most):
            most = "" if self.at_most is None else f" and at most {self.at_most}"
            self.fail(f"needs at least {self.at_least}{most} words", param, ctx)
        for word in words:
            if self.choices and word not in self.choices:
                self.fail(f"{word!r} is not one of {', '.join(self.choices)}", param, ctx)
        return words


def words_option(
    *names: str, at_least: int = 1, at_most: int | None = None, choices: Sequence[str] = (), **settings: Any
) -> Callable[[F], F]:
    """A ``click.option`` that takes as many words as follow it."""
    return click.option(*names, type=Words(at_least, at_most, choices), multiple=True, **settings)


class WordsCommand(click.Command):
    """A command whose :func:`words_option` options are greedy. Its own arguments come before them, or after ``--``.

    Long options may be cut short as long as it is clear which one is meant: ``--disc`` for ``--discover-now``.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join the words of each such option before click sees them."""
        params = self.get_params(ctx)
        known = {name for param in params for name in param.opts if name.startswith("--")}
        options = {name for param in params if isinstance(param.type, Words) for name in param.opts}
        return super().parse_args(ctx, list(_joined(_spelled_out(args, known), options)))


def _spelled_out(args: Sequence[str], known: set[str]) -> list[str]:
    """The arguments with options that were cut short in full."""
    end = args.index("--") if "--" in args else len(args)
    full = []
    for word in args[:end]:
        name, sign, value = word.partition("=")
        fitting = [option for option in known if option.startswith(name)] if word.startswith("--") else []
        full.append(f"{fitting[0]}{sign}{value}" if name not in known and len(fitting) == 1 else word)
    return [*full, *args[end:]]


def _joined(args: Sequence[str], options: set[str]) -> list[str]:
    joined: list[str] = []
    position = 0
    while position < len(args):
        word = args[position]
        position += 1
        if word == "--":
            return [*joined, *args[position - 1 :]]
        joined.append(word)
        if word in options:
            start = position
            while position < len(args) and not _is_option(args[position]):
                position += 1
            joined.append(SEPARATOR.join(args[start:position]))
    return joined


def _is_option(word: str) -> bool:
    return len(word) > 1 and word.startswith("-")


def flat(groups: Sequence[Sequence[str]]) -> list[str]:
    """The words of an option, however often it was given."""
    return list(chain.from_iterable(groups))
