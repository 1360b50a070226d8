"""``set``"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import RenderError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.engine.template_marks import is_template

logger = logging.getLogger("set")


TEXTS = frozenset({"title", "url", "path", "filename", "location", "series_name", "movie_name", "imdb_id"})
"""Fields that stay texts, whatever they look like."""

LONGEST = 1000
"""Characters of a text that is tried as a literal."""

_LITERAL = re.compile(r"""\s*(?:[-+]?\.?\d|[\[({'"]|(?:True|False|None)\s*$)""")


class Set(Plugin):
    """Sets fields of entries; texts may be templates, filled in when the field is first looked at.

    Example::

        set:
          path: ~/tv/{{ series_name }}
          movedone: /done
    """

    schema = {
        "type": "object",
        "minProperties": 1,
        "title": "Fields",
        "description": "Field names and their values. `{{ ... }}` in a text is filled in for each entry.",
        "examples": [{"path": "~/tv/{{ series_name }}"}],
    }
    category = "modify"

    def on_task_metainfo(self, task: Task, config: dict[str, Any]) -> None:
        """Every entry gets the fields."""
        for entry in task.entries:
            set_fields(entry, config)


def set_fields(entry: Entry, fields: Mapping[str, Any]) -> None:
    """Set fields; other plugins use it for their own ``set``.

    A template is filled in when its field is first looked at, so it may name fields that come later. Its own old value
    is what it sees under its own name, and what stays when the template cannot be filled in.
    """
    for name, value in fields.items():
        if isinstance(value, str) and is_template(value):
            entry.set_lazily(name, _filler(name, value))
        else:
            entry[name] = value


@lru_cache(maxsize=1024)
def _filler(name: str, template: str) -> Callable[[Entry], None]:
    def fill(entry: Entry) -> None:
        try:
            text = entry.render(template)
            entry[name] = text if name in TEXTS else native(text)
        except RenderError as error:
            title = entry.get("title", eval_lazy=False)
            logger.error("Could not set %s for %s: %s", name, title, error)

    return fill


def native(text: str) -> Any:
    """A text that looks like a literal as what it looks like: ``12`` a number, ``[1, 2]`` a list, ``True`` a truth."""
    if not _LITERAL.match(text) or len(text) > LONGEST:
        return text
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
