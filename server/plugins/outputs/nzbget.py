"""``nzbget``"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.outputs._nzb import asked, json_of


class Nzbget(Plugin):
    """Adds the addresses of accepted entries to NZBGet.

    Example::

        nzbget:
          url: http://nzbget:tegbzn6789@localhost:6789/xmlrpc
          category: films
          priority: 50
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {
                "type": "string",
                "title": "Address",
                "description": "Of NZBGet, with user name and password in it.",
                "examples": ["http://nzbget:tegbzn6789@localhost:6789/xmlrpc"],
            },
            "category": {"type": "string", "default": "", "title": "Category", "description": "Of the download."},
            "priority": {"type": "integer", "default": 0, "title": "Priority", "description": "Higher comes first."},
            "top": {
                "type": "boolean",
                "default": False,
                "title": "At the top",
                "description": "Put it at the top of the queue.",
            },
        },
        "required": ["url"],
        "additionalProperties": False,
    }
    category = "client"

    def on_task_output(self, task: Task, config: dict[str, Any]) -> None:
        """Add each entry (https://nzbget.com/documentation/api/append/); what NZBGet refuses is failed."""
        parts = urlsplit(config["url"])
        login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        path = parts.path.removesuffix("/xmlrpc").rstrip("/") + "/jsonrpc"
        url = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, "", ""))
        for entry in task.accepted:
            task.check_cancelled()
            if task.options.test:
                task.log(self.name).info("Would add %s to NZBGet", entry["title"])
                continue
            group = entry.get("category") or config.get("category", "")
            name = f"{entry['title']}.nzb"
            values = [name, entry["url"], group, config.get("priority", 0), config.get("top", False)]
            request = {"method": "append", "params": [*values, False, "", 0, "SCORE", []]}
            try:
                answer = json_of(asked(task, "POST", url, json=request, auth=login))
            except PluginError as error:
                entry.fail(str(error))
                continue
            if answer.get("error") or not isinstance(answer.get("result"), int) or answer["result"] <= 0:
                entry.fail(f"NZBGet refused it: {answer.get('error') or 'no reason given'}")
