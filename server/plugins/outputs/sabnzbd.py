"""``sabnzbd``"""

from __future__ import annotations

from typing import Any

from server.engine.errors import PluginError
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.outputs._nzb import asked

OPTIONS = {"category": "cat", "script": "script", "pp": "pp", "priority": "priority"}


def _text(title: str, description: str) -> dict[str, str]:
    return {"type": "string", "title": title, "description": description}


class Sabnzbd(Plugin):
    """Adds the addresses of accepted entries to SABnzbd.

    Example::

        sabnzbd:
          url: http://localhost:8080/sabnzbd/api?
          key: 0123456789abcdef
          category: tv
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {
                "type": "string",
                "format": "url",
                "title": "Address",
                "description": "Of SABnzbd's API.",
                "examples": ["http://localhost:8080/sabnzbd/api?"],
            },
            "key": _text("API key", "From SABnzbd's settings."),
            "category": _text("Category", "Of the download; may be set by an entry's field `category` too."),
            "script": _text("Script", "Run when it is done."),
            "pp": _text("Processing", "0 to 3: download, repair, unpack, delete."),
            "priority": {"type": "integer", "title": "Priority", "description": "-2 (paused) to 2 (force)."},
            "username": _text("User name", "Where SABnzbd asks for one."),
            "password": _text("Password", "Where SABnzbd asks for one."),
        },
        "required": ["url", "key"],
        "additionalProperties": False,
    }
    category = "client"

    def on_task_output(self, task: Task, config: dict[str, Any]) -> None:
        """Add each entry; what SABnzbd refuses is failed with its own words."""
        common = {"apikey": config["key"]}
        common.update({theirs: config[ours] for ours, theirs in OPTIONS.items() if config.get(ours) is not None})
        if config.get("username"):
            common.update(ma_username=config["username"], ma_password=config.get("password", ""))
        for entry in task.accepted:
            task.check_cancelled()
            if task.options.test:
                task.log(self.name).info("Would add %s to SABnzbd", entry["title"])
                continue
            more = {"cat": entry["category"]} if entry.get("category") else {}
            try:
                params = {**common, **more, "name": entry["url"], "nzbname": entry["title"], "mode": "addurl"}
                answer = asked(task, "GET", config["url"].rstrip("?"), params=params).text.strip()
            except PluginError as error:
                entry.fail(str(error))
                continue
            if "error" in answer.lower():
                entry.fail(f"SABnzbd refused it: {answer[:200]}")
