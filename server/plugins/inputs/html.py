"""``html``"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote_plus, urljoin, urlsplit

import requests

from server.engine.entry import Entry
from server.engine.errors import PluginError, RenderError
from server.engine.paths import chosen_folder
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.engine.templates import render
from server.plugins.inputs._source import declared_charset

logger = logging.getLogger("html")

TITLE_FROM = ("auto", "title", "url", "contents", "link")
MAX_PAGES = 500


class Html(Plugin):
    """The links of a web page as entries.

    Example::

        html:
          url: http://example.com/downloads
          title_from: url
          links_re:
            - '\\.torrent$'
    """

    schema = {
        "oneOf": [
            {"type": "string", "title": "Address"},
            {
                "type": "object",
                "properties": {
                    "url": {
                        "type": "string",
                        "format": "url",
                        "title": "Address",
                        "description": "The page; with `increment`, {{ i }} stands for the number.",
                        "examples": ["http://example.com/downloads?page={{ i }}"],
                    },
                    "username": {"type": "string", "title": "User name", "description": "For HTTP basic auth."},
                    "password": {"type": "string", "title": "Password", "description": "For HTTP basic auth."},
                    "dump": {
                        "type": "string",
                        "title": "Dump",
                        "description": "File that the page is written to, for finding out why links are missing; a "
                        "relative path counts from the config's folder.",
                        "examples": ["page.html"],
                    },
                    "title_from": {
                        "type": "string",
                        "title": "Title from",
                        "description": "`auto`, `title` (the attribute), `url` (the file's name), `contents` or `link` "
                        "(the text).",
                        "examples": ["url"],
                    },
                    "allow_empty_links": {
                        "type": "boolean",
                        "title": "Allow empty links",
                        "description": "Keep links without text by the title of their attribute or image.",
                    },
                    "links_re": {
                        "type": "array",
                        "items": {"type": "string", "format": "regex"},
                        "title": "Links",
                        "description": "Regular expressions, one of which an address must fit.",
                        "examples": [[r"\.torrent$"]],
                    },
                    "increment": {
                        "oneOf": [
                            {"type": "boolean"},
                            {
                                "type": "object",
                                "properties": {
                                    "from": {"type": "integer", "title": "From", "description": "First number (0)."},
                                    "to": {
                                        "type": "integer",
                                        "title": "To",
                                        "description": "Stop before this number.",
                                    },
                                    "step": {"type": "integer", "title": "Step", "description": "Added each time (1)."},
                                    "name": {
                                        "type": "string",
                                        "title": "Name",
                                        "description": "What the number is called in the address (i).",
                                    },
                                    "entries_count": {
                                        "type": "integer",
                                        "title": "Entries",
                                        "description": "Stop after this many entries (500).",
                                    },
                                    "stop_when_404": {
                                        "type": "boolean",
                                        "title": "Stop at 404",
                                        "description": "A missing page ends the search quietly (yes).",
                                    },
                                    "stop_when_empty": {
                                        "type": "boolean",
                                        "title": "Stop when empty",
                                        "description": "A page without entries ends the search (yes).",
                                    },
                                },
                                "additionalProperties": False,
                            },
                        ],
                        "title": "Increment",
                        "description": "Read several numbered pages.",
                        "examples": [{"from": 1, "to": 4}],
                    },
                },
                "required": ["url"],
                "additionalProperties": False,
            },
        ],
        "title": "Page",
        "description": "The page's address, or options.",
        "examples": ["http://example.com/downloads"],
    }
    category = "input"

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """One entry for each link."""
        options = {"url": config} if isinstance(config, str) else dict(config)
        title_from = options.get("title_from") or "auto"
        if title_from not in TITLE_FROM:
            raise PluginError(f"title_from cannot be {title_from!r}; it is one of {', '.join(TITLE_FROM)}")
        increment = options.get("increment")
        if increment:
            yield from self._pages(task, options, increment if isinstance(increment, dict) else {})
        else:
            yield from self._page(task, options["url"], options)

    def _pages(self, task: Task, options: dict[str, Any], increment: dict[str, Any]) -> Iterator[Entry]:
        number, step = increment.get("from", 0), increment.get("step", 1) or 1
        end, most = increment.get("to"), increment.get("entries_count", MAX_PAGES)
        given = 0
        for _ in range(MAX_PAGES):
            if end is not None and (number >= end if step > 0 else number <= end):
                return
            try:
                url = render(options["url"], {increment.get("name", "i"): number})
                entries = list(self._page(task, url, options))
            except RenderError as error:
                raise PluginError(str(error)) from error
            except _Missing:
                if increment.get("stop_when_404", True):
                    return
                raise
            yield from entries[: most - given]
            given += len(entries)
            if given >= most or (not entries and increment.get("stop_when_empty", True)):
                return
            number += step

    def _page(self, task: Task, url: str, options: dict[str, Any]) -> Iterator[Entry]:
        auth = (options["username"], options.get("password", "")) if options.get("username") else None
        try:
            response = task.requests.get(url, auth=auth)
        except requests.RequestException as error:
            kind = _Missing if getattr(error.response, "status_code", None) == 404 else PluginError
            raise kind(f"cannot fetch {url}: {error}") from error
        if options.get("dump") and not task.options.test:
            path = chosen_folder(options["dump"], options["dump"], task.services.home)
            path.write_bytes(response.content)
            logger.info("The page %s was written to %s", url, path)
        yield from links(response.content, declared_charset(response), response.url, options)


class _Missing(PluginError):
    """The page does not exist."""


def links(body: bytes, charset: str | None, page: str, options: dict[str, Any]) -> Iterator[Entry]:
    """The entries of a page's links; ``options`` as in the configuration."""
    from bs4 import BeautifulSoup, Tag
    from bs4.filter import SoupStrainer

    soup = BeautifulSoup(body, "lxml", from_encoding=charset, parse_only=SoupStrainer("a"))
    patterns = [re.compile(text, re.IGNORECASE) for text in options.get("links_re") or ()]
    titles = _Titles(options.get("title_from") or "auto", bool(options.get("allow_empty_links")))
    for link in soup.find_all("a", href=True):
        if not isinstance(link, Tag):
            continue
        url = _address(page, str(link["href"]).strip())
        if url is None:
            continue
        if patterns and not any(pattern.search(url) for pattern in patterns):
            continue
        title = titles.of(link, url)
        if title:
            yield Entry(title=title, url=url)


class _Titles:
    """Finds titles for links, each of them once."""

    def __init__(self, source: str, allow_empty: bool) -> None:
        self._source = source
        self._allow_empty = allow_empty
        self._used: set[str] = set()

    def of(self, link: Any, url: str) -> str | None:
        """The title; None when the link has none and is to be left out."""
        if not link.contents and not self._allow_empty:
            return None
        if self._source == "url":
            title = _name_in(url)
        elif self._source == "title":
            title = str(link.get("title") or "").strip()
        else:
            title = self._contents(link)
        if not title:
            logger.debug("The link %s has no title and is left out", url)
            return None
        return self._unique(title, url)

    def _contents(self, link: Any) -> str:
        title = "".join(link.strings).strip()
        if title or not self._allow_empty:
            return title
        image = link.find("img")
        parts = (link.get("title"), image and image.get("title"), image and image.get("alt"))
        return next((str(part).strip() for part in parts if part), "")

    def _unique(self, title: str, url: str) -> str:
        """A title that the page has already given gets a mark of its address."""
        if title in self._used:
            return f"{title} [{zlib.crc32(url.encode()):08X}]"
        self._used.add(title)
        return title


def _address(page: str, target: str) -> str | None:
    """Where a link leads to; None where its address cannot be read (``http://[``)."""
    try:
        return urljoin(page, target)
    except ValueError as error:
        logger.debug("The link %s of %s is left out: %s", target, page, error)
        return None


def _name_in(url: str) -> str:
    """A title made of the last part of an address: no ``.torrent``, spaces for ``+`` and ``%20``."""
    parts = urlsplit(url)
    name = unquote_plus(PurePosixPath(parts.path).name)
    return name.removesuffix(".torrent") if parts.scheme in ("http", "https", "ftp", "javascript", "mailto", "") else ""
