"""Reading a YAML file: its text, its meaning, and the place of everything in it.

The meaning is YAML 1.1 as PyYAML reads it (``yes`` is true, ``0777`` is 511, ``12:30`` is 750), because that is what
FlexGet configs are written for::

    document = load(Path("config.yml"))
    document.data["tasks"]["tv"]
    document.position(("tasks", "tv", "rss"))     # Position(file="config.yml", line=4, column=7)

What PyYAML would let pass in silence is an error here: a key written twice, an anchor that holds itself, aliases that
blow up. Byte order marks and CRLF line ends are fine.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from server.config import nodes
from server.config.errors import ConfigError, Issue, KeyPath, Position
from server.config.syntax import explain, not_utf8

MAX_EXPANDED_NODES = 1_000_000
"""A config whose aliases, written out, hold more values than this is refused."""


class _Loader(nodes.FastLoader):  # type: ignore[misc]
    """PyYAML's safe loader that also notices keys written twice."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.duplicates: list[tuple[Node, Node]] = []

    def construct_mapping(self, node: Node, deep: bool = False) -> dict[Any, Any]:
        own = list(node.value) if isinstance(node, MappingNode) else []
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(own) or any(key.tag == nodes.MERGE_TAG for key, _ in own):
            self._note_duplicates(own)
        return mapping

    def _note_duplicates(self, pairs: list[tuple[Node, Node]]) -> None:
        first: dict[Any, Node] = {}
        for key, _ in pairs:
            if key.tag == nodes.MERGE_TAG:
                continue
            name = self.construct_object(key, deep=True)
            if name in first:
                self.duplicates.append((first[name], key))
            else:
                first[name] = key


@dataclass(frozen=True)
class Document:
    """A YAML text and what it means. ``data`` is shared, plain Python: treat it as read-only."""

    text: str
    data: Any
    path: Path | None
    hash: str
    """SHA-256 of the bytes, for noticing changes."""

    @property
    def name(self) -> str | None:
        """The file's name as it is shown in messages."""
        return None if self.path is None else str(self.path)

    @cached_property
    def root(self) -> Node | None:
        """The node tree, composed when first asked for."""
        return nodes.compose(strip_bom(self.text))

    def position(self, key_path: KeyPath, *, key: bool = False) -> Position | None:
        """Where a value begins (or its key, with ``key=True``); for a path that leads nowhere its deepest known part.

        None only for an empty document.
        """
        found, reached = nodes.nearest(self.root, key_path)
        if found is None:
            return None
        wants_key = key or reached != key_path
        return nodes.start_of(found.key if wants_key and found.key is not None else found.node, self.name)


def load(source: Path | str, *, path: Path | None = None) -> Document:
    """Read a file (a ``Path``) or a text (a ``str``, with ``path`` as its name in messages).

    Raises :class:`ConfigError` with every finding: unreadable, not UTF-8, not YAML, keys written twice.
    """
    if isinstance(source, Path):
        path, text, raw = source, *read(source)
    else:
        text, raw = source, source.encode("utf-8", "surrogatepass")
    data = _construct(text, None if path is None else str(path))
    return Document(text, data, path, digest(raw))


def digest(raw: bytes) -> str:
    """The hash that documents are compared by."""
    return hashlib.sha256(raw).hexdigest()


def strip_bom(text: str) -> str:
    """The text without a byte order mark."""
    return text.removeprefix("\ufeff")


def decode(raw: bytes, name: str | None) -> str:
    """Bytes of a config file as text; :class:`ConfigError` names the line where they are not UTF-8."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ConfigError(not_utf8(raw, error, name)) from error
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(not_utf8(raw, error, name)) from error


def read(path: Path) -> tuple[str, bytes]:
    """A config file's text, whatever it means, and its bytes; :class:`ConfigError` where it cannot be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise ConfigError(Issue("The file does not exist.", file=str(path))) from error
    except OSError as error:
        message = f"The file cannot be read: {error.strerror or error}."
        raise ConfigError(Issue(message, file=str(path), suggestion="Check its permissions.")) from error
    return decode(raw, str(path)), raw


def _construct(text: str, name: str | None) -> Any:
    text = strip_bom(text)
    loader: _Loader | None = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        if root is None:
            return None
        if "&" in text and "*" in text:
            _check_aliases(root, name)
        data = loader.construct_document(root)
    except yaml.YAMLError as error:
        raise ConfigError(explain(error, text, name)) from error
    except (ValueError, OverflowError) as error:
        raise ConfigError(_bad_value(text, name, error)) from error
    except RecursionError as error:
        raise ConfigError(Issue("The file is nested too deeply to be read.", file=name)) from error
    finally:
        if loader is not None:
            loader.dispose()
    if loader.duplicates:
        raise ConfigError([_duplicate(first, second, root, name) for first, second in loader.duplicates])
    return data


def _bad_value(text: str, name: str | None, error: Exception) -> Issue:
    """A value that looks like a date or number but is none (``2024-13-45``): find it by trying each scalar."""
    root = nodes.compose(text)
    stack: list[Node | None] = [root]
    seen: set[int] = set()
    constructor = yaml.constructor.SafeConstructor()
    while stack:
        node = stack.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            stack.extend(child for pair in node.value for child in pair)
        elif isinstance(node, SequenceNode):
            stack.extend(node.value)
        else:
            try:
                constructor.construct_object(node)
            except (ValueError, OverflowError) as bad:
                kind = node.tag.rsplit(":", 1)[-1]
                return Issue(
                    f"`{node.value}` looks like a {kind} but is none: {bad}.",
                    suggestion=f"Put it in quotes if it is meant as text: '{node.value}'.",
                    key_path=_path_of(root, node) or (),
                ).at(nodes.start_of(node, name))
    return Issue(f"A value cannot be read: {error}.", file=name)


def _duplicate(first: Node, second: Node, root: Node, name: str | None) -> Issue:
    value = getattr(second, "value", "")
    return Issue(
        f"The key `{value}` is written twice in the same place; it stands already in line {first.start_mark.line + 1}.",
        key_path=_path_of(root, second) or (value,),
        expected="every key once",
        suggestion="Remove one of the two, or put their contents together.",
    ).at(nodes.start_of(second, name))


def _path_of(root: Node | None, wanted: Node) -> KeyPath | None:
    """The key path of a key or value node (identity)."""
    stack: list[tuple[Node | None, KeyPath]] = [(root, ())]
    seen: set[int] = set()
    while stack:
        node, path = stack.pop()
        if node is wanted:
            return path
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            for key, value in node.value:
                below = (*path, nodes.key_of(key))
                if key is wanted:
                    return below
                stack.append((value, below))
        elif isinstance(node, SequenceNode):
            stack.extend((item, (*path, index)) for index, item in enumerate(node.value))
    return None


def _check_aliases(root: Node, name: str | None) -> None:
    """Refuse an anchor that contains itself, and aliases that expand beyond all measure."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: Node) -> int:
        known = sizes.get(id(node))
        if known is not None:
            return known
        if id(node) in open_nodes:
            raise ConfigError(Issue("An anchor contains itself by an alias.").at(nodes.start_of(node, name)))
        open_nodes.add(id(node))
        total = 1
        if isinstance(node, MappingNode):
            total += sum(size(key) + size(value) for key, value in node.value)
        elif isinstance(node, SequenceNode):
            total += sum(size(item) for item in node.value)
        open_nodes.discard(id(node))
        sizes[id(node)] = total
        return total

    if size(root) > MAX_EXPANDED_NODES:
        message = f"The aliases of this file stand for more than {MAX_EXPANDED_NODES:,} values."
        raise ConfigError(Issue(message, file=name, suggestion="Use templates instead of nested aliases."))
