"""Asks Trakt for what belongs to people: lists, what they saw and have, calendars.

    trakt = Trakt(Sites.of(services), account="mine")
    trakt.rows("/users/me/watchlist/shows")

What fails is a :class:`PluginError` or (where a task may go on) a :class:`PluginWarning`, in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from server.engine.errors import PluginError
from server.features.lookups._read import mappings, whole
from server.features.lookups.client import Called, LookupFailed, LookupRefused, Sites
from server.features.trakt import _account
from server.features.trakt.store import AccountStore

PAGE = 1000
"""Rows of a page."""

MOST_PAGES = 100


class Trakt:
    """``account``: whose token goes along. ``username``: whose things are meant; else those of the account."""

    def __init__(self, sites: Sites, *, account: str | None = None, username: str | None = None) -> None:
        self._sites = sites
        self.account, self.username = account, username

    @property
    def user(self) -> str:
        """How addresses name the person."""
        return self.username or "me"

    def rows(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Mapping[str, Any]]:
        """All rows of a list, page after page."""
        for page in range(1, MOST_PAGES + 1):
            called = self.call("GET", path, {**(params or {}), "limit": PAGE, "page": page})
            yield from mappings(called.data)
            if page >= whole(called.headers.get("x-pagination-page-count", "1")):
                return

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """What is at a path; None where there is nothing."""
        called = self.call("GET", path, params, answers=frozenset({404}))
        return called.data

    def post(self, path: str, body: Any) -> Any:
        """Send a change."""
        return self.call("POST", path, body=body).data

    def call(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        body: Any = None,
        answers: frozenset[int] = frozenset(),
    ) -> Called:
        """Ask; raises ``PluginError``."""
        try:
            headers = {"trakt-api-version": "2", "trakt-api-key": self._sites.key("trakt")}
            if self.account:
                # A token can be renewed once: what Trakt gives for it must be kept, whatever is undone of this run.
                account = _account.ready(self._sites, self._sites.db.store(AccountStore), self.account)
                headers["Authorization"] = f"Bearer {account.access_token}"
            return self._sites.call("trakt", method, path, params, headers=headers, body=body, answers=answers)
        except (LookupFailed, LookupRefused) as error:
            raise PluginError(str(error)) from None


def slug(name: str) -> str:
    """A list's name as Trakt's addresses have it: ``My List!`` is ``my-list``."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("&", "and").replace("'", "")).strip("-")
