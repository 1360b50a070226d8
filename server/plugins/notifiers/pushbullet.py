"""``pushbullet``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.engine.plugin import as_list, text_or_list
from server.plugins.notifiers._base import URL, Notifier, below, post

if TYPE_CHECKING:
    from server.engine.net import Session

SERVER = "https://api.pushbullet.com"


class Pushbullet(Notifier):
    """Sends messages by Pushbullet: to all of one's devices, to some, to a channel or to other people.

    Example::

        notify:
          entries:
            via:
              - pushbullet: {api_key: o.secret, device: ujpah72o0sjAoRtnM0jc}
    """

    schema = {
        "type": "object",
        "properties": {
            "api_key": {**text_or_list(type="string"), "title": "API key", "description": "Access token, or several."},
            "device": {**text_or_list(type="string"), "title": "Device", "description": "Ids of devices."},
            "email": {
                **text_or_list(type="string", format="email"),
                "title": "Mail address",
                "description": "Of people who use Pushbullet.",
            },
            "channel": {"type": "string", "title": "Channel", "description": "Tag of a channel of yours."},
            "url": {"type": "string", "title": "Address", "description": "A link that goes along."},
            "server": {**URL, "default": SERVER, "title": "Server", "description": "Another address of the service."},
        },
        "required": ["api_key"],
        "not": {
            "anyOf": [
                {"required": ["device", "channel"]},
                {"required": ["device", "email"]},
                {"required": ["channel", "email"]},
            ]
        },
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """https://docs.pushbullet.com/#create-push"""
        push: dict[str, Any] = {"type": "note", "title": title, "body": message}
        if config.get("url"):
            push.update(type="link", url=config["url"])
        targets: list[dict[str, str]] = [
            *({"device_iden": device} for device in as_list(config.get("device"))),
            *({"email": address} for address in as_list(config.get("email"))),
            *({"channel_tag": channel} for channel in as_list(config.get("channel"))),
        ]
        address = below(config.get("server") or SERVER, "v2/pushes")
        for key in as_list(config["api_key"]):
            for target in targets or [{}]:
                post(requests, address, headers={"Access-Token": key}, json={**push, **target})
