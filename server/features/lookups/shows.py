"""What sites know of the shows of a list, put beside each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from server.engine.services import Services
from server.features.lookups import tvdb, tvmaze
from server.features.lookups.client import LookupFailed, LookupRefused, NothingFound, Sites

Lookup = Callable[[Sites, str], dict[str, Any]]

LOOKUPS: dict[str, Lookup] = {
    "tvdb": lambda sites, name: tvdb.series(sites, name, "en"),
    "tvmaze": tvmaze.series,
}


def look_up_shows(services: Services, shows: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    """Add ``lookup`` to each show: by site what it knows, or the error in the common shape.

    A site that fails once is not asked about the other shows.
    """
    sites = Sites.of(services)
    broken: dict[str, dict[str, Any]] = {}
    for show in shows:
        found = show["lookup"] = {}
        for name in names:
            if name in broken:
                found[name] = broken[name]
                continue
            try:
                found[name] = LOOKUPS[name](sites, show["name"])
            except NothingFound as error:
                found[name] = _error(404, error)
            except LookupFailed as error:
                found[name] = broken[name] = _error(404, error)
            except LookupRefused as error:
                found[name] = broken[name] = _error(400, error)


def _error(status: int, error: Exception) -> dict[str, Any]:
    return {"message": str(error), "status": "Error", "status_code": status}
