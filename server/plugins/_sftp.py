"""SFTP for the plugins that use it, by the package ``paramiko`` (extra ``sftp``).

    with session(task, Access.of(config)) as sftp:
        sftp.listdir_attr("/downloads")

The server's key must be known: from the option ``host_key`` or, without it, from ``~/.ssh/known_hosts``.
"""

from __future__ import annotations

import base64
import binascii
import logging
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.log import VERBOSE
from server.engine.task import Task
from server.plugins._addresses import host_name
from server.plugins._extras import library
from server.plugins._remote import words
from server.plugins._schema import number, text

if TYPE_CHECKING:
    from paramiko import SFTPAttributes, SFTPClient, SSHClient

logger = logging.getLogger("sftp")

WAIT = 15.0
"""Seconds before the second try to connect; five more before each further one."""

HOST_KEY: dict[str, Any] = {
    "type": "object",
    "properties": {
        "key_type": {
            "type": "string",
            "enum": ["ssh-rsa", "ssh-ed25519"],
            "title": "Kind",
            "description": "Kind of the key.",
        },
        "public_key": text(
            "Public key", "The key in base 64, as in a line of `known_hosts`.", "AAAAC3NzaC1lZDI1NTE5AAAAI..."
        ),
    },
    "required": ["key_type", "public_key"],
    "additionalProperties": False,
    "title": "Host key",
    "description": "The key by which the server is known; without it, it must be in `~/.ssh/known_hosts`.",
    "examples": [{"key_type": "ssh-ed25519", "public_key": "AAAAC3NzaC1lZDI1NTE5AAAAI..."}],
}

TRIES: dict[str, Any] = {
    "socket_timeout_sec": number(
        "Time-out", "Seconds that the server may take to answer.", 30, kind="integer", default=15, minimum=1
    ),
    "connection_tries": number("Tries", "How often to try to connect.", 5, kind="integer", default=3, minimum=1),
}

ACCESS: dict[str, Any] = {
    "host": text("Host", "Name or address of the server.", "seedbox.example.org"),
    "port": number("Port", "Port of the server.", 2222, kind="integer", default=22, minimum=1, maximum=65535),
    "username": text("User name", "Who logs in.", "me"),
    "password": text("Password", "Of the user.", "a long password", format="password"),
    "private_key": text("Private key", "File with the key to log in with.", "~/.ssh/id_ed25519"),
    "private_key_pass": text("Passphrase", "Of the private key.", "a long passphrase", format="password"),
    "host_key": HOST_KEY,
    **TRIES,
}
"""Schema of the options that say where a server is and who we are there."""


class UnknownHostKey(Exception):
    """A server whose key nobody vouched for; the message tells the key."""


@dataclass(frozen=True)
class Access:
    """A server, and who we are there. ``host_key``: kind and base 64."""

    host: str
    port: int = 22
    username: str | None = None
    password: str | None = None
    private_key: str | None = None
    private_key_pass: str | None = None
    host_key: tuple[str, str] | None = None
    timeout: int = 15
    tries: int = 3

    @classmethod
    def of(cls, config: dict[str, Any]) -> Access:
        """From a plugin's options."""
        key = config.get("host_key")
        return cls(
            config["host"],
            config.get("port", 22),
            config.get("username"),
            config.get("password"),
            config.get("private_key"),
            config.get("private_key_pass"),
            (key["key_type"], key["public_key"]) if key else None,
            config.get("socket_timeout_sec", 15),
            config.get("connection_tries", 3),
        )

    @classmethod
    def of_entry(cls, task: Task, entry: Entry, config: dict[str, Any]) -> tuple[Access, str]:
        """From an entry of ``sftp_list`` (or any with such an address), and the path that it names.

        Raises ``ValueError`` where it is no SFTP address.
        """
        parts = urlsplit(entry["url"])
        if parts.scheme.lower() != "sftp" or not parts.hostname:
            raise ValueError("its address does not begin with sftp://")
        options = {
            "host": parts.hostname,
            "port": parts.port or 22,
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            **{name: entry.get(name) for name in ("private_key", "private_key_pass", "host_key")},
        }
        if options["private_key"] and not options["private_key_pass"]:
            options["private_key_pass"] = _passphrases(task).get(options["private_key"])
        return cls.of({**config, **options}), unquote(parts.path)

    def address(self, path: str = "") -> str:
        """The address of a path; it holds the password, for those who fetch it."""
        user = quote(self.username or "", safe="")
        password = f":{quote(self.password, safe='')}" if self.password else ""
        return f"sftp://{user}{password}@{host_name(self.host)}:{self.port}{quote(path)}"


def remember_passphrase(task: Task, access: Access) -> None:
    """For what fetches in this run; an entry's fields are no place for it, for they are kept and shown."""
    if access.private_key and access.private_key_pass:
        _passphrases(task)[access.private_key] = access.private_key_pass


def _passphrases(task: Task) -> dict[str, str]:
    """By the files of the keys."""
    return task.state(task.services.registry.get("sftp_list"))


@contextmanager
def session(task: Task, access: Access) -> Iterator[SFTPClient]:
    """A session with the server; raises ``PluginError``."""
    client = connect(task, access)
    try:
        try:
            sftp = client.open_sftp()
        except troubles() as error:
            raise PluginError(f"{access.host} lets us in, but does not speak SFTP: {words(error)}") from error
        channel = sftp.get_channel()
        if channel is not None:
            channel.settimeout(access.timeout)
        yield sftp
    finally:
        client.close()


def troubles() -> tuple[type[Exception], ...]:
    """What goes wrong in the middle of a session."""
    paramiko = library("paramiko", "sftp")
    return (OSError, EOFError, paramiko.SSHException, paramiko.SFTPError)


def connect(task: Task, access: Access) -> SSHClient:
    """The client, logged in; raises ``PluginError`` that says what is wrong."""
    paramiko = library("paramiko", "sftp")
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)  # everything that it logs as an error it raises, too
    final = (paramiko.AuthenticationException, paramiko.BadHostKeyException, UnknownHostKey, ValueError)
    for number_of_try in range(1, access.tries + 1):
        try:
            return _connect_once(paramiko, access)
        except final as error:
            raise PluginError(_refusal(paramiko, access, error)) from error
        except (paramiko.SSHException, OSError, EOFError) as error:
            if number_of_try == access.tries:
                raise PluginError(f"cannot connect to {access.host}:{access.port}: {words(error)}") from error
            wait = WAIT + 5 * (number_of_try - 1)
            logger.warning("Cannot connect to %s (%s); next try in %d seconds", access.host, words(error), wait)
            task.sleep(wait)
    raise AssertionError("there is at least one try")


def _connect_once(paramiko: Any, access: Access) -> SSHClient:
    client: SSHClient = paramiko.SSHClient()
    try:
        _trust(paramiko, client, access)
        own = bool(access.password or access.private_key)
        client.connect(
            access.host,
            access.port,
            access.username,
            access.password,
            pkey=_private_key(paramiko, access) if access.private_key else None,
            timeout=access.timeout,
            banner_timeout=access.timeout,
            auth_timeout=access.timeout,
            channel_timeout=access.timeout,
            allow_agent=not own,
            look_for_keys=not own,
        )
    except BaseException:
        client.close()
        raise
    logger.log(VERBOSE, "Connected to %s", access.host)
    return client


def _private_key(paramiko: Any, access: Access) -> Any:
    path = Path(str(access.private_key)).expanduser()
    password = access.private_key_pass.encode() if access.private_key_pass else None
    try:
        return paramiko.PKey.from_path(path, password)
    except OSError as error:
        raise ValueError(f"the private key {path} cannot be read: {words(error)}") from error
    except (TypeError, ValueError, paramiko.SSHException, paramiko.UnknownKeyType) as error:
        raise ValueError(f"the private key {path} cannot be used (`private_key_pass`?): {words(error)}") from error


def _trust(paramiko: Any, client: SSHClient, access: Access) -> None:
    client.set_missing_host_key_policy(_Unknown())  # type: ignore[arg-type]  # the library's base needs its import
    if access.host_key is None:
        client.load_system_host_keys()
        return
    kind, encoded = access.host_key
    try:
        key = paramiko.PKey.from_type_string(kind, base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError, paramiko.SSHException) as error:
        raise ValueError(f"`host_key` holds no {kind} key: {words(error)}") from error
    name = access.host if access.port == 22 else f"[{access.host}]:{access.port}"
    client.get_host_keys().add(name, kind, key)


class _Unknown:
    """What happens with a server whose key is not known."""

    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
        """Refuse it."""
        raise UnknownHostKey(f"{key.get_name()} {key.get_base64()}")


def _refusal(paramiko: Any, access: Access, error: Exception) -> str:
    if isinstance(error, UnknownHostKey):
        return (
            f"the key of {access.host} is not known. If this is its key, put it into the option `host_key` "
            f"or into ~/.ssh/known_hosts: {error}"
        )
    if isinstance(error, paramiko.BadHostKeyException):
        return (
            f"{access.host} has another key than the one that is known. Either it was set up anew, or somebody is in "
            "between; nothing was sent to it"
        )
    if isinstance(error, paramiko.AuthenticationException):
        return f"{access.host} does not let {access.username} in: the password or key is wrong"
    return words(error)


@dataclass(frozen=True)
class Item:
    """A file or folder of the server."""

    path: str
    kind: str
    """``file`` or ``folder``."""
    size: int
    is_link: bool

    @property
    def name(self) -> str:
        """Its name."""
        return posixpath.basename(self.path)


def items(sftp: SFTPClient, folder: str) -> list[Item]:
    """What is in a folder, by name; links count as what they lead to, broken ones are left out."""
    found = []
    for facts in sorted(sftp.listdir_attr(folder), key=lambda facts: facts.filename):
        item = _item(sftp, posixpath.join(folder, facts.filename), facts)
        if item is not None:
            found.append(item)
    return found


def item_at(sftp: SFTPClient, path: str) -> Item | None:
    """The file or folder of a path; None for anything else. Raises ``OSError`` where there is nothing."""
    return _item(sftp, path, sftp.lstat(path))


def _item(sftp: SFTPClient, path: str, facts: SFTPAttributes) -> Item | None:
    is_link = stat.S_ISLNK(facts.st_mode or 0)
    if is_link:
        try:
            facts = sftp.stat(path)
        except OSError:
            return None
    kind = {stat.S_IFREG: "file", stat.S_IFDIR: "folder"}.get(stat.S_IFMT(facts.st_mode or 0))
    return Item(path, kind, facts.st_size or 0, is_link) if kind else None


def walk(sftp: SFTPClient, folder: str, *, recursive: bool) -> Iterator[Item]:
    """Everything in a folder; with ``recursive`` each folder is followed by what is in it. Links are not followed."""
    for item in items(sftp, folder):
        yield item
        if recursive and item.kind == "folder" and not item.is_link:
            yield from walk(sftp, item.path, recursive=True)
