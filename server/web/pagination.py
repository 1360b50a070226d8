"""Pages of rows.

Which page was asked for, and the ``Link``, ``Total-Count`` and ``Count`` headers of the answer (RFC 5988).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.web.errors import NotFound
from server.web.parameters import Choice, Integer, Parameter

PER_PAGE = 50
LARGEST_PAGE = 100

_UNSAFE = re.compile(r'[^!-~]|[<>"]')
"""What must not stand inside the angle brackets of a ``Link`` (the request line was read as latin-1: one byte each)."""


@dataclass(frozen=True)
class Paginated:
    """That an endpoint answers in pages, and by what its rows can be sorted.

    ``sort_by`` empty and ``ordered`` true: only the direction can be chosen; both off: neither (as for plugins).
    ``link_when_empty``: an empty result still has a ``Link`` (``last`` with page 0).
    """

    sort_by: tuple[str, ...] = ()
    default: str = ""
    ordered: bool = True
    order: str = "desc"
    link_when_empty: bool = False

    def parameters(self) -> tuple[Parameter, ...]:
        """The query parameters that this brings along."""
        found: list[Parameter] = [
            Integer("page", "number of the page, from 1", default=1, minimum=1),
            Integer(
                "per_page",
                f"rows of a page; more than {LARGEST_PAGE} counts as {LARGEST_PAGE}",
                default=PER_PAGE,
                minimum=1,
                cap=LARGEST_PAGE,
            ),
        ]
        if self.sort_by:
            found.append(Choice("sort_by", "what to sort by", default=self.default, options=self.sort_by))
        if self.sort_by or self.ordered:
            found.append(Choice("order", "direction of sorting", default=self.order, options=("desc", "asc")))
        return tuple(found)


@dataclass(frozen=True)
class PageQuery:
    """What was asked for. ``limit`` and ``offset`` count rows."""

    page: int = 1
    per_page: int = PER_PAGE
    sort_by: str = ""
    order: str = "desc"

    @property
    def limit(self) -> int:
        return self.per_page

    @property
    def offset(self) -> int:
        # a page far beyond what a database can count is beyond the last one anyway
        return min((self.page - 1) * self.per_page, 2**62)

    @property
    def descending(self) -> bool:
        return self.order == "desc"


@dataclass(frozen=True)
class Page:
    """The rows of one page and the number of all rows."""

    items: Sequence[Any]
    total: int


def last_page(total: int, per_page: int) -> int:
    """Number of the last page; 0 when there are no rows."""
    return -(-total // per_page)


def page_headers(
    page: Page, query: PageQuery, address: str, raw_query: str, declared: Paginated
) -> list[tuple[str, str]]:
    """The headers of a page; raises NotFound for a page beyond the last one.

    :param address: absolute address of the request without its query
    :param raw_query: the query string as sent, of which the other parameters are kept as they are
    """
    last = last_page(page.total, query.per_page)
    if query.page > last and page.total:
        raise NotFound(f"page {query.page} does not exist, the last one is {last}")
    headers = [("Total-Count", str(page.total)), ("Count", str(len(page.items)))]
    if not page.total and not declared.link_when_empty:
        return headers
    sent = _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", raw_query)
    kept = [piece for piece in sent.split("&") if piece and piece.partition("=")[0] not in ("page", "per_page")]
    start = f"<{address}?{'&'.join([f'per_page={query.per_page}', *kept])}&page="
    links = []
    if query.page > 1 and page.total:
        links.append(f'{start}{query.page - 1}>; rel="prev"')
    if query.page < last:
        links.append(f'{start}{query.page + 1}>; rel="next"')
    links.append(f'{start}{last}>; rel="last"')
    return [("Link", ", ".join(links)), *headers]
