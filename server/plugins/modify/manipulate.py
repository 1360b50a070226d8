"""``manipulate``"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin, priority
from server.engine.task import Task

logger = logging.getLogger("manipulate")

_REGEX = {"type": "string", "format": "regex"}
_OPTIONS: dict[str, Any] = {
    "phase": {
        "enum": ["metainfo", "filter", "modify"],
        "title": "Phase",
        "description": "When to do it; metainfo where nothing is said.",
        "examples": ["filter"],
    },
    "from": {
        "type": "string",
        "title": "From",
        "description": "The field to begin with; the field itself where nothing is said.",
        "examples": ["title"],
    },
    "extract": {
        **_REGEX,
        "title": "Extract",
        "description": "Keep what the groups of this regular expression match.",
        "examples": [r"\[\d+\](.*)"],
    },
    "separator": {
        "type": "string",
        "title": "Separator",
        "description": "What stands between several groups; a blank where nothing is said.",
        "examples": ["-"],
    },
    "remove": {
        "type": "boolean",
        "title": "Remove",
        "description": "Take the field away.",
        "examples": [True],
    },
    "erase": {
        "type": "array",
        "items": _REGEX,
        "title": "Erase",
        "description": "Drop whatever these regular expressions match.",
        "examples": [[r"\[.*?\]"]],
    },
    "find_all": {
        "type": "boolean",
        "title": "Find all",
        "description": "Extract every match instead of the first.",
        "examples": [True],
    },
    "replace": {
        "type": "object",
        "title": "Replace",
        "description": "Replace what `regexp` matches by `format`, which may name groups (`\\1`).",
        "properties": {
            "regexp": {**_REGEX, "title": "Regexp", "description": "What to replace.", "examples": ["&amp;"]},
            "format": {"type": "string", "title": "Format", "description": "What to put there.", "examples": ["&"]},
        },
        "required": ["regexp", "format"],
        "additionalProperties": False,
        "examples": [{"regexp": "&amp;", "format": "&"}],
    },
}


class Manipulate(Plugin):
    r"""Cuts fields to shape with regular expressions, without regard to case, one step after the other.

    Example::

        manipulate:
          - title:
              extract: \[\d+\](.*)
          - title:
              replace:
                regexp: '[._]'
                format: ' '
    """

    schema = {
        "type": "array",
        "title": "Steps",
        "description": "Each names the field that gets the outcome.",
        "items": {
            "type": "object",
            "additionalProperties": {"type": "object", "properties": _OPTIONS, "additionalProperties": False},
        },
        "examples": [[{"title": {"extract": r"\[\d+\](.*)"}}]],
    }
    category = "modify"

    @priority(255)
    def on_task_metainfo(self, task: Task, config: list[dict[str, Any]]) -> None:
        """The steps of this phase, and those without one."""
        self._do(task, config, "metainfo")

    @priority(255)
    def on_task_filter(self, task: Task, config: list[dict[str, Any]]) -> None:
        """The steps of this phase."""
        self._do(task, config, "filter")

    @priority(255)
    def on_task_modify(self, task: Task, config: list[dict[str, Any]]) -> None:
        """The steps of this phase."""
        self._do(task, config, "modify")

    @staticmethod
    def _do(task: Task, config: list[dict[str, Any]], phase: str) -> None:
        steps = [(field, step or {}) for item in config for field, step in item.items()]
        steps = [(field, step) for field, step in steps if step.get("phase", "metainfo") == phase]
        entries = task.entries if phase == "metainfo" else task.live
        for entry in entries if steps else ():
            for field, step in steps:
                _apply(entry, field, step)


def _apply(entry: Entry, field: str, step: dict[str, Any]) -> None:
    if step.get("remove"):
        if field in entry:
            del entry[field]
        return
    source = step.get("from", field)
    value = entry.get(source)
    if value is None:
        logger.log(15, "%s has no field %s to make %s from", entry["title"], source, field)
        return
    works = any(option in step for option in ("extract", "erase", "replace"))
    if works and not isinstance(value, (str, int, float)):
        logger.warning("the field %s of %s is no text: %s is left as it is", source, entry["title"], field)
        return
    before = value
    if works:
        value = _worked(str(value), step)
    if value != before or field != source:
        entry[field] = value


def _worked(text: str, step: dict[str, Any]) -> str:
    """The text after extract, erase and replace, in this order."""
    if "extract" in step:
        text = _extracted(text, step)
    for pattern in step.get("erase", ()):
        text = _compiled(pattern).sub("", text).strip()
    replace = step.get("replace")
    if replace:
        text = _replaced(text, replace["regexp"], replace["format"]).strip()
    return text


def _replaced(text: str, pattern: str, form: str) -> str:
    try:
        return _compiled(pattern).sub(form, text)
    except (re.error, IndexError) as error:
        raise PluginError(f"the format {form!r} does not fit its expression {pattern!r}: {error}") from error


def _extracted(text: str, step: dict[str, Any]) -> str:
    pattern, separator = _compiled(step["extract"]), str(step.get("separator", " "))
    if step.get("find_all"):
        return separator.join(part for match in pattern.finditer(text) for part in _parts(match)).strip()
    match = pattern.search(text)
    return text if match is None else separator.join(_groups(match)).strip()


def _groups(match: re.Match[str]) -> Iterable[str]:
    return (group for group in match.groups() if group)


def _parts(match: re.Match[str]) -> Iterable[str]:
    """The groups of a match, or all of it where the expression has none."""
    return _groups(match) if match.re.groups else (match.group(),)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
