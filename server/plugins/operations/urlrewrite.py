"""``urlrewrite``"""

from __future__ import annotations

import re
from typing import Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task

MOST = 20
"""Changes of one address; more of them go round in circles."""


class Urlrewrite(Plugin):
    """Rewrites the addresses of accepted entries by regular expressions.

    Example::

        urlrewrite:
          example:
            regexp: 'http://example\\.com/details/(\\d+)'
            format: 'http://example.com/download/\\1'
    """

    schema = {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "properties": {
                "regexp": {
                    "type": "string",
                    "format": "regex",
                    "title": "Regular expression",
                    "description": "What to look for in an address.",
                    "examples": [r"http://example\.com/details/(\d+)"],
                },
                "format": {
                    "type": "string",
                    "title": "Format",
                    "description": "What takes its place; \\1 and \\g<name> stand for groups.",
                    "examples": [r"http://example.com/download/\1"],
                },
            },
            "required": ["regexp", "format"],
            "additionalProperties": False,
        },
        "title": "Rules",
        "description": "Any name: rule. The first that fits is taken, again and again until none fits.",
        "examples": [{"example": {"regexp": r"details/(\d+)", "format": r"download/\1"}}],
    }
    category = "operation"
    interfaces = ("task", "urlrewriter")

    def on_task_start(self, task: Task, config: dict[str, dict[str, str]]) -> None:
        """Make the rules ready."""
        task.state(self)["rules"] = [(re.compile(rule["regexp"]), rule["format"]) for rule in config.values()]

    def url_rewritable(self, task: Task, entry: Entry) -> bool:
        """Whether a rule fits the entry's address."""
        return any(pattern.search(entry["url"]) for pattern, _ in self._rules(task))

    def url_rewrite(self, task: Task, entry: Entry) -> None:
        """Change the entry's address by the first rule that fits, until none changes it any more."""
        rules, url = self._rules(task), entry["url"]
        for _ in range(MOST):
            changed = _rewritten(rules, url)
            if changed == url:
                return
            url = entry["url"] = changed
        raise PluginError(f"the rules go on without end: after {MOST} changes it is {url[:200]}")

    def _rules(self, task: Task) -> list[tuple[re.Pattern[str], str]]:
        rules: Any = task.state(self).get("rules", [])
        return list(rules)


def _rewritten(rules: list[tuple[re.Pattern[str], str]], url: str) -> str:
    """The address as the first rule that fits makes it; the same where none fits."""
    for pattern, form in rules:
        if pattern.search(url):
            try:
                return pattern.sub(form, url)
            except (re.error, IndexError) as error:
                raise PluginError(f"the format {form!r} does not fit its expression: {error}") from error
    return url
