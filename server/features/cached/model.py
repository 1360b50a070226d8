"""Fetches files of other web servers once and keeps them in a folder, each with its content type.

cache = ResourceCache(home / "cached_resources")
cache.find("https://example.com/poster.jpg") or cache.fetch("https://example.com/poster.jpg")
"""

from __future__ import annotations

import hashlib
import ipaddress
import mimetypes
import re
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from server.config.atomic import write_atomically

if TYPE_CHECKING:
    import requests

TIMEOUT = (5.0, 15.0)
"""Seconds to connect, and between two pieces of the answer."""

LONGEST = 60.0
"""Seconds that a whole resource may take to come."""

LARGEST = 20 * 1024 * 1024
"""Bytes of one resource."""

LARGEST_FOLDER = 512 * 1024 * 1024
"""Bytes of all together; beyond, what was fetched longest ago goes."""

MOST_REDIRECTS = 5
UNKNOWN_TYPE = "application/octet-stream"
TYPE_SUFFIX = ".type"

_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(\s*;[\x20-\x7e]*)?", re.ASCII)


class NotFetched(Exception):
    """The address cannot be fetched; the message says why."""


@dataclass(frozen=True)
class Resource:
    """A file and its content type."""

    path: Path
    content_type: str


class ResourceCache:
    """The folder. Methods block; they may be called by several threads."""

    def __init__(self, folder: Path, largest_folder: int = LARGEST_FOLDER) -> None:
        self.folder = folder
        self._largest_folder = largest_folder

    def find(self, url: str) -> Resource | None:
        """What is kept of an address."""
        path = self._path(url)
        if not path.is_file():
            return None
        kind = path.with_suffix(TYPE_SUFFIX)
        return Resource(path, kind.read_text("utf-8") if kind.is_file() else UNKNOWN_TYPE)

    def fetch(self, url: str) -> Resource:
        """Fetch an address (again) and keep it; raises :class:`NotFetched`.

        Where it cannot be written: OSError or :class:`~server.config.errors.ConfigError`, both with the path.
        """
        response = _get(url)
        path, content_type = self._path(url), _content_type(response, url)
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(path.with_suffix(TYPE_SUFFIX), content_type.encode())
        write_atomically(path, response.content)
        self._make_room(path)
        return Resource(path, content_type)

    def _path(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()

    def _make_room(self, newest: Path) -> None:
        found = []
        for path in self.folder.iterdir():
            if path.suffix == "":
                with suppress(FileNotFoundError):  # another thread made room at the same time
                    found.append((path, path.stat()))
        size = sum(stat.st_size for _, stat in found)
        for path, stat in sorted(found, key=lambda item: item[1].st_mtime):
            if size <= self._largest_folder:
                return
            if path != newest:
                size -= stat.st_size
                path.unlink(missing_ok=True)
                path.with_suffix(TYPE_SUFFIX).unlink(missing_ok=True)


def _get(url: str) -> requests.Response:
    import requests

    from server.engine.net import Session

    with Session() as session:
        session.timeout, session.longest, session.max_body, session.retries = TIMEOUT, LONGEST, LARGEST, 0
        try:
            for _ in range(MOST_REDIRECTS + 1):
                _check(url)
                response = session.get(url, allow_redirects=False)
                if not response.is_redirect:
                    return response
                url = urljoin(url, response.headers["Location"])
        except (requests.RequestException, UnicodeError, ValueError) as error:
            raise NotFetched(f"{url[:500]} cannot be fetched: {error}") from None
    raise NotFetched(f"{url[:500]}: there are more than {MOST_REDIRECTS} redirects")


def _check(url: str) -> None:
    """Only HTTP, and no address that means this link, nobody or everybody (where clouds keep their secrets)."""
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https"):
        raise NotFetched(f"only http and https can be fetched, not `{url[:100]}`")
    if not parts.hostname:
        raise NotFetched(f"`{url[:100]}` names no host")
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except OSError as error:
        raise NotFetched(f"there is no host {parts.hostname[:100]} ({error.strerror})") from None
    for *_, address in found:
        ip = _meant(ipaddress.ip_address(str(address[0]).partition("%")[0]))
        if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
            raise NotFetched(f"{parts.hostname[:100]} is not an address to fetch from")


def _meant(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The IPv4 address that an IPv6 one stands for (``::ffff:169.254.169.254``), else the same."""
    return (isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped) or ip


def _content_type(response: requests.Response, url: str) -> str:
    told = response.headers.get("Content-Type", "").strip()
    if _TYPE.fullmatch(told):
        return told
    return mimetypes.guess_type(urlsplit(url).path)[0] or UNKNOWN_TYPE
