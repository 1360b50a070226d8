"""``gotify``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.plugins.notifiers._base import URL, Notifier, below, post

if TYPE_CHECKING:
    from server.engine.net import Session


class Gotify(Notifier):
    """Sends messages to a Gotify server.

    Example::

        notify:
          entries:
            via:
              - gotify: {url: 'https://push.example.com', token: AbCdEf}
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {
                **URL,
                "title": "Server",
                "description": "The server's address.",
                "examples": ["https://push.example.com"],
            },
            "token": {"type": "string", "title": "Token", "description": "An application's token."},
            "priority": {"type": "integer", "default": 4, "title": "Priority", "description": "0 to 10."},
            "content_type": {
                "enum": ["text/plain", "text/markdown"],
                "default": "text/plain",
                "title": "Kind",
                "description": "Whether the message holds Markdown.",
            },
        },
        "required": ["url", "token"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """https://gotify.net/api-docs#/message/createMessage"""
        kind = config.get("content_type", "text/plain")
        body = {
            "title": title,
            "message": message,
            "priority": config.get("priority", 4),
            "extras": {"client::display": {"contentType": kind}},
        }
        post(requests, below(config["url"], "message"), params={"token": config["token"]}, json=body)
