"""From a path to its resource: a dictionary for literal paths, a tree of segments for those with parameters.

Both forms of a path, with and without the slash at its end, lead to the same resource without a redirect.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.web.endpoint import Resource, Web
from server.web.parameters import LARGEST, decode

_PARAMETER = re.compile(r"\{(\w+)(?::(int|str|rest))?\}")


@dataclass(frozen=True)
class Route:
    """A path below ``/api`` and where its resource class is: ``module:Class``, imported when it is first asked for.

    Parameters are ``{name}`` (text), ``{name:int}`` (another path where it is no number) or, as the last segment,
    ``{name:rest}`` (one or more segments). ``at_root``: not below ``/api`` (such a path has no parameters).
    ``from_start_with``: a key of the config with which the resource is made when the server is.
    """

    path: str
    target: str
    at_root: bool = False
    from_start_with: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """Name to kind (``int``, ``str``, ``rest``), in order."""
        return {name: kind or "str" for name, kind in _PARAMETER.findall(self.path)}

    def load(self) -> type[Resource]:
        """Import the class."""
        module, _, name = self.target.partition(":")
        found = getattr(importlib.import_module(module), name)
        if not (isinstance(found, type) and issubclass(found, Resource)):
            raise TypeError(f"{self.target} is no Resource")
        return found


class Mounted:
    """A route in one server: its resource is made once, at its first request."""

    def __init__(self, route: Route, services: Any, web: Web) -> None:
        self.route = route
        self._services = services
        self._web = web
        self._resource: Resource | None = None

    @property
    def resource(self) -> Resource:
        return self._resource or self.make()

    def make(self) -> Resource:
        """The resource, made where it is not yet."""
        if self._resource is None:
            self._resource = self.route.load()(self._services, self._web)
        return self._resource


@dataclass
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    number: tuple[str, _Node] | None = None
    text: tuple[str, _Node] | None = None
    rest: tuple[str, Mounted] | None = None
    mounted: Mounted | None = None


Found = tuple[Mounted, dict[str, Any]]


class Router:
    """The URL map of one server below ``prefix`` (such as ``/flexget/api``), and below ``alias`` where there is one."""

    def __init__(self, prefix: str, routes: Sequence[Route], services: Any, web: Web, alias: str | None = None) -> None:
        self.prefix = prefix
        self.alias = alias
        self.mounted = [Mounted(route, services, web) for route in routes]
        self._literal: dict[str, Found] = {}
        self._root = _Node()
        for mounted in self.mounted:
            self._add(mounted)
            if (key := mounted.route.from_start_with) and services.config.data.get(key):
                mounted.make()

    def find(self, path: str) -> Found | None:
        """The resource of a path as it was sent (percent-encoded), and its parameters."""
        return self._literal.get(path) or next(self.all(path), None)

    def all(self, path: str) -> Iterator[Found]:
        """All resources below ``/api`` that a path may mean, the most literal first.

        ``/tasks/queue/`` is the queue, and also a task of that name.
        """
        if self.alias is not None and path.startswith(f"{self.alias}/"):
            path = self.prefix + path.removeprefix(self.alias)
        if not path.startswith(f"{self.prefix}/"):
            return
        # clients join ".../api/" and "/seen/"; further on two slashes may be an id that is missing
        inner = path.removeprefix(self.prefix).lstrip("/")
        try:
            segments = [decode(segment) for segment in inner.removesuffix("/").split("/")]
        except ValueError:
            return
        yield from _walk(self._root, segments, 0)

    def start_of(self, path: str) -> str:
        """Where the API begins for whom asked for this path: :attr:`prefix` or :attr:`alias`."""
        by_alias = self.alias is not None and path.startswith(f"{self.alias}/")
        return str(self.alias) if by_alias else self.prefix

    def _add(self, mounted: Mounted) -> None:
        path = mounted.route.path.rstrip("/")
        if mounted.route.at_root:
            start = self.prefix.removesuffix("/api")
            self._literal |= {start + form: (mounted, {}) for form in (path, path + "/")}
            return
        if "{" not in path:
            for form in (path, path + "/"):
                self._literal[self.prefix + form] = (mounted, {})
        node = self._root
        for segment in path.split("/")[1:]:
            parameter = _PARAMETER.fullmatch(segment)
            if parameter is None:
                node = node.children.setdefault(segment, _Node())
                continue
            name, kind = parameter[1], parameter[2] or "str"
            if kind == "rest":
                node.rest = (name, mounted)
                return
            if kind == "int":
                node.number = node.number or (name, _Node())
                node = _same(node.number, name, path)
            else:
                node.text = node.text or (name, _Node())
                node = _same(node.text, name, path)
        if node.mounted is not None:
            raise ValueError(f"{path} is mapped twice")
        node.mounted = mounted


def _same(there: tuple[str, _Node], name: str, path: str) -> _Node:
    if there[0] != name:
        raise ValueError(f"{path}: this segment is called `{there[0]}` in another route")
    return there[1]


def _walk(node: _Node, segments: list[str], at: int) -> Iterator[Found]:
    if at == len(segments):
        if node.mounted is not None:
            yield node.mounted, {}
        return
    segment = segments[at]
    child = node.children.get(segment)
    if child is not None:
        yield from _walk(child, segments, at + 1)
    if node.number is not None and segment.isascii() and segment.isdigit() and int(segment[:20]) <= LARGEST:
        for mounted, values in _walk(node.number[1], segments, at + 1):
            yield mounted, {node.number[0]: int(segment), **values}
    if node.text is not None and segment:
        for mounted, values in _walk(node.text[1], segments, at + 1):
            yield mounted, {node.text[0]: segment, **values}
    if node.rest is not None and segment:
        yield node.rest[1], {node.rest[0]: "/".join(segments[at:])}
