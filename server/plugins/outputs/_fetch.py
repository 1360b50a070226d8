"""Fetching what accepted entries stand for into temporary files (field ``file``).

Used by ``download`` and by the clients that hand a torrent's file over instead of its address.
"""

from __future__ import annotations

import logging
import mimetypes
import os
import tempfile
from collections.abc import Iterable
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests

from server.engine.entry import Entry
from server.engine.errors import PluginError, PluginWarning
from server.engine.net import pieces
from server.engine.task import Task
from server.parsing.torrent import is_magnet

logger = logging.getLogger("download")

LOCAL_INPUTS = frozenset({"filesystem", "mock", "csv", "json", "text", "tail"})
"""Entries of these may have ``file://`` addresses: the user wrote them. One out of a feed must not name local files,
and lists may hold what came from feeds."""

PIECE = 256 * 1024

MORE_TYPES = {"application/x-bittorrent": ".torrent", "application/epub+zip": ".epub"}


def fetch(task: Task, entries: Iterable[Entry], *, temp: Path | None = None, fail_html: bool = True) -> None:
    """Fetch each entry's address (or the first of its ``urls`` that works) into a temporary file.

    Sets ``file`` (path), ``mime-type`` and ``filename``; an entry that cannot be had fails. Files are removed when the
    task ends.
    """
    folder: Path | None = None
    for entry in entries:
        task.check_cancelled()
        known = entry.get("file", None, False)
        if known and Path(str(known)).is_file():
            continue
        if task.options.test:
            logger.info("Would download: %s", entry["title"])
            continue
        if folder is None:
            folder = _temporary_folder(task, temp)
        _fetch_one(task, entry, folder, fail_html=fail_html)


def _temporary_folder(task: Task, temp: Path | None) -> Path:
    base = temp or task.services.home / "temp"
    try:
        base.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix="run-", dir=base, ignore_cleanup_errors=True)
    except OSError as error:
        raise PluginError(f"the temporary folder {base} cannot be written to: {error.strerror or error}") from error
    task.at_end(folder.cleanup)
    return Path(folder.name)


def _fetch_one(task: Task, entry: Entry, folder: Path, *, fail_html: bool) -> None:
    logger.info("Downloading: %s", entry["title"])
    reasons = []
    for url in entry.get("urls") or [entry["url"]]:
        if is_magnet(url):
            reasons.append("a magnet link cannot be downloaded")
            continue
        try:
            _get(task, entry, url, folder, fail_html=fail_html)
        except requests.RequestException as error:
            reasons.append(f"network error: {error}")
        except PluginWarning as warning:
            reasons.append(str(warning))
        except OSError as error:
            reasons.append(f"it cannot be written: {error.strerror or error}")
        else:
            entry["url"] = url
            return
        logger.log(15, "%s could not be had from %s: %s", entry["title"], url, reasons[-1])
    entry.fail("; ".join(dict.fromkeys(reasons)) or "it has no address")


def _get(task: Task, entry: Entry, url: str, folder: Path, *, fail_html: bool) -> None:
    if url.lower().startswith("file:"):
        _allow_local(task, entry, url)
    # The login is that of the entry's own address; others of it may lead to anybody.
    auth = entry.get("download_auth", None, False) if _site(url) == _site(entry["url"]) else None
    headers = entry.get("download_headers", None, False)
    with task.requests.get(url, auth=auth, headers=headers, stream=True) as response:
        mime = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        descriptor, name = tempfile.mkstemp(dir=folder)
        path = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                for piece in pieces(response, PIECE):
                    file.write(piece)
                    task.check_cancelled()
            if not path.stat().st_size:
                raise PluginWarning(f"{url} gave an empty file")
            _note(entry, path, response, mime)
            if fail_html and mime == "text/html":
                raise PluginWarning(f"{url} gave a web page (perhaps a login); `fail_html: no` would keep it")
        except BaseException:
            entry.pop("file", None)
            path.unlink(missing_ok=True)
            raise


def _site(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2].lower()


def _allow_local(task: Task, entry: Entry, url: str) -> None:
    maker = entry.trace[0].step.plugin if entry.trace else None
    if maker not in LOCAL_INPUTS:
        raise PluginWarning(f"{url} is a local file, which entries of {maker or 'an unknown input'} may not name")
    try:
        path = Path(unquote(urlsplit(url).path))
    except ValueError as error:
        raise PluginWarning(f"{url} cannot be read: {error}") from error
    task.requests.allow_folder(path.parent)


def _note(entry: Entry, path: Path, response: requests.Response, mime: str) -> None:
    fields: dict[str, Any] = {"file": str(path)}
    if mime:
        fields["mime-type"] = mime
    name = entry.get("filename") or disposition_name(response.headers.get("Content-Disposition", ""))
    if name:
        fields["filename"] = with_extension(name, mime)
    else:
        fields["filename"] = name_in_address(response.url) or with_extension(entry["title"], mime)
    entry.update(fields)


def disposition_name(header: str) -> str | None:
    """The file name of a ``Content-Disposition`` header (RFC 6266), in all the ways that servers write it."""
    if not header:
        return None
    message = Message()
    # http gives headers as Latin-1; servers mean UTF-8 more often than not.
    try:
        message["Content-Disposition"] = header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        message["Content-Disposition"] = header
    name = message.get_filename()
    return str(name).strip() or None if name else None


def name_in_address(url: str) -> str:
    """The last part of an address with its query, as the reference names files."""
    parts = urlsplit(url)
    name = unquote(parts.path.rpartition("/")[2])
    return f"{name}?{unquote(parts.query)}" if parts.query else name


def with_extension(name: str, mime: str) -> str:
    """The name with an extension that fits the type, unless it has one of those."""
    fitting = extensions_of(mime)
    if not fitting or Path(name).suffix.lower() in fitting:
        return name
    return name + fitting[0]


def extensions_of(mime: str) -> list[str]:
    """The extensions of a type, the usual one first."""
    if mime in MORE_TYPES:
        return [MORE_TYPES[mime]]
    usual = mimetypes.guess_extension(mime)
    return list(dict.fromkeys([usual, *mimetypes.guess_all_extensions(mime)])) if usual else []
