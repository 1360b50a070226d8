"""Edits of a YAML text that touch only the bytes that mean the change.

::

    text = set_value(text, ("tasks", "tv", "interval"), "2 hours")
    text = delete(text, ("tasks", "old"))
    text = rename(text, ("tasks", "tv"), "shows")

Comments, blank lines, quotes, anchors, the order of keys and the kind of line ends stay as they are. A value is
compared with what stands there and only its differences are written. Every edit is proved: the new text is read again
and must mean exactly what was asked for, else :class:`EditError` is raised and the old text is still whole. Where other
places share the changed value by an alias, they keep what they had (:mod:`server.config.anchors`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from server.config.anchors import handed_on
from server.config.document import load, strip_bom
from server.config.errors import ConfigError, EditError, Issue, KeyPath, did_you_mean, format_path
from server.config.render import Style, flow_pair, identical, pair_lines
from server.config.spans import Span, parse
from server.config.splice import Splicer

BOM = "\ufeff"


def set_value(text: str, key_path: KeyPath, value: Any) -> str:
    """The text with the value at ``key_path`` set to plain data. Missing mappings on the way are added.

    A list position may be one behind the last, which appends. Raises :class:`EditError` where it cannot be done without
    changing something else, :class:`ConfigError` where the text is not sound in the first place.
    """
    old = load(text).data
    return _apply(text, old, _with(old, key_path, value, ()), key_path)


def insert(text: str, key_path: KeyPath, value: Any) -> str:
    """Like :func:`set_value`, for a key that must not be there yet."""
    old = load(text).data
    if _has(old, key_path):
        raise EditError(_issue(f"`{format_path(key_path)}` is there already.", key_path))
    return _apply(text, old, _with(old, key_path, value, ()), key_path)


def delete(text: str, key_path: KeyPath) -> str:
    """The text without a key (or list item), its value, and the comments that belong to it.

    Those are comment lines right above it, as far indented as the key, and deeper ones right below its value.
    """
    old = load(text).data
    if not key_path or not _has(old, key_path):
        raise EditError(_missing(old, key_path))
    return _apply(text, old, _without(old, key_path), key_path)


def rename(text: str, key_path: KeyPath, new_key: str) -> str:
    """The text with another name for a key; place, value and comments stay."""
    old = load(text).data
    if not key_path or not _has(old, key_path):
        raise EditError(_missing(old, key_path))
    parent_path, key = key_path[:-1], key_path[-1]
    parent = _get(old, parent_path)
    if not isinstance(parent, dict):
        raise EditError(_issue("A list item has no name.", key_path))
    if new_key == key:
        return text
    if new_key in parent:
        raise EditError(_issue(f"The name `{new_key}` is in use.", key_path))
    renamed = {new_key if name == key else name: value for name, value in parent.items()}
    wanted = _with(old, parent_path, renamed, ())
    bom, body = _split_bom(text)
    span = _span_at(parse(body), parent_path)
    pair = next((pair for pair in span.pairs if pair.name == key and not pair.merge), None) if span else None
    if pair is None or pair.key.kind != "scalar":
        raise EditError(_issue("The key comes from another place by an alias or merge key; rename it there.", key_path))
    quote = pair.key.style if pair.key.style in ("'", '"') else None
    style = Style.of(body, None)
    name = _key_text(new_key, style, quote, flow=bool(span and span.flow))
    return _proved(text, bom + body[: pair.key.body] + name + body[pair.key.end :], wanted, key_path)


def replace_all(text: str, data: Any) -> str:
    """The text changed as little as possible so that it means ``data`` as a whole."""
    return _apply(text, load(text).data, data, ())


def _key_text(key: str, style: Style, quote: str | None, *, flow: bool) -> str:
    if quote is not None and key.isprintable():
        escaped = key.replace("'", "''") if quote == "'" else key.replace("\\", "\\\\").replace('"', '\\"')
        return f"{quote}{escaped}{quote}"
    line = flow_pair(key, 0, style) if flow else pair_lines(key, 0, style)[0]
    return line[: -len(": 0")]


def _apply(text: str, old: Any, new: Any, key_path: KeyPath) -> str:
    if identical(old, new):
        return text
    try:
        try:
            return _written(text, old, new, key_path)
        except EditError as refused:
            bom, body = _split_bom(text)
            apart = bom + handed_on(body, old, new)
            if apart == text:
                raise
            try:
                return _written(_proved(text, apart, old, key_path), old, new, key_path)
            except EditError:
                raise refused from None
    except RecursionError as error:
        raise EditError(_issue("The value is nested too deeply.", key_path)) from error


def _written(text: str, old: Any, new: Any, key_path: KeyPath) -> str:
    """The first way to write the change that proves true; the first refusal where none does."""
    refused: EditError | None = None
    for candidate in _candidates(text, old, new):
        try:
            return _proved(text, candidate, new, key_path)
        except EditError as error:
            refused = refused or error
    raise refused or EditError(_refusal(text, key_path))


def _candidates(text: str, old: Any, new: Any) -> Iterator[str]:
    """Ways to write the change, the nicest first: merge keys stay, text of several lines is a block."""
    bom, body = _split_bom(text)
    newline = "\r\n" if "\r\n" in body else "\n"
    closed = not body or body.endswith("\n")
    root = parse(body)
    style = Style.of(body, root)
    for work in [body] if closed else _closings(body, root, newline):
        for apart, blocks in ((False, True), (False, False), (True, True), (True, False)):
            changed = Splicer(work, parse(work), replace(style, blocks=blocks, apart=apart)).run(old, new)
            if not closed:
                yield bom + changed.removesuffix(newline)
            yield bom + changed


def _closings(body: str, root: Span | None, newline: str) -> list[str]:
    """A text without line end, with one. A text block at its end must then say that the line end is not part of it."""
    last = root
    while last is not None and (last.pairs or last.items):
        last = last.pairs[-1].value if last.pairs else last.items[-1]
    plain = body + newline
    if last is None or not last.is_block_text:
        return [plain]
    return [plain, f"{body[: last.body + 1]}-{body[last.body + 1 :]}{newline}"]


def _proved(text: str, changed: str, wanted: Any, key_path: KeyPath) -> str:
    try:
        got = load(changed).data
    except ConfigError as error:
        raise EditError(_refusal(text, key_path)) from error
    if not identical(got, wanted):
        raise EditError(_refusal(text, key_path))
    return changed


def _refusal(text: str, key_path: KeyPath) -> Issue:
    """Why an edit did not prove true: as a rule because other places share the value."""
    body = strip_bom(text)
    shared = _shared_anchor(parse(body), key_path, body)
    if shared is not None:
        anchor, lines = shared
        places = ", ".join(str(line) for line in lines)
        return _issue(
            f"The value carries the anchor `&{anchor}` and is used again in line {places}; "
            "changing it would change that place too.",
            key_path,
            "Edit the file by hand, or take the anchor apart first.",
        )
    return _issue(
        "The change cannot be written without touching other parts of the file.",
        key_path,
        "Edit the file by hand.",
    )


def _shared_anchor(root: Span | None, key_path: KeyPath, text: str) -> tuple[str, list[int]] | None:
    """An anchor of what is changed, or of what holds it, and the lines of the aliases that stand elsewhere."""
    if root is None:
        return None
    steps = [root]
    for key in key_path:
        span = steps[-1].below(key)
        if span is None:
            break
        steps.append(span)
    changed = steps[-1]
    aliases = [span for span in root.all_below() if span.kind == "alias" and span.anchor is not None]
    for span in (*steps[:-1], *changed.all_below()):
        if span.anchor is None or span.kind == "alias":
            continue
        outside = [alias for alias in aliases if not changed.start <= alias.start < changed.end]
        lines = [text.count("\n", 0, alias.start) + 1 for alias in outside if alias.anchor == span.anchor]
        if lines:
            return span.anchor, lines
    return None


def _split_bom(text: str) -> tuple[str, str]:
    return (BOM, text[1:]) if text.startswith(BOM) else ("", text)


def _span_at(span: Span | None, path: KeyPath) -> Span | None:
    for key in path:
        if span is None:
            return None
        span = span.below(key)
    return span


# --- plain data -------------------------------------------------------------------------------------------------------
# Containers are copied along the path only where they change: aliased values are shared objects, and a deep copy would
# keep them so and change the other places with them.


def _get(data: Any, path: KeyPath) -> Any:
    for key in path:
        data = data[key]
    return data


def _has(data: Any, path: KeyPath) -> bool:
    for key in path:
        inside = isinstance(data, dict) and key in data
        if not inside and not (isinstance(data, list) and isinstance(key, int) and 0 <= key < len(data)):
            return False
        data = data[key]
    return True


def _with(data: Any, path: KeyPath, value: Any, done: KeyPath) -> Any:
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(data, list):
        if not isinstance(key, int) or not 0 <= key <= len(data):
            raise EditError(_issue(f"The list has no item {key}.", (*done, key)))
        below = data[key] if key < len(data) else None
        return [*data[:key], _with(below, rest, value, (*done, key)), *data[key + 1 :]]
    if data is not None and not isinstance(data, dict):
        raise EditError(_issue("There is a single value here, nothing can be put below it.", done))
    mapping = dict(data or {})
    mapping[key] = _with(mapping.get(key), rest, value, (*done, key))
    return mapping


def _without(data: Any, path: KeyPath) -> Any:
    key, rest = path[0], path[1:]
    if isinstance(data, list):
        index = int(key)
        middle = [_without(data[index], rest)] if rest else []
        return [*data[:index], *middle, *data[index + 1 :]]
    if rest:
        return {name: _without(value, rest) if name == key else value for name, value in data.items()}
    return {name: value for name, value in data.items() if name != key}


def _issue(message: str, key_path: KeyPath, suggestion: str | None = None) -> Issue:
    return Issue(message, key_path=key_path, suggestion=suggestion)


def _missing(data: Any, key_path: KeyPath) -> Issue:
    parent = _get(data, key_path[:-1]) if key_path and _has(data, key_path[:-1]) else None
    hint = did_you_mean(key_path[-1], parent) if isinstance(parent, dict) else None
    return _issue(f"There is no `{format_path(key_path)}`.", key_path, hint)
