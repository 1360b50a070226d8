"""Where each value of a YAML text begins and ends, to the character: the map that edits are made on.

Unlike the node tree of PyYAML this one keeps aliases apart from what they stand for, and its ends lie right behind the
last character of a value, not at the begin of whatever follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml
from yaml.nodes import ScalarNode

from server.config import nodes

PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*)+")
"""Anchor and tag of a value."""
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")


@dataclass(slots=True)
class Pair:
    """A key and its value in a mapping. ``name`` is the Python key; a merge key has ``merge`` set.

    ``start`` is where the key begins, or the question mark before it.
    """

    key: Span
    value: Span
    name: Any
    merge: bool
    start: int


@dataclass(slots=True)
class Span:
    """A value in the text: ``start`` with its anchor and tag, ``body`` behind them, ``end`` behind its last sign."""

    kind: Literal["scalar", "mapping", "sequence", "alias"]
    start: int
    body: int
    end: int
    flow: bool = False
    style: str | None = None
    anchor: str | None = None
    pairs: list[Pair] = field(default_factory=list)
    items: list[Span] = field(default_factory=list)

    def below(self, key: Any) -> Span | None:
        """The value of a key that is written here, or the item at a position."""
        if self.kind == "sequence":
            return self.items[key] if isinstance(key, int) and 0 <= key < len(self.items) else None
        return next((pair.value for pair in reversed(self.pairs) if pair.name == key and not pair.merge), None)

    def all_below(self) -> Iterator[Span]:
        """This one and all that it holds, in the order of the text."""
        yield self
        for below in [part for pair in self.pairs for part in (pair.key, pair.value)] + self.items:
            yield from below.all_below()

    @property
    def empty(self) -> bool:
        """A value of which nothing is written (``key:``)."""
        return self.kind == "scalar" and self.body == self.end and self.style is None

    @property
    def is_block_text(self) -> bool:
        """A literal or folded text."""
        return self.kind == "scalar" and self.style in ("|", ">")

    @property
    def is_block_collection(self) -> bool:
        """A mapping or list in lines of its own."""
        return self.kind in ("mapping", "sequence") and not self.flow


def parse(text: str) -> Span | None:
    """The spans of a text that is known to be sound; None where it holds no value."""
    events = iter(yaml.parse(text, Loader=nodes.FastLoader))
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            return _Builder(text, events).build(next(events))
    return None


def _end(event: Any) -> int:
    return int(event.end_mark.index)


class _Builder:
    def __init__(self, text: str, events: Iterator[Any]) -> None:
        self.text = text
        self.events = events

    def build(self, event: Any) -> Span:
        start, end = event.start_mark.index, event.end_mark.index
        anchor = event.anchor
        if isinstance(event, yaml.AliasEvent):
            return Span("alias", start, start, end, anchor=anchor)
        properties = PROPERTIES.match(self.text, start) if anchor or getattr(event, "tag", None) else None
        body = properties.end() if properties else start
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, start, body, end)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(Span("mapping", start, body, end, flow=bool(event.flow_style), anchor=anchor))
        return self._sequence(Span("sequence", start, body, end, flow=bool(event.flow_style), anchor=anchor))

    def _scalar(self, event: Any, start: int, body: int, end: int) -> Span:
        style = event.style or None
        if style in ("|", ">"):
            header = self.text[body : self.text.find("\n", body) + 1 or len(self.text)]
            kept = "+" in header.split("#")[0]
            whole = self.text[body:end]
            end = body + len(whole.removesuffix("\n").removesuffix("\r") if kept else whole.rstrip())
        if event.value == "" and style is None and body >= end - 1:
            body = end = start if body == start else start + len(self.text[start:body].rstrip())
        return Span("scalar", start, body, max(body, end), style=style, anchor=event.anchor)

    def _mapping(self, span: Span) -> Span:
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key_event = event
            key = self.build(event)
            value = self.build(next(self.events))
            name, merge = self._name(key_event)
            if value.empty and value.start == value.body:
                place = self._behind_colon(key)
                value.start = value.body = value.end = place
            span.pairs.append(Pair(key, value, name, merge, self._start(key)))
        if span.flow:
            span.end = _end(event)
        else:
            span.body = span.pairs[0].start
            span.end = max(span.pairs[-1].value.end, span.pairs[-1].key.end)
        return span

    def _sequence(self, span: Span) -> Span:
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            span.items.append(self.build(event))
        if span.flow:
            span.end = _end(event)
            return span
        gap = _GAP.match(self.text, span.body)
        span.body = gap.end() if gap else span.body
        span.end = max(span.items[-1].end, span.body + 1)
        return span

    def _name(self, event: Any) -> tuple[Any, bool]:
        if not hasattr(event, "value"):
            return None, False
        tag = event.tag
        if tag is None or tag == "!":
            tag = nodes.resolve_tag(event.value, event.implicit)
        node = ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style)
        return nodes.key_of(node), tag == nodes.MERGE_TAG

    def _start(self, key: Span) -> int:
        at = key.start - 1
        while at > 0 and self.text[at] in " \t":
            at -= 1
        return at if 0 <= at < key.start - 1 and self.text[at] == "?" else key.start

    def _behind_colon(self, key: Span) -> int:
        """Where the value of a key would begin: right behind its colon, or behind the key where there is none."""
        gap = _GAP.match(self.text, key.end)
        at = gap.end() if gap else key.end
        return at + 1 if self.text[at : at + 1] == ":" else key.end
