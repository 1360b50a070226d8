"""``prowl``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.engine.plugin import as_list, text_or_list
from server.plugins.notifiers._base import URL, Notifier, below, picked, post

if TYPE_CHECKING:
    from server.engine.net import Session

SERVER = "https://api.prowlapp.com"


class Prowl(Notifier):
    """Sends messages to iPhones by Prowl.

    Example::

        notify:
          entries:
            via:
              - prowl: {api_key: secret, priority: -1}
    """

    schema = {
        "type": "object",
        "properties": {
            "api_key": {**text_or_list(type="string"), "title": "API key", "description": "One or more keys."},
            "application": {
                "type": "string",
                "default": "FlexGet",
                "title": "Application",
                "description": "The name that the message is from.",
            },
            "priority": {
                "type": "integer",
                "minimum": -2,
                "maximum": 2,
                "title": "Priority",
                "description": "-2 to 2.",
            },
            "url": {"type": "string", "title": "Address", "description": "A link that goes along."},
            "provider_key": {"type": "string", "title": "Provider key", "description": "Raises the limit of messages."},
            "server": {**URL, "default": SERVER, "title": "Server", "description": "Another address of the service."},
        },
        "required": ["api_key"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """https://www.prowlapp.com/api.php"""
        form = {
            "apikey": ",".join(as_list(config["api_key"])),
            "application": config.get("application", "FlexGet"),
            "event": title[:1024],
            "description": message[:10000],
            **picked(config, {"priority": "priority", "url": "url", "provider_key": "providerkey"}),
        }
        post(requests, below(config.get("server") or SERVER, "publicapi/add"), data=form)
