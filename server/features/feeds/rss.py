"""``rss``"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from itertools import takewhile
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin, as_list, text_or_list
from server.engine.task import Task
from server.features.feeds.store import Answer, FeedStore
from server.plugins.inputs._source import declared_charset, decode, is_address, local_path, read_local

if TYPE_CHECKING:
    from server.features.feeds._parse import Enclosure, Feed, Item

logger = logging.getLogger("rss")

_ZONES = {"EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "PST": "-0800", "PDT": "-0700"}

USUAL = (("summary", "description"), ("author", "author"), ("id", "guid"))
"""Key of the item, name of the entry's field."""


class Rss(Plugin):
    """The items of an RSS or Atom feed.

    Fields: ``title``, ``url``, ``description``, ``rss_pubdate``, ``author``, ``guid``; of enclosures ``filename``,
    ``size`` (bytes as the feed says) and ``type``.

    Example::

        rss:
          url: http://example.com/feed.xml
          all_entries: no
          other_fields: [torrent_seeds]
    """

    schema = {
        "type": ["string", "object"],
        "title": "Feed",
        "description": "The feed's address or path, or options.",
        "anyOf": [{"format": "url"}, {"format": "file"}],
        "properties": {
            "url": {
                "type": "string",
                "anyOf": [{"format": "url"}, {"format": "file"}],
                "title": "Address",
                "description": "Address or path of the feed.",
                "examples": ["http://example.com/feed.xml"],
            },
            "username": {
                "type": "string",
                "title": "User name",
                "description": "For HTTP basic auth; the task signs in with it to download from the feed's site, too.",
            },
            "password": {"type": "string", "title": "Password", "description": "For HTTP basic auth."},
            "title": {
                "type": "string",
                "title": "Title field",
                "description": "The item's element that becomes the title.",
                "examples": ["description"],
            },
            "link": {
                **text_or_list(type="string"),
                "title": "Link fields",
                "description": "The item's elements that hold the address, best first; without it enclosures come "
                "before the link. Several enclosures are an entry each all the same, unless they are grouped.",
                "examples": ["guid", ["torrent_magneturi", "link"]],
            },
            "silent": {
                "type": "boolean",
                "default": False,
                "title": "Silent",
                "description": "Say nothing about items without title or link.",
            },
            "ascii": {
                "type": "boolean",
                "default": False,
                "title": "ASCII",
                "description": "Drop all characters outside of ASCII.",
            },
            "escape": {
                "type": "boolean",
                "default": False,
                "title": "Escape",
                "description": "Mend feeds whose texts hold markup that is neither escaped nor in CDATA.",
            },
            "filename": {
                "type": "boolean",
                "title": "File name",
                "description": "Set `filename` from the address of an enclosure whose size is told, or of one of "
                "several (yes).",
            },
            "group_links": {
                "type": "boolean",
                "default": False,
                "title": "Group links",
                "description": "One entry for an item with several enclosures, all addresses in `urls`.",
            },
            "all_entries": {
                "type": "boolean",
                "default": True,
                "title": "All entries",
                "description": "With `no`, only the items before the one that came first at the last run.",
            },
            "other_fields": {
                "type": "array",
                "items": {"type": ["string", "object"], "additionalProperties": {"type": "string"}},
                "title": "Other fields",
                "description": "Further elements to take, under their own or another name.",
                "examples": [["torrent_seeds", {"category": "section"}]],
            },
        },
        "required": ["url"],
        "additionalProperties": False,
        "examples": ["http://example.com/feed.xml"],
    }
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One entry for each item, or each enclosure of it."""
        options = {"url": config} if isinstance(config, str) else config
        url = options["url"]
        key = f"{url} {bool(options.get('ascii'))} {bool(options.get('escape'))}"
        notes = task.state(self)
        if key not in notes:  # a rerun does not ask again
            notes[key] = self._read(task, url, options)
        feed: Feed = notes[key][0]
        last: bytes = notes[key][1] if not options.get("all_entries", True) else b""
        if not feed.items:
            self._say_why_empty(task, url, feed, bool(notes[key][2]))
            return
        if feed.problem:
            logger.log(15, "%s is not well-formed and was mended: %s", url, feed.problem)
        yield from Reader(options).entries(takewhile(lambda item: _mark(item) != last, feed.items))

    # -- reading ------------------------------------------------------------------------------------------------------

    def _read(self, task: Task, url: str, options: dict[str, Any]) -> tuple[Feed, bytes, bytes]:
        """The feed, the mark of the item that came first at the last run, and the first bytes."""
        from server.features.feeds._parse import Feed, parse

        store = task.db.store(FeedStore)
        known = None if task.options.no_cache else store.answer(task.name, url)
        answer = self._fetch(task, url, options, known)
        body = answer.body
        if options.get("ascii"):
            body = body.translate(None, bytes(range(128, 256)))
        if not body.strip():
            logger.error("%s gave no data", url)
            return Feed([], is_feed=True), b"", b""
        if options.get("escape"):
            body = _escaped(body)
        feed = parse(body)
        before = known.first if known else b""
        first = _mark(feed.items[0]) if feed.items else before
        if answer is not known and (is_address(url) or not options.get("all_entries", True)):
            fresh = Answer(answer.etag, answer.modified, answer.body, first)
            if known is None or (known.etag, known.modified, known.first) != (fresh.etag, fresh.modified, fresh.first):
                store.keep_answer(task.name, url, fresh)
        return feed, before, body[:512]

    def _fetch(self, task: Task, url: str, options: dict[str, Any], known: Answer | None) -> Answer:
        """The feed's bytes; the known answer itself where the server says that nothing changed."""
        if not is_address(url):
            return Answer(body=read_local(local_path(task, url)))
        headers = {}
        if known and known.body:
            headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
            headers = {name: value for name, value in headers.items() if value}
        if options.get("username"):
            task.requests.sign_in(url, options["username"], options.get("password", ""))
        try:
            response = task.requests.request("GET", url, headers=headers, raise_status=False)
        except requests.RequestException as error:
            raise PluginError(f"cannot fetch the feed {url}: {error}") from error
        if response.status_code == 304 and known:
            return known
        if response.status_code >= 400:
            raise PluginError(_refused(url, response))
        body, charset = response.content, declared_charset(response)
        if charset and b"encoding" not in body[:200]:
            body = decode(body, charset).encode()
        return Answer(response.headers.get("ETag"), response.headers.get("Last-Modified"), body)

    @staticmethod
    def _say_why_empty(task: Task, url: str, feed: Feed, has_data: bool) -> None:
        if not has_data:
            return
        if not feed.is_feed:
            logger.error("%s is no feed: a web page, perhaps a login, came instead", url)
        elif feed.problem:
            raise PluginError(f"the feed {url} cannot be read: {feed.problem}")
        else:
            logger.log(15, "The feed %s has no items", url)


def _refused(url: str, response: requests.Response) -> str:
    status = response.status_code
    if status == 401:
        return f"the feed {url} wants a user name and a password ({response.headers.get('WWW-Authenticate', '401')})"
    if status == 404:
        return f"there is no feed at {url} (404)"
    if status >= 500:
        return f"the server of the feed {url} has a problem of its own ({status} {response.reason})"
    return f"the feed {url} was refused ({status} {response.reason})"


def _escaped(body: bytes) -> bytes:
    """The feed with the markup inside of its texts escaped."""

    def mend(found: re.Match[bytes]) -> bytes:
        start, inner, end = found.groups()
        if inner.lstrip().startswith(b"<![CDATA["):
            return found.group(0)
        return start + inner.replace(b"<", b"&lt;").replace(b">", b"&gt;") + end

    names = rb"(?:title|description|summary|content:encoded)"
    return re.sub(rb"(<" + names + rb"\b[^>]*>)(.*?)(</" + names + rb">)", mend, body, flags=re.DOTALL)


def _mark(item: Item) -> bytes:
    fields = item.fields
    text = "\0".join((fields.get("title", ""), fields.get("link", "")))
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()


class Reader:
    """Makes entries of items, as the options say."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._title = _key(options.get("title") or "title")
        links = as_list(options.get("link"))
        self._links = None if not links or links == ["auto"] else [_key(name) for name in links]
        self._grouped = bool(options.get("group_links"))
        self._silent = bool(options.get("silent"))
        self._filename = options.get("filename", True) is not False
        self._others = [pair for item in options.get("other_fields") or () for pair in _pairs(item)]
        renamed = {key for key, _ in self._others}
        self._usual = [pair for pair in USUAL if pair[0] not in renamed or pair[0] == "summary"]

    def entries(self, items: Iterable[Item]) -> Iterator[Entry]:
        """The entries of the items; says how many items were of no use."""
        useless = 0
        for item in items:
            fields = self._fields(item) if item.fields.get(self._title) else None
            made = self._of_item(item, fields) if fields else []
            useless += not made
            yield from made
        if useless and not self._silent:
            logger.warning("%d items without title or link were left out", useless)

    def _fields(self, item: Item) -> dict[str, Any]:
        known = item.fields
        fields: dict[str, Any] = {"title": known[self._title]}
        for key, name in self._usual:
            if known.get(key):
                fields[name] = known[key]
        if "description" in fields:
            fields["description"] = html.unescape(fields["description"])
        if "published" in known:
            published = parse_date(known["published"])
            if published is not None:
                fields["rss_pubdate"] = published
        for key, name in self._others:
            if key in known:
                fields[name] = html.unescape(known[key])
        return fields

    def _of_item(self, item: Item, fields: dict[str, Any]) -> list[Entry]:
        enclosures = item.enclosures
        if self._links is not None and (self._grouped or len(enclosures) < 2):
            urls = [item.fields[name] for name in self._links if item.fields.get(name)]
            urls = list(dict.fromkeys([*urls, *(part.url for part in enclosures if self._grouped)]))
            return [Entry({**fields, "url": urls[0], "urls": urls})] if urls else []
        link = item.fields.get("link") or item.fields.get("id")
        if self._grouped and len(enclosures) > 1:
            urls = list(dict.fromkeys([*([link] if link else []), *(part.url for part in enclosures)]))
            return [Entry({**fields, "url": urls[0], "urls": urls})]
        if enclosures:
            extra = {"urls": [enclosures[0].url]} if self._grouped else {}
            several = len(enclosures) > 1
            return [
                Entry({**fields, "url": part.url, **self._of_enclosure(part, several=several), **extra})
                for part in enclosures
            ]
        return [Entry({**fields, "url": link})] if link else []

    def _of_enclosure(self, enclosure: Enclosure, *, several: bool) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        if enclosure.length is not None:
            fields["size"] = _whole(enclosure.length)
        if enclosure.type:
            fields["type"] = enclosure.type
        name = _name_in(enclosure.url)
        if self._filename and name and (fields.get("size") or several):  # without a size it is rather a page
            fields["filename"] = name
        return fields


def _name_in(url: str) -> str:
    """The last part of an address; empty where that cannot be read (``http://[x``)."""
    try:
        return urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return ""


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _key(name: str) -> str:
    """The key of an element's name, as written in the config."""
    from server.features.feeds._parse import SAME

    low = name.lower().replace(":", "_")
    return SAME.get(low, low) if low not in ("date", "creator", "encoded", "pubdate", "modified") else low


def _pairs(item: str | dict[str, str]) -> Iterator[tuple[str, str]]:
    """Key of the item and name of the entry's field."""
    for key, name in item.items() if isinstance(item, dict) else ((item, item),):
        yield _key(key), name.lower()


def parse_date(text: str) -> datetime | None:
    """An aware datetime of a feed's date (RFC 822 or ISO 8601, UTC where it says no zone); None when it is none."""
    text = text.strip()
    head, _, zone = text.rpartition(" ")
    if zone in _ZONES:
        text = f"{head} {_ZONES[zone]}"
    try:
        found = datetime.fromisoformat(text) if text[:4].isdigit() else parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
