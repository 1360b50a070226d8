"""Anchors that are in the way of an edit are handed on: the first alias that stays becomes what the others stand for.

::

    a: &x {mock: []}            a: {mock: []}
    b: *x               ->      b: &x
    c: *x                         mock: []
                                c: *x

The text means the same before and after; afterwards ``a`` can be changed or removed without ``b`` and ``c``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from server.config.errors import KeyPath
from server.config.render import Style, column, common_ends, flow_text, identical, item_lines, pair_lines
from server.config.spans import Span, parse

_MOST = 1000
"""Anchors that are handed on for one edit."""


def handed_on(text: str, old: Any, new: Any) -> str:
    """The text with no anchor left, in what differs between the old and new data, that is used elsewhere."""
    paths = list(_differences(old, new, ()))
    for _ in range(_MOST):
        root = parse(text)
        found = None if root is None else next(_shared(root, old, paths), None)
        if root is None or found is None:
            break
        text = _moved(text, root, *found)
    return text


def _differences(old: Any, new: Any, path: KeyPath) -> Iterator[KeyPath]:
    """The paths of what differs, as deep as it can be told."""
    if identical(old, new):
        return
    if isinstance(old, list) and isinstance(new, list):
        head, tail = common_ends(old, new)
        for index in range(head, len(old) - tail):
            if index < len(new) - tail:
                yield from _differences(old[index], new[index], (*path, index))
            else:
                yield (*path, index)
        if len(new) > len(old):
            yield path
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key not in new:
                yield (*path, key)
            else:
                yield from _differences(value, new[key], (*path, key))
        if not new.keys() <= old.keys():
            yield path
    else:
        yield path


def _shared(root: Span, data: Any, paths: list[KeyPath]) -> Iterator[tuple[Span, Any, list[Span], list[Span]]]:
    """Anchored values in the way: each with its data, the aliases that go with the change and those that stay."""
    aliases = [span for span in root.all_below() if span.kind == "alias"]
    for path in paths:
        holders, changed = _along(root, data, path)
        for span, value in [*holders, *_with_data(*changed)]:
            if span.anchor is None or span.kind == "alias":
                continue
            mine = [alias for alias in aliases if alias.anchor == span.anchor]
            going = [alias for alias in mine if changed[0].start <= alias.start < changed[0].end]
            staying = [alias for alias in mine if alias not in going]
            if staying:
                yield span, value, going, staying


def _along(root: Span, data: Any, path: KeyPath) -> tuple[list[tuple[Span, Any]], tuple[Span, Any]]:
    """What holds the value at a path, and the value itself; as far as the path is written out in the text."""
    steps = [(root, data)]
    for key in path:
        span, value = steps[-1]
        below = span.below(key)
        if below is None:
            break
        steps.append((below, value[key]))
    return steps[:-1], steps[-1]


def _with_data(span: Span, data: Any) -> Iterator[tuple[Span, Any]]:
    yield span, data
    if isinstance(data, dict):
        for pair in span.pairs:
            if not pair.merge and pair.name in data:
                yield from _with_data(pair.value, data[pair.name])
    elif isinstance(data, list):
        for item, value in zip(span.items, data, strict=False):
            yield from _with_data(item, value)


def _moved(text: str, root: Span, source: Span, value: Any, going: list[Span], staying: list[Span]) -> str:
    """The anchor of ``source`` taken away, and set where it is used first."""
    style = Style.of(text, root)
    splices = [_without_anchor(text, source)]
    for alias in going:
        splices += _written_out(text, root, alias, value, style, "")
    splices += _written_out(text, root, staying[0], value, style, f"&{source.anchor} ")
    for start, end, fresh in sorted(splices, reverse=True):
        text = text[:start] + fresh + text[end:]
    return text


def _without_anchor(text: str, span: Span) -> tuple[int, int, str]:
    found = re.compile(rf"[ \t]*&{re.escape(span.anchor or '')}([ \t]*)").search(text, span.start - 1)
    if found is None:
        return span.start, span.start, ""
    last = text[found.end() : found.end() + 1] in ("", "\r", "\n", "#")
    return (
        (found.start(), found.start(1), "") if last else (found.start(), found.end(), found[0][: found[0].index("&")])
    )


def _written_out(
    text: str, root: Span, alias: Span, value: Any, style: Style, anchor: str
) -> list[tuple[int, int, str]]:
    """The value in place of an alias, behind an anchor."""
    holder, in_pair = _holder(root, alias)
    collection = isinstance(value, (dict, list)) and bool(value)
    if holder.flow or (collection and not in_pair):
        return [(alias.start, alias.end, anchor + flow_text(value, style))]
    head, *below = pair_lines("k", value, style) if in_pair else item_lines(value, style)
    inline = (anchor + head[2:].strip()).rstrip()
    if not below:
        return [(alias.start, alias.end, inline)]
    end = text.find("\n", alias.end)
    line_end = len(text) if end < 0 else end + 1
    gap = "" if end >= 0 else style.newline
    indent = " " * column(text, holder.body)
    lines = "".join((indent + line if line else "") + style.newline for line in below)
    return [(alias.start, alias.end, inline), (line_end, line_end, gap + lines)]


def _holder(root: Span, alias: Span) -> tuple[Span, bool]:
    """What an alias stands in, and whether it is the value of a key there."""
    for span in root.all_below():
        if any(pair.value is alias for pair in span.pairs):
            return span, True
        if any(item is alias for item in span.items):
            return span, False
    return root, False
