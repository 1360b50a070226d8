"""Reads ``api-1.8.0.tsv``: the endpoints that clients know, with statuses and query parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.routes import ROUTES
from server.web.endpoint import Endpoint, Resource
from server.web.router import Route

_QUERY = re.compile(r"(\w+):(\w+)(!?)(?:\{([^}]*)\})?(?:=(\S+))?")


@dataclass(frozen=True)
class Wanted:
    """One line."""

    method: str
    path: str
    statuses: frozenset[int]
    etag: bool
    query: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def parameters(self) -> dict[str, dict[str, Any]]:
        """Query parameters by name: type, required, choices, default (as text)."""
        return {
            name: {
                "type": kind,
                "required": bool(required),
                "choices": choices.split("|") if choices else None,
                "default": default or None,
            }
            for name, kind, required, choices, default in _QUERY.findall(self.query)
        }


def _read(line: str) -> Wanted:
    method, path, statuses, etag, query = (*line.split("\t"), "", "")[:5]
    return Wanted(method, path, frozenset(map(int, statuses.split(","))), bool(etag), query)


LINES = tuple(
    _read(line)
    for line in Path(__file__).with_name("api-1.8.0.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
)


def _key(path: str) -> str:
    return re.sub(r"\{(\w+)(:\w+)?\}", r"{\1}", path).rstrip("/")


DECLARED: dict[tuple[str, str], tuple[Route, type[Resource], Endpoint]] = {
    (endpoint.method, _key(route.path)): (route, route.load(), endpoint)
    for route in ROUTES
    for endpoint in route.load().endpoints.values()
}


def declared(wanted: Wanted) -> Endpoint | None:
    """Our declaration of that endpoint."""
    found = DECLARED.get((wanted.method, _key(wanted.path)))
    return found[2] if found else None
