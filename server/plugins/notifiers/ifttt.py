"""``ifttt``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from server.engine.plugin import as_list, text_or_list
from server.plugins.notifiers._base import URL, Notifier, below, post

if TYPE_CHECKING:
    from server.engine.net import Session

SERVER = "https://maker.ifttt.com"


class Ifttt(Notifier):
    """Fires an event of the Webhooks service of IFTTT; ``Value1`` is the title, ``Value2`` the message.

    Example::

        notify:
          entries:
            via:
              - ifttt: {event: new_film, keys: secret}
    """

    schema = {
        "type": "object",
        "properties": {
            "event": {"type": "string", "title": "Event", "description": "Name of the event."},
            "keys": {**text_or_list(type="string"), "title": "Keys", "description": "One or more webhook keys."},
            "server": {**URL, "default": SERVER, "title": "Server", "description": "Another address of the service."},
        },
        "required": ["event", "keys"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """One event for each key."""
        for key in as_list(config["keys"]):
            path = f"trigger/{quote(config['event'], safe='')}/with/key/{quote(key, safe='')}"
            post(requests, below(config.get("server") or SERVER, path), json={"value1": title, "value2": message})
