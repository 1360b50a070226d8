"""``make_rss``"""

from __future__ import annotations

import base64
import logging
from datetime import UTC, datetime, timedelta
from datetime import date as Date
from email.utils import format_datetime
from hashlib import sha1
from typing import Any
from xml.sax.saxutils import escape

from server.engine.entry import Entry
from server.engine.errors import PluginError, PluginWarning, RenderError
from server.engine.log import VERBOSE
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.features.feeds.store import FeedStore, MadeItem
from server.parsing.timedelta import LONGEST
from server.plugins.outputs._pages import place_of, template_text, write_whole

logger = logging.getLogger("make_rss")

TITLE = "{{ title }} (from {{ task }})"
DAYS, ITEMS = 7, 15
LINKS = ("imdb_url", "input_url")


class MakeRss(Plugin):
    """Writes a feed of what was accepted. Several tasks may write one feed; older items stay for some days.

    Example::

        make_rss:
          file: /var/www/flexget.rss
          days: 30
          items: 100
    """

    schema = {
        "oneOf": [
            {"type": "string", "title": "File"},
            {
                "type": "object",
                "properties": {
                    "file": {
                        "type": "string",
                        "title": "File",
                        "description": "The feed to write.",
                        "examples": ["/var/www/flexget.rss"],
                    },
                    "days": {
                        "type": "integer",
                        "title": "Days",
                        "description": f"How old items may be ({DAYS}), by their `rss_pubdate` if any; -1 for any age.",
                    },
                    "items": {
                        "type": "integer",
                        "title": "Items",
                        "description": f"How many items there may be besides the newest ({ITEMS}); -1 for any number.",
                    },
                    "history": {
                        "type": "boolean",
                        "title": "History",
                        "description": "Whether items of earlier runs stay (yes).",
                    },
                    "timestamp": {
                        "type": "boolean",
                        "title": "Time",
                        "description": "Write the time of the writing into the feed's description.",
                    },
                    "title": {
                        "type": "string",
                        "title": "Title",
                        "description": "Of items; may hold {{ fields }}.",
                        "examples": ["{{ title }}"],
                    },
                    "link": {
                        "type": "array",
                        "items": {"type": "string"},
                        "title": "Link",
                        "description": "Fields of an item's link, best first (imdb_url, input_url), then the address.",
                        "examples": [["imdb_url"]],
                    },
                    "template": {
                        "type": "string",
                        "title": "Template",
                        "description": "Of items' descriptions: name of a file in `templates/`.",
                    },
                    "encoding": {"type": "string", "title": "Encoding", "description": "Of the file (utf-8)."},
                    "rsstitle": {"type": "string", "title": "Feed title", "description": "Of the feed."},
                    "rssdesc": {"type": "string", "title": "Feed description", "description": "Of the feed."},
                    "rsslink": {"type": "string", "title": "Feed link", "description": "Of the feed."},
                },
                "required": ["file"],
                "additionalProperties": False,
            },
        ],
        "title": "Feed",
        "description": "The file, or options.",
        "examples": ["/var/www/flexget.rss"],
    }
    category = "output"

    def on_task_output(self, task: Task, config: Any) -> None:
        """Make items of the accepted entries."""
        options = _options(config)
        try:
            text = template_text(task, options.get("template") or "default", fallback="rss")
        except PluginError as error:
            task.state(self)["items"] = None
            raise PluginWarning(f"the feed stays as it is: {error}") from error
        now = datetime.now(UTC)
        items = [item for entry in task.accepted if (item := _item(entry, options, text, now)) is not None]
        task.state(self).setdefault("items", []).extend(items)

    def on_task_exit(self, task: Task, config: Any) -> None:
        """Write the feed."""
        options = _options(config)
        path = place_of(task, options["file"])
        items: list[MadeItem] | None = task.state(self).pop("items", [])
        if items is None:
            return
        if task.options.test:
            logger.info("Would write %d items to %s", len(items), path)
            return
        days, most = options.get("days", DAYS), options.get("items", ITEMS)
        store = task.db.store(FeedStore)
        with task.db.transaction():
            if not options.get("history", True):
                store.forget_made(str(path), beyond=0)
            store.add_made(str(path), items)
            oldest = datetime.now(UTC) - timedelta(days=min(days, LONGEST.days)) if days >= 0 else None
            store.forget_made(str(path), before=oldest, beyond=most + 1 if most >= 0 else None)
        items = store.made(str(path))
        encoding = options.get("encoding", "utf-8")
        write_whole(path, feed(items, options, encoding), encoding)
        logger.log(VERBOSE, "Wrote %d items to %s", len(items), path)


def _options(config: Any) -> dict[str, Any]:
    return {"file": config} if isinstance(config, str) else dict(config)


def _item(entry: Entry, options: dict[str, Any], text: str, now: datetime) -> MadeItem | None:
    link = next((str(entry[name]) for name in options.get("link", LINKS) if entry.get(name)), entry["url"])
    try:
        title = entry.render(options.get("title") or TITLE)
        description = entry.render(text)
    except RenderError as error:
        logger.error("%s is left out of the feed: %s", entry["title"], error)
        return None
    # The same entry gives the same id, so that readers know it again.
    mark = sha1(f"{entry['title']}\0{entry['url']}".encode("utf-8", "replace"), usedforsecurity=False).digest()
    return MadeItem(title, link, description.strip(), base64.urlsafe_b64encode(mark).decode(), _published(entry, now))


def _published(entry: Entry, now: datetime) -> datetime:
    date = entry.get("rss_pubdate")
    if isinstance(date, datetime):
        return date.astimezone(UTC)
    return datetime(date.year, date.month, date.day, tzinfo=UTC) if isinstance(date, Date) else now


def feed(items: list[MadeItem], options: dict[str, Any], encoding: str = "utf-8") -> str:
    """RSS 2.0 of the items."""
    description = options.get("rssdesc") or "What FlexGet-Tray accepted"
    now = datetime.now(UTC)
    if options.get("timestamp"):
        description += f" generated at {format_datetime(now, usegmt=True)}"
    parts = [
        f'<?xml version="1.0" encoding="{escape(encoding.upper())}"?>\n<rss version="2.0"><channel>',
        _element("title", options.get("rsstitle") or "FlexGet-Tray"),
        _element("link", options.get("rsslink") or "http://localhost/"),
        _element("description", description),
        _element("lastBuildDate", format_datetime(now, usegmt=True)),
    ]
    for item in items:
        parts.append(
            "<item>"
            + _element("title", item.title)
            + _element("link", item.link)
            + _element("description", item.description)
            + f'<guid isPermaLink="false">{escape(item.guid)}</guid>'
            + _element("pubDate", format_datetime(item.published.astimezone(UTC), usegmt=True))
            + "</item>"
        )
    return "\n".join([*parts, "</channel></rss>\n"])


def _element(name: str, text: str) -> str:
    clean = "".join(char for char in text if char in "\t\n" or char >= " ")
    return f"<{name}>{escape(clean)}</{name}>"
