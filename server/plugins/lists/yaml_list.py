"""``yaml_list``"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from server.engine.entry import PASSING, Entry
from server.engine.errors import PluginError
from server.engine.lists import DECISIONS, ListPlugin, ManagedList
from server.engine.paths import from_home
from server.plugins.outputs._pages import write_whole
from server.storage.database import Database

PLAIN = (str, int, float, bool, type(None))


class YamlFile(ManagedList):
    """An entry is on the list when its title is."""

    external = True

    def __init__(self, path: Path, fields: list[str] | None, encoding: str) -> None:
        self._path = path
        self._fields = fields
        self._encoding = encoding

    def entries(self) -> Iterator[Entry]:
        """In the file's order."""
        for number, item in enumerate(self._read(), start=1):
            fields = {name: value for name, value in item.items() if value is not None and name not in DECISIONS}
            yield Entry({"url": f"mock://localhost/yaml_list/{number}", **fields})

    def match(self, entries: Sequence[Entry]) -> dict[Entry, Entry]:
        """By title."""
        by_title = {entry["title"]: entry for entry in self.entries()}
        return {entry: by_title[entry["title"]] for entry in entries if entry["title"] in by_title}

    def add(self, entries: Sequence[Entry]) -> None:
        """At the end; what is there already is replaced in its place."""
        items = {item["title"]: item for item in self._read()}
        items.update((entry["title"], _fields(entry)) for entry in entries)
        self._write(items.values())

    def remove(self, entries: Sequence[Entry]) -> int:
        """By title."""
        titles = {entry["title"] for entry in entries}
        items = self._read()
        kept = [item for item in items if item["title"] not in titles]
        if len(kept) < len(items):
            self._write(kept)
        return len(items) - len(kept)

    def clear(self) -> None:
        """The file stays, with an empty list."""
        self._write([])

    def _read(self) -> list[dict[str, Any]]:
        import yaml

        if not self._path.exists():
            return []
        try:
            items = yaml.safe_load(self._path.read_text(encoding=self._encoding)) or []
        except (OSError, LookupError, UnicodeDecodeError) as error:
            raise PluginError(f"the list {self._path} cannot be read: {error}") from error
        except yaml.YAMLError as error:
            raise PluginError(f"the list {self._path} is no YAML: {error}") from error
        if not isinstance(items, list):
            raise PluginError(f"the list {self._path} does not hold a list of entries")
        for place, item in enumerate(items, start=1):
            if not isinstance(item, dict) or not item.get("title"):
                raise PluginError(f"item {place} of the list {self._path} has no title")
            item["title"] = str(item["title"])  # YAML takes `title: 1917` for a number
        return items

    def _write(self, items: Any) -> None:
        import yaml

        rows = [self._row(item) for item in items]

        class Indented(yaml.SafeDumper):
            """Items of inner lists stand below their key, further in."""

            def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
                super().increase_indent(flow, False)

        text = yaml.dump(rows, Dumper=Indented, default_flow_style=False, allow_unicode=True, sort_keys=False)
        write_whole(self._path, text, self._encoding)

    def _row(self, item: dict[str, Any]) -> dict[str, Any]:
        """The chosen fields in their order; title, url and all others by name where none are chosen."""
        fields = dict(Entry(item)) if item.get("url") else item
        names = self._fields or ["title", "url", *sorted(fields.keys() - {"title", "url"})]
        return {name: _plain(fields[name]) for name in names if name in fields}


def _fields(entry: Entry) -> dict[str, Any]:
    """What is known of an entry, lazy fields too, and who accepted it in which task."""
    entry.evaluate_lazy()
    return {name: value for name, value in entry.items() if name not in PASSING and not name.startswith("_")}


def _plain(value: Any) -> Any:
    """A value as YAML can hold it."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    return str(value)


class YamlList(ListPlugin):
    """A list of entries that is kept in a YAML file, for people and programs to edit.

    Example::

        yaml_list:
          path: wanted.yaml
          fields: [title, url, movie_year]
    """

    schema = {
        "oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": {
                    "path": {
                        "type": "string",
                        "title": "File",
                        "description": "The file; a relative one lies beside the config.",
                        "examples": ["wanted.yaml"],
                    },
                    "fields": {
                        "type": "array",
                        "items": {"type": "string"},
                        "title": "Fields",
                        "description": "The only fields to write; they should hold `title` and `url`.",
                        "examples": [["title", "url"]],
                    },
                    "encoding": {
                        "type": "string",
                        "default": "utf-8",
                        "title": "Encoding",
                        "description": "Of the file.",
                    },
                },
                "required": ["path"],
                "additionalProperties": False,
            },
        ],
        "title": "File",
        "description": "Path of the file, or options.",
        "examples": ["wanted.yaml"],
    }

    def managed_list(self, config: Any, db: Database) -> ManagedList:
        """The list in that file."""
        options: dict[str, Any] = {"path": config} if isinstance(config, str) else config
        path = from_home(options["path"], self.services.home)
        return YamlFile(path, options.get("fields"), options.get("encoding", "utf-8"))
