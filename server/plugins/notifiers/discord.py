"""``discord``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.plugins.notifiers._base import URL, Notifier, picked, pieces, post

if TYPE_CHECKING:
    from server.engine.net import Session

LONGEST = 2000
"""Characters of a message (https://discord.com/developers/docs/resources/webhook#execute-webhook)."""

QUIET = 1 << 12
"""The flag of a message that makes no sound."""


def _link(title: str, *names: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "string", "title": name, "description": "An address."} for name in names},
        "additionalProperties": False,
        "title": title,
        "description": f"{title} of the embed.",
    }


EMBED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "title": "Title", "description": "Its title."},
        "description": {"type": "string", "title": "Description", "description": "Its text."},
        "url": {"type": "string", "title": "Address", "description": "Where the title leads."},
        "color": {
            "type": ["integer", "string"],
            "title": "Color",
            "description": "Of the bar beside it, as a number or like `#3498db`.",
            "examples": ["#3498db"],
        },
        "timestamp": {"type": "string", "title": "Time", "description": "ISO 8601."},
        "footer": {**_link("Footer", "text", "icon_url", "proxy_icon_url"), "required": ["text"]},
        "image": _link("Image", "url", "proxy_url"),
        "thumbnail": _link("Thumbnail", "url", "proxy_url"),
        "provider": _link("Provider", "name", "url"),
        "author": _link("Author", "name", "url", "icon_url", "proxy_icon_url"),
        "fields": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "title": "Name", "description": "The field's name."},
                    "value": {"type": "string", "title": "Value", "description": "The field's value."},
                    "inline": {"type": "boolean", "title": "Inline", "description": "Beside the field before."},
                },
                "required": ["name", "value"],
                "additionalProperties": False,
            },
            "title": "Fields",
            "description": "Names with values.",
        },
    },
    "additionalProperties": False,
}


class Discord(Notifier):
    """Sends messages to a Discord channel by its webhook.

    Example::

        notify:
          entries:
            via:
              - discord:
                  web_hook_url: https://discord.com/api/webhooks/1234/secret
                  silent: yes
    """

    schema = {
        "type": "object",
        "properties": {
            "web_hook_url": {
                **URL,
                "title": "Webhook",
                "description": "The webhook's address, from the channel's settings.",
                "examples": ["https://discord.com/api/webhooks/1234/secret"],
            },
            "username": {
                "type": "string",
                "default": "Flexget",
                "title": "Name",
                "description": "The name that the message is from.",
            },
            "avatar_url": {"type": "string", "title": "Picture", "description": "Address of the sender's picture."},
            "silent": {
                "type": "boolean",
                "default": False,
                "title": "Silent",
                "description": "Without a sound at the receivers.",
            },
            "embeds": {"type": "array", "items": EMBED, "title": "Embeds", "description": "Boxes below the message."},
        },
        "required": ["web_hook_url"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """The message, in several where it is too long; embeds come with the last."""
        common: dict[str, Any] = {
            "username": config.get("username", "Flexget"),
            **picked(config, {"avatar_url": "avatar_url"}),
            **({"flags": QUIET} if config.get("silent") else {}),
        }
        parts = pieces(message, LONGEST)
        for part in parts[:-1]:
            post(requests, config["web_hook_url"], json={"content": part, **common})
        embeds = [{**embed, **_color(embed)} for embed in config.get("embeds") or ()]
        last = {"content": parts[-1], **common, **({"embeds": embeds} if embeds else {})}
        post(requests, config["web_hook_url"], json=last)


def _color(embed: dict[str, Any]) -> dict[str, int]:
    color = embed.get("color")
    if not isinstance(color, str):
        return {}
    text = color.strip().lstrip("#").lower().removeprefix("0x")
    if color.strip().isdecimal():
        return {"color": int(color)}
    try:
        return {"color": int(text, 16)}
    except ValueError:
        return {"color": 0}
