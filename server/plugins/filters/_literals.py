"""What a text must hold for a regular expression to match: cheap to look for, before the expression itself is tried.

    needs("show.*(720p|1080p)")      # ('show',)   every match holds one of these, in lower case

Only plain ASCII is considered, where case is simple. ``None``: nothing can be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

_parser: Any = getattr(re, "_parser")  # noqa: B009 - the module that parses expressions has no public name
_constants: Any = getattr(re, "_constants")  # noqa: B009

MANY = 8
"""Alternatives beyond which looking for them is not cheap any more."""

Needs = tuple[str, ...]


def needs(pattern: str) -> Needs | None:
    """Texts of which every match (without regard to case) of ``pattern`` in ASCII text holds at least one."""
    try:
        parsed = _parser.parse(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError):
        return None
    return _best(_conditions(parsed))


def _best(conditions: Iterable[Needs]) -> Needs | None:
    usable = [found for found in conditions if found and len(found) <= MANY and all(len(item) > 1 for item in found)]
    return max(usable, key=lambda found: (min(map(len, found)), -len(found)), default=None)


def _conditions(sequence: Any) -> list[Needs]:
    """Everything that must be there, for the parts of a sequence."""
    found: list[Needs] = []
    run: list[str] = []

    def end() -> None:
        if run:
            found.append(("".join(run),))
            run.clear()

    for kind, value in sequence:
        if kind is _constants.LITERAL and value < 128:
            run.append(chr(value).lower())
        elif kind is _constants.AT:
            continue  # a place, not a character: what is before and after it still touch
        else:
            end()
            found.extend(_inner(kind, value))
    end()
    return found


def _inner(kind: Any, value: Any) -> list[Needs]:
    if kind is _constants.SUBPATTERN:
        return _conditions(value[3])
    if kind in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and value[0] >= 1:
        return _conditions(value[2])
    if kind is _constants.BRANCH:
        branches = [_best(_conditions(branch)) for branch in value[1]]
        if all(branches):
            return [tuple(dict.fromkeys(item for branch in branches if branch for item in branch))]
    return []
