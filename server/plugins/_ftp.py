"""FTP for the plugins that use it.

    with session(Access("ftp.example.org", 21, "me", "secret", tls=True)) as ftp:
        items(ftp, "/downloads")

Source: RFC 959, RFC 3659 (``MLSD``), RFC 4217 (FTP over TLS).
"""

from __future__ import annotations

import ftplib
import logging
import posixpath
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.log import VERBOSE
from server.plugins._addresses import host_name
from server.plugins._remote import words

logger = logging.getLogger("ftp")

PORT = 21

TIMEOUT = 30.0
"""Seconds that a server may take to answer."""

TROUBLES: tuple[type[Exception], ...] = (*ftplib.all_errors, ValueError)
"""What goes wrong in a session. ``ValueError``: a name that the protocol or the character set cannot say."""

_UNIX = re.compile(
    r"(?P<kind>[-dlbcps])[-rwxsStTlL]{9}\S*\s+\d+\s+\S+\s+(?:.*?\s+)?(?P<size>\d+)\s+"
    r"(?:[A-Za-z]{3}\s+\d{1,2}|\d{1,2}\s+[A-Za-z]{3}|\d{4}-\d\d-\d\d)\s+[\d:]+\s(?P<name>.+)"
)
_DOS = re.compile(r"[\d-]{8,10}\s+\d{1,2}:\d\d(?:[AP]M)?\s+(?:(?P<folder><DIR>)|(?P<size>\d+))\s+(?P<name>.+)")


@dataclass(frozen=True)
class Access:
    """A server, and who we are there."""

    host: str
    port: int
    username: str
    password: str
    tls: bool
    verify: bool = True
    encoding: str = "utf-8"

    @classmethod
    def of_entry(cls, entry: Entry, *, tls: bool, verify: bool) -> tuple[Access, str]:
        """From an entry of ``ftp_list`` (or any with such an address), and the path that it names.

        Raises ``ValueError`` where it is no FTP address.
        """
        parts = urlsplit(entry["url"])
        scheme = parts.scheme.lower()
        if scheme not in ("ftp", "ftps") or not parts.hostname:
            raise ValueError("its address does not begin with ftp://")
        username, password = unquote(parts.username or "anonymous"), unquote(parts.password or "")
        encoding = str(entry.get("ftp_encoding") or "utf-8")
        access = cls(parts.hostname, parts.port or PORT, username, password, tls or scheme == "ftps", verify, encoding)
        return access, unquote(parts.path) or "/"

    def address(self, path: str) -> str:
        """The address of a path; it holds the password, for those who fetch it. Spaces stay, as the reference's do."""
        user = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}"
        escaped = re.sub(r"[%?#]", lambda found: quote(found[0]), path)
        return f"ftp://{user}@{host_name(self.host)}:{self.port}{escaped}"


class _Tls(ftplib.FTP_TLS):
    """FTP over TLS whose data connections go on with the session of the first, which many servers ask for."""

    def ntransfercmd(self, cmd: str, rest: int | str | None = None) -> tuple[socket.socket, int | None]:
        """As without TLS, the connection wrapped."""
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:  # type: ignore[attr-defined]  # the standard library's own, which typeshed does not tell
            told: Any = self.sock
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=told.session)
        return connection, size


@contextmanager
def session(access: Access) -> Iterator[ftplib.FTP]:
    """A session with the server; raises ``PluginError`` where there can be none."""
    ftp = _connected(access)
    try:
        yield ftp
    finally:
        try:
            ftp.quit()
        except TROUBLES:
            ftp.close()


def _connected(access: Access) -> ftplib.FTP:
    ftp: ftplib.FTP
    if access.tls:
        context = ssl.create_default_context()
        if not access.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        ftp = _Tls(timeout=TIMEOUT, encoding=access.encoding, context=context)
    else:
        ftp = ftplib.FTP(timeout=TIMEOUT, encoding=access.encoding)
    try:
        ftp.connect(access.host, access.port)
        ftp.login(access.username, access.password)
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
    except ssl.SSLCertVerificationError as error:
        ftp.close()
        raise PluginError(
            f"the certificate of {access.host} cannot be trusted ({error.verify_message}); "
            "if it is its own, `verify_ssl_certificates: no` in the task lets it pass"
        ) from error
    except LookupError as error:
        ftp.close()
        raise PluginError(f"{access.encoding!r} is no character set: see `encoding`") from error
    except TROUBLES as error:
        ftp.close()
        raise PluginError(f"cannot connect to {access.host}:{access.port}: {words(error)}") from error
    logger.log(VERBOSE, "Connected to %s", access.host)
    return ftp


@dataclass(frozen=True)
class Item:
    """A file or folder of the server."""

    path: str
    is_folder: bool
    size: int
    is_link: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return posixpath.basename(self.path)


def items(ftp: ftplib.FTP, folder: str) -> list[Item]:
    """What is in a folder, by name. Raises one of ``TROUBLES``."""
    lines: list[str] = []
    ftp.cwd(folder)
    ftp.dir(lines.append)
    found = []
    for line in lines:
        item = _read_line(folder, line)
        if item is None and not line.lower().startswith("total"):
            found = _by_mlsd(ftp, folder)
            break
        if item is not None and item.name not in (".", ".."):
            found.append(item)
    return sorted((_followed(ftp, item) for item in found), key=lambda item: item.name)


def item_at(ftp: ftplib.FTP, path: str) -> Item:
    """The file or folder of a path; whether it exists shows when it is read."""
    item = Item(path.rstrip("/") or "/", False, 0, is_link=True)
    return replace(_followed(ftp, item), is_link=False)


def is_folder(ftp: ftplib.FTP, path: str) -> bool:
    """Whether one can go there."""
    try:
        ftp.cwd(path)
    except ftplib.error_perm:
        return False
    return True


def _followed(ftp: ftplib.FTP, item: Item) -> Item:
    """A link counts as what it leads to."""
    if not item.is_link:
        return item
    if is_folder(ftp, item.path):
        return replace(item, is_folder=True)
    try:
        ftp.voidcmd("TYPE I")  # a listing switches to text, in which servers tell no size
        return replace(item, size=ftp.size(item.path) or 0)
    except ftplib.error_perm:
        return item


def _read_line(folder: str, line: str) -> Item | None:
    """A line of ``LIST``, which no standard describes; None for one that is not understood."""
    unix = _UNIX.fullmatch(line)
    if unix:
        kind, name = unix["kind"], unix["name"]
        if kind == "l":
            name = name.partition(" -> ")[0]
        return Item(posixpath.join(folder, name), kind == "d", int(unix["size"]), kind == "l")
    dos = _DOS.fullmatch(line)
    if dos:
        return Item(posixpath.join(folder, dos["name"]), bool(dos["folder"]), int(dos["size"] or 0))
    return None


def _by_mlsd(ftp: ftplib.FTP, folder: str) -> list[Item]:
    """By the standard's own command."""
    return [
        Item(posixpath.join(folder, name), facts["type"] == "dir", int(facts.get("size", 0)))
        for name, facts in ftp.mlsd(facts=["type", "size"])
        if facts.get("type") in ("dir", "file")
    ]
