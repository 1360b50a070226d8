"""YAML nodes with their marks: where in a text a key path lies.

Composed only when a place is asked for (an error to report, an edit to make): nodes of a 10,000-line file take tens of
megabytes, the plain data a few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from server.config.errors import KeyPath, Position

MERGE_TAG = "tag:yaml.org,2002:merge"
_STRING_TAG = "tag:yaml.org,2002:str"
_resolver = yaml.resolver.Resolver()

FastLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader where PyYAML was built with it, else the pure one: same meaning, six times slower."""


@dataclass(frozen=True, slots=True)
class Located:
    """A node found by key path. ``key`` is the key's node in a mapping, None for a list item or the root.

    ``merged`` tells that the pair comes by a merge key (``<<``), ``parent`` is the collection that holds the pair.
    """

    node: Node
    key: ScalarNode | None
    parent: Node | None
    merged: bool = False


def compose(text: str) -> Node | None:
    """The node tree of a text that is known to be sound; None for an empty one."""
    node: Node | None = yaml.compose(text, Loader=FastLoader)
    return node


def resolve_tag(value: str, implicit: Any) -> str:
    """The tag that YAML 1.1 gives to a scalar without one; ``implicit`` is the parser's (plain, quoted)."""
    return str(_resolver.resolve(ScalarNode, value, implicit))  # type: ignore[no-untyped-call]


def key_of(node: Node) -> Any:
    """The Python key that a key node means (``yes`` is True, ``5`` is 5). Complex keys answer None."""
    if not isinstance(node, ScalarNode):
        return None
    if node.tag == _STRING_TAG:
        return node.value
    try:
        return SafeConstructor().construct_object(node)
    except yaml.YAMLError:
        return None


def find(root: Node | None, path: KeyPath) -> Located | None:
    """The node at a key path, or None. Merge keys are followed: own keys win over merged ones."""
    if root is None:
        return None
    found = Located(root, None, None)
    for key in path:
        below = _step(found.node, key)
        if below is None:
            return None
        found = below
    return found


def nearest(root: Node | None, path: KeyPath) -> tuple[Located | None, KeyPath]:
    """The deepest node on the way to a key path, and the part of the path that leads to it."""
    for length in range(len(path), -1, -1):
        found = find(root, path[:length])
        if found is not None:
            return found, path[:length]
    return None, ()


def _step(node: Node, key: str | int) -> Located | None:
    if isinstance(node, SequenceNode):
        if isinstance(key, int) and 0 <= key < len(node.value):
            return Located(node.value[key], None, node)
        return None
    if not isinstance(node, MappingNode):
        return None
    own: Located | None = None
    for key_node, value in node.value:
        if key_node.tag != MERGE_TAG and key_of(key_node) == key:
            own = Located(value, key_node, node)
    return own or _merged(node, key)


def _merged(node: MappingNode, key: str | int) -> Located | None:
    for key_node, value in reversed(node.value):
        if key_node.tag != MERGE_TAG:
            continue
        sources = value.value if isinstance(value, SequenceNode) else [value]
        for source in sources:
            found = _step(source, key) if isinstance(source, MappingNode) else None
            if found is not None:
                return Located(found.node, found.key, found.parent, merged=True)
    return None


def start_of(node: Node, file: str | None) -> Position:
    """Where a node begins, counted from 1."""
    return Position(file, node.start_mark.line + 1, node.start_mark.column + 1)
