"""What people require of a quality: ``720p-1080p webdl+ !h265``.

    Requirements("720p-1080p webdl+ !h265").allows(Quality.parse("Show.S01E01.720p.WEB-DL.x264-GRP"))

Words and meaning are those of the wiki's page "Qualities" (https://flexget.com/Qualities).
"""

from __future__ import annotations

from itertools import product

from server.parsing.quality import (
    CATEGORIES,
    COMPONENTS,
    LADDERS,
    Component,
    Quality,
    QualityError,
    component_named,
    ranks_of,
)
from server.parsing.quality_order import IN_FORCE


class Requirements:
    """What a quality has to be, as people write it: ``720p-1080p webdl+ !cam h264``.

    Words (separated by blanks or commas) are values (``720p``), several of them (``720p|1080p``), ranges
    (``480p-720p``, ``hdtv+``, ``<720p``, ``<=``, ``>``, ``>=``) or any of these forbidden (``!cam``). Several words of
    one category add up; of two lower (upper) bounds the later counts; a category without words may be anything.
    An upper bound alone lets unknown pass, all other positive words do not. Empty or ``any`` allows everything.

    Raises :class:`QualityError` for text that cannot be read.
    """

    __slots__ = ("_allowed", "_named", "_order", "_words", "text")

    def __init__(self, text: str = "") -> None:
        self._order = IN_FORCE.ranks
        self.text = text.strip()
        self._words: list[list[str]] = [[] for _ in CATEGORIES]
        rules = [_Rule(len(ladder)) for ladder in LADDERS]
        wanted = "" if self.text.lower() in ("", "any") else self.text.lower()
        for word in wanted.replace(",", " ").split():
            place = _read(word, rules)
            self._words[place].append(word)
        self._allowed: tuple[frozenset[int] | None, ...] = tuple(rule.allowed() for rule in rules)
        self._named = tuple(rule.named() for rule in rules)

    def allows(self, quality: Quality) -> bool:
        """Whether a release of this quality may be taken."""
        if self._order is not IN_FORCE.ranks:
            return Requirements(self.text).allows(quality)
        for allowed, rank in zip(self._allowed, ranks_of(quality), strict=True):
            if allowed is not None and rank not in allowed:
                return False
        return True

    def named(self) -> list[Quality]:
        """What is asked for in so many words, for searches: values, all of a range, the lowest of an open one.

        Empty where something is only limited or forbidden.
        """
        if self._order is not IN_FORCE.ranks:
            return Requirements(self.text).named()
        if None in self._named:
            return []
        choices = [
            [component for component in ladder if component.rank_in_force in ranks] or [ladder[0]]
            for ladder, ranks in zip(LADDERS, self._named, strict=True)
            if ranks is not None
        ]
        return [Quality(components) for components in product(*choices)]

    def explain(self, quality: Quality) -> str:
        """Why a quality is not allowed ("resolution 480p is not 720p+"), one clause a category; empty when it is."""
        if self._order is not IN_FORCE.ranks:
            return Requirements(self.text).explain(quality)
        return ", ".join(
            f"{category.replace('_', ' ')} {component.name} is not {' '.join(words)}"
            for category, component, allowed, words in zip(
                CATEGORIES, quality.components, self._allowed, self._words, strict=True
            )
            if allowed is not None and component.rank_in_force not in allowed
        )

    def __str__(self) -> str:
        return self.text or "any"

    def __repr__(self) -> str:
        return f"<Requirements {self}>"

    def __eq__(self, other: object) -> bool:
        return self._allowed == other._allowed if isinstance(other, Requirements) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._allowed)


class _Rule:
    """What one category may be, while the words are read. Ranks; 0 is unknown."""

    __slots__ = ("forbidden", "high", "low", "size", "values")

    def __init__(self, size: int) -> None:
        self.size = size
        self.low: int | None = None
        self.high: int | None = None
        self.values: set[int] = set()
        self.forbidden: set[int] = set()

    def named(self) -> list[int] | None:
        """The ranks that the words name; None when they only limit or forbid."""
        if self.forbidden or (self.low is None and self.high is not None):
            return None
        if self.low is None:
            return sorted(self.values)
        top = self.high if self.high is not None else self.low
        return sorted({*range(self.low, min(top + 1, self.size)), *self.values})

    def allowed(self) -> frozenset[int] | None:
        everything = range(self.size)
        if self.low is not None or self.high is not None:
            low = self.low if self.low is not None else 0
            taken = set(everything[low : self.high + 1 if self.high is not None else None]) | self.values
        elif self.values:
            taken = self.values
        elif self.forbidden:
            taken = set(everything)
        else:
            return None
        return frozenset(taken - self.forbidden)


def _read(word: str, rules: list[_Rule]) -> int:
    """Adds what one word says to the rule of its category; returns the category's place."""
    body = word.removeprefix("!")
    low, high, values = _bounds(body)
    if low and high and low.category != high.category:
        raise QualityError(f"'{word}' mixes {low.category} and {high.category}", word)
    if len({value.category for value in values}) > 1:
        raise QualityError(f"'{word}' mixes {' and '.join(sorted({value.category for value in values}))}", word)
    place = CATEGORIES.index((low or high or values[0]).category)
    rule = rules[place]
    if word.startswith("!"):
        inner = _Rule(rule.size)
        _apply(inner, body, low, high, values)
        rule.forbidden |= (inner.allowed() or frozenset()) - {0}
    else:
        _apply(rule, body, low, high, values)
    return place


def _bounds(body: str) -> tuple[Component | None, Component | None, list[Component]]:
    """Lower bound, upper bound, single values of a word without its "!". Names may hold "+" themselves (dd+5.1)."""
    if body in COMPONENTS:
        return None, None, [COMPONENTS[body]]
    if body.startswith("<"):
        return None, component_named(body[1:].removeprefix("=")), []
    if body.startswith(">"):
        return component_named(body[1:].removeprefix("=")), None, []
    if body.endswith("+"):
        return component_named(body[:-1]), None, []
    if "-" in body and "|" not in body:
        low, _, high = body.partition("-")
        if high in COMPONENTS or low in COMPONENTS:
            return component_named(low), component_named(high), []
    return None, None, [component_named(part) for part in body.split("|")]


def _apply(rule: _Rule, body: str, low: Component | None, high: Component | None, values: list[Component]) -> None:
    strict = body[:1] in "<>" and body[1:2] != "="
    if low is not None:
        rule.low = low.rank_in_force + (strict and body[0] == ">")
    if high is not None:
        rule.high = high.rank_in_force - (strict and body[0] == "<")
    rule.values.update(value.rank_in_force for value in values)
