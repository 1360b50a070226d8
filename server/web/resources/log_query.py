"""The query language of the log: words, ``"quoted words"``, ``and`` (also implied), ``or``, ``no <term>``, parentheses.

``no``, ``and`` and ``or`` where nothing is for them to work on are words like others; so is what holds signs other than
quotes and parentheses (``S01E02.720p``, ``http://host``). A query that breaks off (``seen and``, ``(seen``,
``"rss fe``) counts as far as it goes: clients ask while it is still being typed.

>>> matcher = parse('(seen or "rss feed") no debug')
>>> matcher("INFO rss feed is fine")
True
"""

from __future__ import annotations

import re
from collections.abc import Callable

Matcher = Callable[[str], bool]

LONGEST = 1000
"""Characters of a query."""
DEEPEST = 20
"""Parentheses within parentheses."""

_TOKEN = re.compile(r'\s*(?:"([^"]*)(?:"|$)|([()])|([^\s()"]+))')


class QueryError(ValueError):
    """The query cannot be understood; the message says where."""


def parse(text: str) -> Matcher:
    """A function that tells whether a line matches, without regard to case; an empty query matches every line."""
    if len(text) > LONGEST:
        raise QueryError(f"longer than {LONGEST} characters")
    tokens = _tokens(text)
    while tokens and tokens[-1] == ("(", "("):
        tokens.pop()
    if not tokens:
        return lambda line: True
    parser = _Parser(tokens)
    matcher = parser.either(0)
    if not parser.at_end:
        raise QueryError("there is a `)` too many")
    return lambda line: matcher(line.lower())


def _tokens(text: str) -> list[tuple[str, str]]:
    """Kind (``text``, ``word``, ``(``, ``)``) and value of each part."""
    found = []
    for part in _TOKEN.finditer(text):
        quoted, sign, word = part.groups()
        if quoted is not None:
            found.append(("text", quoted.lower()))
        else:
            found.append((sign, sign) if sign else ("word", word.lower()))
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at == len(self._tokens)

    def either(self, depth: int) -> Matcher:
        if depth > DEEPEST:
            raise QueryError("too many parentheses within each other")
        parts = [self._all(depth)]
        while self._take("word", "or") and not self.at_end:
            parts.append(self._all(depth))
        return parts[0] if len(parts) == 1 else lambda line: any(part(line) for part in parts)

    def _all(self, depth: int) -> Matcher:
        parts = [self._one(depth)]
        while not self.at_end and not self._next_is(")", ")") and not self._next_is("word", "or"):
            if self._take("word", "and") and self.at_end:
                break
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else lambda line: all(part(line) for part in parts)

    def _one(self, depth: int) -> Matcher:
        if self._next_is("word", "no") and self._goes_on():
            self._at += 1
            wrong = self._one(depth + 1) if depth <= DEEPEST else self.either(depth)
            return lambda line: not wrong(line)
        if self._take("(", "("):
            inner = self.either(depth + 1)
            self._take(")", ")")
            return inner
        kind, value = self._tokens[self._at]
        if kind == ")":
            raise QueryError(f"a word is missing before `{value}`")
        self._at += 1
        return lambda line: value in line

    def _goes_on(self) -> bool:
        """Whether something stands behind the next part, within the same parentheses."""
        return self._tokens[self._at + 1 : self._at + 2] not in ([], [(")", ")")])

    def _next_is(self, kind: str, value: str) -> bool:
        return not self.at_end and self._tokens[self._at] == (kind, value)

    def _take(self, kind: str, value: str) -> bool:
        if self._next_is(kind, value):
            self._at += 1
            return True
        return False
