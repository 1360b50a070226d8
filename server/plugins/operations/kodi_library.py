"""``kodi_library``"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from requests import RequestException

from server.engine.errors import PluginWarning
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.plugins._addresses import host_name

logger = logging.getLogger("kodi_library")


class KodiLibrary(Plugin):
    """Lets Kodi look for new files, or clean its library, when the task is done.

    Example::

        kodi_library:
          url: http://kodi.local
          port: 8080
          action: scan
          category: video
    """

    schema = {
        "type": "object",
        "properties": {
            "action": {"enum": ["clean", "scan"], "title": "Action", "description": "What Kodi does."},
            "category": {"enum": ["audio", "video"], "title": "Library", "description": "Which library."},
            "url": {
                "type": "string",
                "format": "url",
                "title": "Address",
                "description": "Where Kodi is.",
                "examples": ["http://kodi.local"],
            },
            "port": {"type": "integer", "default": 8080, "title": "Port", "description": "Of Kodi's web server."},
            "username": {"type": "string", "title": "User name", "description": "Where Kodi asks for one."},
            "password": {"type": "string", "title": "Password", "description": "Where Kodi asks for one."},
            "only_on_accepted": {
                "type": "boolean",
                "default": True,
                "title": "Only when there is something",
                "description": "Only when entries were accepted.",
            },
        },
        "required": ["url", "action", "category"],
        "additionalProperties": False,
    }
    category = "operation"

    @priority(-255)
    def on_task_exit(self, task: Task, config: dict[str, Any]) -> None:
        """Tell Kodi (https://kodi.wiki/view/JSON-RPC_API)."""
        if not task.accepted and config.get("only_on_accepted", True):
            return
        if task.options.test:
            logger.info("Would tell Kodi to %s its library", config["action"])
            return
        parts = urlsplit(config["url"])
        port = parts.port or config.get("port", 8080)
        url = f"{parts.scheme}://{host_name(parts.hostname or '')}:{port}{parts.path.rstrip('/')}/jsonrpc"
        library = f"{config['category'].capitalize()}Library"
        request = {"jsonrpc": "2.0", "id": 1, "method": f"{library}.{config['action'].capitalize()}"}
        login = (config["username"], config.get("password", "")) if config.get("username") else None
        try:
            answer = task.requests.request("POST", url, json=request, auth=login).json()
        except (RequestException, ValueError) as error:
            raise PluginWarning(f"Kodi at {parts.hostname} did not do it: {error}") from error
        if answer.get("result") != "OK":
            raise PluginWarning(f"Kodi refused it: {answer.get('error') or answer}")
