"""``exists_movie``"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.paths import from_home
from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.parsing.quality import Quality
from server.plugins._folders import walk
from server.plugins._parsers import MovieParser, parsers_of
from server.plugins._quality import quality_of

Movies = dict[str, list[Quality]]
"""Qualities of the movies on disk, by name and year, or by IMDb identifier."""

_IMDB = re.compile(r"\btt\d{7,10}\b")
_PATHS = text_or_list(type="string", format="path")


class ExistsMovie(Plugin):
    """Rejects movies that are in a folder already, by the names of its folders or files.

    Example::

        exists_movie:
          path: /media/movies
          allow_different_qualities: better
    """

    schema = {
        "anyOf": [
            _PATHS,
            {
                "type": "object",
                "properties": {
                    "path": {
                        **_PATHS,
                        "title": "Folders",
                        "description": "Where the movies are.",
                        "examples": ["/media/movies"],
                    },
                    "allow_different_qualities": {
                        "enum": ["better", True, False],
                        "default": False,
                        "title": "Allow different qualities",
                        "description": "Let other qualities pass, or only better ones.",
                        "examples": ["better"],
                    },
                    "type": {
                        "enum": ["files", "dirs"],
                        "default": "dirs",
                        "title": "Type",
                        "description": "Whether a movie is a folder or a file.",
                        "examples": ["files"],
                    },
                    "lookup": {
                        "enum": ["imdb", False],
                        "default": False,
                        "title": "Look up",
                        "description": "Compare by IMDb identifiers, where names of folders hold them.",
                        "examples": ["imdb"],
                    },
                    "recursive": {
                        "type": "boolean",
                        "default": False,
                        "title": "Recursive",
                        "description": "Look into subfolders too.",
                        "examples": [True],
                    },
                },
                "required": ["path"],
                "additionalProperties": False,
            },
        ],
        "title": "Folders",
        "description": "Where the movies are.",
        "examples": ["/media/movies"],
    }
    category = "filter"

    @priority(-1)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """The folders are read only when there is something accepted."""
        options = config if isinstance(config, dict) else {"path": config}
        entries = task.accepted
        if not entries:
            return
        parser = parsers_of(task).movie
        movies = self._movies(task, options, parser)
        different = options.get("allow_different_qualities", False)
        for entry in entries:
            have = movies.get(_key(entry, options.get("lookup"), parser))
            if have is None:
                continue
            quality = quality_of(entry)
            if different == "better":
                if all(quality > other for other in have):
                    continue
                entry.reject(f"it exists as {max(have)}, which {quality} is not better than")
            elif different is not True or quality in have:
                entry.reject(f"it exists as {max(have)}")

    def _movies(self, task: Task, options: dict[str, Any], parser: MovieParser) -> Movies:
        found: Movies = {}
        for folder in as_list(options["path"]):
            path = from_home(folder, task.services.home)
            if not path.is_dir():
                task.log(self.name).error("the folder %s does not exist", path)
                continue
            for name in _names(path, files=options.get("type") == "files", recursive=bool(options.get("recursive"))):
                task.check_cancelled()
                movie = parser(name)
                for key in (_named(movie.name, movie.year), *_IMDB.findall(name.lower())):
                    if key:
                        found.setdefault(key, []).append(movie.quality)
        return found


def _names(path: Path, *, files: bool, recursive: bool) -> Iterator[str]:
    """The names of a folder's folders, or of its files (without extension)."""
    for _, folders, names in walk(path):
        yield from (Path(name).stem for name in names) if files else folders
        if not recursive:
            return


def _named(name: str, year: int | None) -> str:
    """Empty where the name is: a folder `1080p` holds no movie of its own."""
    return f"{name} {year or ''}".strip().lower() if name else ""


def _key(entry: Entry, lookup: Any, parser: MovieParser) -> str:
    """The IMDb identifier, or name and year; empty where there is none.

    What is not known yet is read from the title into the fields.
    """
    if lookup == "imdb":
        return str(entry.get("imdb_id") or "")
    if not entry.get("movie_name"):
        movie = parser(entry["title"])
        entry.update(movie_name=movie.name, movie_year=movie.year)
    return _named(str(entry["movie_name"]), entry.get("movie_year"))
