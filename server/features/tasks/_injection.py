"""Entries that a request brings along, in place of those of a task's inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import Message
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from server.engine.entry import Entry
from server.engine.errors import EntryUnicodeError
from server.web.errors import BadRequest

TIMEOUT = 10.0
"""Seconds that a server has to tell the name of a file."""


def with_titles(injected: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same, each with a title: where there is none, the server of its url is asked (blocks). Raises BadRequest."""
    return [
        {**item, "title": item["title"]} if item.get("title") else {**item, "title": remote_name(url_of(item))}
        for item in injected
    ]


def entries(injected: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Fresh entries, for one task each time: a task owns its entries. BadRequest for values that no field takes."""
    return [_entry(item) for item in injected]


def _entry(item: Mapping[str, Any]) -> Entry:
    entry = Entry(title=item["title"], url=url_of(item))
    for name, value in (item.get("fields") or {}).items():
        try:
            entry[name] = value
        except (TypeError, ValueError, EntryUnicodeError) as error:
            raise BadRequest(f"the field {name[:100]} cannot be set: {error}") from None
    if item.get("force"):
        entry["immortal"] = True
    if item.get("accept"):
        entry.accept("accepted by the request that injected it")
    return entry


def url_of(item: Mapping[str, Any]) -> str:
    """Where an injected entry leads: said by itself, or among its fields."""
    return str(item["url"] if "url" in item else item["fields"]["url"])


def remote_name(url: str) -> str:
    """The file's name that the server of ``url`` announces (``Content-Disposition``); BadRequest where none does."""
    import requests

    from server.engine.net import Session

    with Session() as session:
        session.retries = 0
        try:
            response = session.request("HEAD", url, timeout=TIMEOUT, allow_redirects=True, raise_status=False)
        except (requests.RequestException, ValueError) as error:
            raise BadRequest(f"no title is given, and {url[:200]} cannot be asked for one: {error}") from None
    name = file_name(response.headers.get("Content-Disposition", ""))
    if not name:
        raise BadRequest(f"no title is given, and {url[:200]} does not tell the name of its file")
    return name


def file_name(disposition: str) -> str:
    """The name in a ``Content-Disposition`` (RFC 6266, ``filename*`` included), without any folder; may be empty."""
    header = Message()
    header["Content-Disposition"] = disposition
    found = header.get_filename("")
    return PurePosixPath(unquote(found).replace("\\", "/")).name
