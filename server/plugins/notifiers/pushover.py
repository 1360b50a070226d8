"""``pushover``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.engine.errors import PluginWarning
from server.engine.plugin import as_list, text_or_list
from server.plugins.notifiers._base import URL, Notifier, below, picked, post

if TYPE_CHECKING:
    from server.engine.net import Session

SERVER = "https://api.pushover.net"
LONGEST_TITLE, LONGEST = 250, 1024
"""Characters (https://pushover.net/api#limits)."""

OPTIONS = ("priority", "url", "url_title", "sound", "retry", "expire", "callback")


class Pushover(Notifier):
    """Sends messages to phones by Pushover.

    Example::

        notify:
          entries:
            via:
              - pushover: {user_key: uQiRzpo4DXghDmr9QzzfQu, api_key: azGDORePK8gMaC0QOYAMyEEuzJnyUi, priority: -1}
    """

    schema = {
        "type": "object",
        "properties": {
            "user_key": {
                **text_or_list(type="string"),
                "title": "User key",
                "description": "Of one user or group, or several.",
            },
            "api_key": {
                "type": "string",
                "title": "API key",
                "description": "Token of an application; make one at pushover.net.",
            },
            "device": {
                **text_or_list(type="string"),
                "title": "Device",
                "description": "Only to these of the user's devices.",
            },
            "priority": {
                "oneOf": [{"type": "number", "minimum": -2, "maximum": 2}, {"type": "string"}],
                "title": "Priority",
                "description": "-2 (no notice) to 2 (until it is confirmed); may be a template.",
            },
            "url": {"type": "string", "title": "Address", "description": "A link below the message."},
            "url_title": {"type": "string", "title": "Link text", "description": "What the link is called."},
            "sound": {"type": "string", "title": "Sound", "description": "Name of a sound."},
            "retry": {
                "type": "integer",
                "minimum": 30,
                "title": "Retry",
                "description": "Seconds between repetitions at priority 2.",
            },
            "expire": {
                "type": "integer",
                "maximum": 86400,
                "title": "Expire",
                "description": "Seconds after which priority 2 is no longer repeated.",
            },
            "callback": {"type": "string", "title": "Callback", "description": "Called when priority 2 is confirmed."},
            "html": {"type": "boolean", "title": "HTML", "description": "The message holds HTML."},
            "server": {**URL, "default": SERVER, "title": "Server", "description": "Another address of the service."},
        },
        "required": ["user_key"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """https://pushover.net/api"""
        if not config.get("api_key"):
            raise PluginWarning("`api_key` is missing: the token of an application that you make at pushover.net")
        form: dict[str, Any] = {
            "token": config["api_key"],
            "title": title[:LONGEST_TITLE],
            "message": message[:LONGEST] or " ",
            **picked(config, {name: name for name in OPTIONS}),
        }
        if str(form.get("priority")) == "2":
            form = {"retry": 60, "expire": 3600, **form}
        if config.get("html"):
            form["html"] = 1
        devices = {"device": ",".join(as_list(config.get("device")))} if config.get("device") else {}
        for user in as_list(config["user_key"]):
            post(
                requests,
                below(config.get("server") or SERVER, "1/messages.json"),
                data={**form, **devices, "user": user},
            )
