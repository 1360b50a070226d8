"""Reading what an input's configuration names: a web address, a ``file://`` address, or a path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from server.engine.errors import PluginError
from server.engine.limits import MAX_BODY
from server.engine.paths import from_home
from server.engine.task import Task

if TYPE_CHECKING:
    import requests


def is_address(place: str) -> bool:
    """Whether it must be asked of a server (and is not on this machine)."""
    return "://" in place and not place.lower().startswith("file://")


def names_local_file(place: str, url: Any) -> bool:
    """Whether something read from another machine names a file of this one: nothing an entry may do."""
    return is_address(place) and str(url).strip().lower().startswith("file:")


def local_path(task: Task, place: str) -> Path:
    """The file that a path or ``file://`` address names; relative ones count from the config's folder."""
    if place.lower().startswith("file://"):
        parts = urlsplit(place)
        place = unquote(parts.path)
        if len(place) > 2 and place[0] == "/" and place[2] == ":":  # file:///C:/feed.xml
            place = place[1:]
    return from_home(place, task.services.home)


def read_local(path: Path) -> bytes:
    """The file's bytes; raises :class:`PluginError` in plain words."""
    try:
        if path.stat().st_size > MAX_BODY:
            raise PluginError(f"{path} is larger than the limit of {MAX_BODY} bytes")
        return path.read_bytes()
    except OSError as error:
        raise PluginError(f"cannot read {path}: {error.strerror or error}") from error


def read(task: Task, place: str, **options: Any) -> tuple[bytes, str | None]:
    """The bytes and the declared character set (None where none was declared).

    ``options`` go to the request. Raises :class:`PluginError` in plain words.
    """
    if not is_address(place):
        return read_local(local_path(task, place)), None
    import requests

    try:
        response = task.requests.get(place, **options)
    except requests.RequestException as error:
        raise PluginError(f"cannot fetch {place}: {error}") from error
    return response.content, declared_charset(response)


def declared_charset(response: requests.Response) -> str | None:
    """The character set that the server named itself."""
    content_type = response.headers.get("Content-Type", "")
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None


def decode(body: bytes, charset: str | None = None) -> str:
    """Text of bytes: as declared, else UTF-8 (with or without its mark), else Latin-1, which always fits."""
    for name in (charset, "utf-8-sig"):
        try:
            if name:
                return body.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return body.decode("latin-1")
