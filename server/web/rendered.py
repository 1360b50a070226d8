"""Answers as bytes: what is sent, and what is remembered between requests."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from server.web.compression import NAMES, SMALLEST, choose, compress, compressible
from server.web.conditional import make_tag

Headers = Sequence[tuple[str, str]]


class Rendered:
    """An answer ready to be sent, in every content coding that was asked for so far."""

    __slots__ = ("_coded", "_ready", "body", "compressible", "content_type", "headers", "status", "tag")

    def __init__(self, status: int, body: bytes, content_type: str, headers: Headers = (), tag: str = "") -> None:
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = headers
        self.tag = tag
        self.compressible = len(body) > SMALLEST and compressible(content_type)
        self._coded: dict[str, bytes] = {}
        self._ready: tuple[str, ...] = ()

    def with_tag(self, page_headers: Headers) -> Rendered:
        """Give it its entity tag."""
        self.tag = make_tag(self.body, page_headers)
        return self

    def coding(self, accept: str | None) -> str | None:
        """The content coding to send it in; None: as it is."""
        if not accept or not self.compressible:
            return None
        return choose(accept, self._ready or NAMES)

    def add(self, coding: str, body: bytes) -> None:
        """Give it a coded body made beforehand; then only such codings are used."""
        self._coded[coding] = body
        self._ready = tuple(self._coded)

    def needs_work(self, coding: str | None) -> bool:
        """Whether compressing would keep the loop for more than a moment."""
        return coding is not None and coding not in self._coded and len(self.body) > 32_768

    def coded(self, coding: str | None) -> bytes:
        """The body in this coding; the work is done once."""
        if coding is None:
            return self.body
        found = self._coded.get(coding)
        if found is None:
            found = self._coded[coding] = compress(coding, self.body)
        return found


class AnswerCache:
    """Answers by request, each good while the change counters of what it was read from stand still.

    Bounded by number and bytes; the least recently used go first. Only the loop's thread uses it.
    """

    def __init__(self, entries: int = 512, total: int = 16 * 1024 * 1024, largest: int = 1024 * 1024) -> None:
        self._entries = entries
        self._total = total
        self._largest = largest
        self._held: OrderedDict[tuple[str, ...], tuple[int, Rendered]] = OrderedDict()
        self._size = 0

    def get(self, key: tuple[str, ...], version: int) -> Rendered | None:
        """The answer, when nothing changed since."""
        found = self._held.get(key)
        if found is None or found[0] != version:
            return None
        self._held.move_to_end(key)
        return found[1]

    def put(self, key: tuple[str, ...], version: int, answer: Rendered) -> None:
        """Remember it. ``version``: the counters as they stood *before* the data was read."""
        if len(answer.body) > self._largest:
            return
        old = self._held.pop(key, None)
        if old:
            self._size -= len(old[1].body)
        self._held[key] = (version, answer)
        self._size += len(answer.body)
        while len(self._held) > self._entries or self._size > self._total:
            _, (_, gone) = self._held.popitem(last=False)
            self._size -= len(gone.body)
