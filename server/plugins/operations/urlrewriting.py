"""``urlrewriting``"""

from __future__ import annotations

import logging
from typing import Any

import requests

from server.engine.entry import Entry
from server.engine.errors import PluginError, PluginWarning
from server.engine.plugin import Plugin
from server.engine.task import Task

logger = logging.getLogger("urlrewriter")

OFF = "disable_urlrewriters"


class Urlrewriting(Plugin):
    """Lets the link rewriters work on accepted entries: pages become the files that they lead to.

    A rewriter is a plugin with the interface ``urlrewriter`` and two methods: ``url_rewritable(task, entry)`` says
    whether it knows the address, ``url_rewrite(task, entry)`` changes it.

    Example::

        urlrewriting: yes
    """

    schema = {
        "type": "boolean",
        "title": "Rewriting",
        "description": "Whether links are rewritten (yes).",
        "examples": [True],
    }
    category = "operation"
    builtin = True

    def on_task_urlrewrite(self, task: Task, config: Any) -> None:
        """Go through the accepted entries."""
        off = set(task.config.get(OFF) or ())
        rewriters = [plugin for plugin in task.services.registry.by_interface("urlrewriter") if plugin.name not in off]
        for entry in task.accepted if rewriters else ():
            task.check_cancelled()
            self._rewrite(task, entry, rewriters)

    @staticmethod
    def _rewrite(task: Task, entry: Entry, rewriters: list[Any]) -> None:
        for rewriter in rewriters:
            try:
                if not rewriter.url_rewritable(task, entry):
                    continue
                before = entry["url"]
                rewriter.url_rewrite(task, entry)
            except (PluginError, PluginWarning, requests.RequestException) as error:
                entry.fail(f"{rewriter.name} cannot rewrite its address: {error}")
                return
            if entry["url"] != before:
                urls = entry.get("urls", None, False)
                if urls:
                    entry["urls"] = [entry["url"] if url == before else url for url in urls]
                logger.info("The address of %s was rewritten to %s by %s", entry["title"], entry["url"], rewriter.name)
