"""``nfo_lookup``"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task

if TYPE_CHECKING:
    from lxml.etree import _Element

logger = logging.getLogger("nfo_lookup")

MAX_NFO = 4 * 1024 * 1024
"""Bytes; a larger file is no description of a film."""

SHARED = "movie.nfo"
"""The name that holds for the whole folder."""

LISTS = frozenset({"genre", "director", "studio", "country", "thumb", "credits", "tag", "actor"})
"""Elements that may come several times; all others count once."""

_NUMBER = re.compile(r"0|[1-9]\d{0,8}(?:\.\d{0,4}[1-9])?")
_IMDB = re.compile(r"tt\d{7,10}")


class NfoLookup(Plugin):
    """Fields of films from the .nfo files that Kodi and others keep beside them.

    Looked for are `<name of the film's file>.nfo` and `movie.nfo` in its folder; needs the field `location`. Sets
    `nfo_title`, `nfo_year`, `nfo_genre`, `nfo_actor` and whatever else the file tells, and `imdb_id`.

    Example::

        nfo_lookup: yes
    """

    schema = {"type": "boolean", "title": "Read .nfo files", "description": "Whether to read them.", "examples": [True]}
    category = "metainfo"

    @priority(150)
    def on_task_metainfo(self, task: Task, config: bool) -> None:
        """Each file is read once, however many entries it describes."""
        read: dict[Path, dict[str, Any]] = {}
        for entry in task.entries:
            location = entry.get("location", None, False)
            nfo = _beside(Path(str(location))) if location else None
            if nfo is None:
                continue
            task.check_cancelled()
            if nfo not in read:
                read[nfo] = _fields_of(nfo)
            entry.update(read[nfo])


def _beside(film: Path) -> Path | None:
    """The file that describes a film, if there is one."""
    for candidate in (film.with_suffix(".nfo"), film.with_name(SHARED)) if film.name else ():
        if candidate.is_file():
            return candidate
    return None


def _fields_of(nfo: Path) -> dict[str, Any]:
    """What a file tells; nothing, with a line in the log, where it cannot be read."""
    from lxml import etree

    try:
        if nfo.stat().st_size > MAX_NFO:
            return {}
        # Neither entities nor anything from elsewhere: the file may come from a stranger.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(_movie_part(nfo.read_bytes()), parser)
    except OSError as error:
        logger.warning("%s cannot be read: %s", nfo, error.strerror or error)
        return {}
    except etree.XMLSyntaxError as error:
        logger.warning("%s is no valid .nfo file: %s", nfo, error)
        return {}
    return _read(root) if root.tag == "movie" else {}


def _movie_part(body: bytes) -> bytes:
    """Without the address that may follow the XML (Kodi: combination nfo)."""
    end = body.rfind(b"</movie>")
    return body[: end + len(b"</movie>")] if end >= 0 else body.strip()


def _read(movie: _Element) -> dict[str, Any]:
    lists: dict[str, list[Any]] = defaultdict(list)
    fields: dict[str, Any] = {}
    for element in movie:
        if not isinstance(element.tag, str):
            continue  # a comment
        value = _value(element)
        if not value:
            continue
        if element.tag in LISTS:
            lists[f"nfo_{element.tag}"].append(value)
        elif isinstance(value, str):
            fields.setdefault(f"nfo_{element.tag}", _number(value))
        if element.tag == "id" or (element.tag == "uniqueid" and element.get("type") == "imdb"):
            imdb_id = _IMDB.fullmatch(str(value))
            if imdb_id:
                fields.setdefault("imdb_id", imdb_id[0])
    return {**fields, **lists}


def _value(element: _Element) -> Any:
    """An element's text, or a mapping of those below it."""
    if len(element):
        return {str(child.tag): _text(child) for child in element if isinstance(child.tag, str)}
    return _text(element)


def _text(element: _Element) -> str | None:
    return (element.text or "").strip() or None


def _number(text: str) -> str | int | float:
    """A number where the text is nothing else, so that conditions can compare it."""
    if _NUMBER.fullmatch(text) is None:
        return text
    return float(text) if "." in text else int(text)
