"""``ntfysh``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.plugins.notifiers._base import URL, Notifier, below, picked, post

if TYPE_CHECKING:
    from server.engine.net import Session


class Ntfysh(Notifier):
    """Sends messages to a topic of an ntfy server (ntfy.sh or one's own).

    Example::

        notify:
          entries:
            via:
              - ntfysh: {url: 'https://ntfy.sh/', topic: my-films, tags: tada}
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {**URL, "default": "https://ntfy.sh/", "title": "Server", "description": "The server's address."},
            "topic": {"type": "string", "title": "Topic", "description": "Who knows its name can read it."},
            "priority": {"type": "integer", "default": 3, "title": "Priority", "description": "1 to 5."},
            "delay": {
                "type": "string",
                "title": "Delay",
                "description": "When to deliver it.",
                "examples": ["30m", "tomorrow, 10am"],
            },
            "tags": {
                "type": "string",
                "title": "Tags",
                "description": "Tags and emojis, with commas between.",
                "examples": ["tada,film"],
            },
            "username": {"type": "string", "title": "User name", "description": "Where the server asks for one."},
            "password": {"type": "string", "title": "Password", "description": "Where the server asks for one."},
        },
        "required": ["topic"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """https://docs.ntfy.sh/publish/"""
        more = {"priority": config.get("priority", 3), **picked(config, {"delay": "delay", "tags": "tags"})}
        login = (config["username"], config.get("password", "")) if config.get("username") else None
        post(
            requests,
            below(config.get("url") or "https://ntfy.sh", config["topic"]),
            params={"title": title, **more},
            data=message.encode("utf-8", "replace"),
            auth=login,
        )
