"""What the commands about named lists share: ``[LIST] REST``, and things meant by their title or id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import click

from server.terminal.failures import NotThere

LIST = "[LIST]"

T = TypeVar("T")


def split(words: Sequence[str], count: int, default: str) -> tuple[str, tuple[str, ...]]:
    """The list's name, which may be left out, and the ``count`` words after it."""
    if len(words) == count:
        return default, tuple(words)
    if len(words) == count + 1:
        return words[0], tuple(words[1:])
    raise click.UsageError(f"{count} words are needed, and before them the name of a list where it is not `{default}`")


def found_by(wanted: str, things: Iterable[T], place: str, *, key: Callable[[T], tuple[int, str]]) -> T:
    """The thing with this id or (in any case) this title; raises NotThere."""
    known = [(*key(thing), thing) for thing in things]
    for number, _, thing in known:
        if wanted == str(number):
            return thing
    for _, title, thing in known:
        if title.lower() == wanted.lower():
            return thing
    raise NotThere(f"Could not find `{wanted}` in {place}")


def pairs(words: Sequence[str], option: str) -> dict[str, str]:
    """``NAME=VALUE`` words as a mapping."""
    found = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{word!r} is not NAME=VALUE", param_hint=option)
        found[name] = value
    return found
