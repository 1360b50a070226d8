"""``csv``"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._source import decode, names_local_file, read

logger = logging.getLogger("csv")


class Csv(Plugin):
    """Entries from a table in comma separated text.

    Example::

        csv:
          url: http://example.com/releases.csv
          values:
            title: 1
            url: 3
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {
                "type": "string",
                "format": "url",
                "title": "Address",
                "description": "Where the table is: http, https or file.",
                "examples": ["http://example.com/releases.csv"],
            },
            "values": {
                "type": "object",
                "title": "Columns",
                "description": "Which column fills which field; the first column is 1.",
                "additionalProperties": {"type": "integer"},
                "required": ["title", "url"],
                "examples": [{"title": 1, "url": 3}],
            },
        },
        "required": ["url", "values"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry for each row. A row with too few columns ends the input with an error that names it."""
        body, charset = read(task, config["url"])
        columns = [(field, column - 1) for field, column in config["values"].items()]
        rows = csv.reader(io.StringIO(decode(body, charset), newline=""))
        try:
            for row in rows:
                if not row:
                    continue
                try:
                    fields = {field: row[index].strip() for field, index in columns}
                except IndexError:
                    raise PluginError(_missing(columns, row, rows.line_num, config["url"])) from None
                if names_local_file(config["url"], fields["url"]):
                    logger.warning("%s of %s names a local file; left out", fields["title"], config["url"])
                elif fields["title"] and fields["url"]:
                    yield Entry(fields)
                else:
                    logger.warning("Line %d of %s has no title or no url; left out", rows.line_num, config["url"])
        except csv.Error as error:
            raise PluginError(f"line {rows.line_num} of {config['url']} is no valid csv: {error}") from error


def _missing(columns: list[tuple[str, int]], row: list[str], line: int, url: str) -> str:
    field, index = next(item for item in columns if item[1] >= len(row))
    return f"line {line} of {url} has {len(row)} columns, but the field {field} is to come from column {index + 1}"
