"""``slack``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.plugins.notifiers._base import URL, Notifier, picked, post

if TYPE_CHECKING:
    from server.engine.net import Session

IMAGE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "title": "Address", "description": "Of the picture."},
        "alt_text": {"type": "string", "title": "Text", "description": "For those who do not see it."},
        "title": {"type": "string", "title": "Title", "description": "Above the picture."},
    },
    "required": ["url", "alt_text"],
    "additionalProperties": False,
    "title": "Picture",
    "description": "A picture.",
}

TEXT: dict[str, Any] = {"type": "string", "title": "Text", "description": "In Slack's markup."}

BLOCK: dict[str, Any] = {
    "type": "object",
    "properties": {
        "section": {
            "type": "object",
            "properties": {
                "text": TEXT,
                "image": IMAGE,
                "fields": {
                    "type": "array",
                    "items": {"type": "string"},
                    "minItems": 1,
                    "maxItems": 10,
                    "title": "Fields",
                    "description": "Texts in two columns.",
                },
            },
            "anyOf": [{"required": ["text"]}, {"required": ["fields"]}],
            "additionalProperties": False,
            "title": "Section",
            "description": "A paragraph, or columns.",
        },
        "image": {
            "type": "object",
            "properties": {"text": TEXT, "image": IMAGE},
            "title": "Image",
            "description": "A picture of full width.",
        },
        "context": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "items": {"type": "object", "properties": {"text": TEXT, "image": IMAGE}, "minProperties": 1},
            "title": "Context",
            "description": "A line of small texts and pictures.",
        },
        "divider": {"type": "boolean", "title": "Divider", "description": "A line across."},
    },
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": False,
}


class Slack(Notifier):
    """Sends messages to a Slack channel by an incoming webhook.

    Example::

        notify:
          task:
            via:
              - slack:
                  web_hook_url: https://hooks.slack.com/services/T0/B0/secret
                  channel: '#downloads'
    """

    schema = {
        "type": "object",
        "properties": {
            "web_hook_url": {
                **URL,
                "title": "Webhook",
                "description": "Address of the incoming webhook.",
                "examples": ["https://hooks.slack.com/services/T0/B0/secret"],
            },
            "username": {
                "type": "string",
                "default": "Flexget",
                "title": "Name",
                "description": "The name that the message is from.",
            },
            "icon_url": {"type": "string", "title": "Picture", "description": "Address of the sender's picture."},
            "icon_emoji": {
                "type": "string",
                "title": "Emoji",
                "description": "Name of an emoji in the picture's place.",
                "examples": ["tada"],
            },
            "channel": {"type": "string", "title": "Channel", "description": "Where to, if not the webhook's own."},
            "unfurl_links": {"type": "boolean", "title": "Unfurl", "description": "Show what links lead to."},
            "message": {"type": "string", "title": "Message", "description": "Read but not used: say it in `notify`."},
            "attachments": {
                "type": "array",
                "items": {"type": "object", "required": ["fallback"]},
                "title": "Attachments",
                "description": "Attachments as Slack's documentation describes them.",
                "examples": [[{"fallback": "{{ title }}", "title": "{{ title }}", "color": "good"}]],
            },
            "blocks": {
                "type": "array",
                "items": BLOCK,
                "minItems": 1,
                "maxItems": 50,
                "title": "Blocks",
                "description": "What the message is made of, in place of its text.",
                "examples": [[{"section": {"text": "*{{ title }}*"}}]],
            },
        },
        "required": ["web_hook_url"],
        "not": {"required": ["icon_emoji", "icon_url"]},
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """The message, with attachments and blocks."""
        names = {"icon_url": "icon_url", "channel": "channel", "unfurl_links": "unfurl_links"}
        body: dict[str, Any] = {
            "text": message,
            "username": config.get("username", "Flexget"),
            **picked(config, {**names, "attachments": "attachments"}),
        }
        if config.get("icon_emoji"):
            body["icon_emoji"] = f":{config['icon_emoji'].strip(':')}:"
        if config.get("blocks"):
            body["blocks"] = [_block(block) for block in config["blocks"]]
        post(requests, config["web_hook_url"], json=body)


def _block(block: dict[str, Any]) -> dict[str, Any]:
    """A block of the configuration as Slack wants it (https://docs.slack.dev/reference/block-kit/blocks)."""
    if "section" in block:
        section = block["section"]
        made: dict[str, Any] = {"type": "section"}
        if "text" in section:
            made["text"] = _markup(section["text"])
        if "fields" in section:
            made["fields"] = [_markup(text) for text in section["fields"]]
        if "image" in section:
            made["accessory"] = _image(section["image"])
        return made
    if "image" in block:
        image = block["image"].get("image", {})
        title = image.get("title") or block["image"].get("text")
        return {**_image(image), **({"title": {"type": "plain_text", "text": title}} if title else {})}
    if "context" in block:
        parts = [_image(part["image"]) if "image" in part else _markup(part["text"]) for part in block["context"]]
        return {"type": "context", "elements": parts}
    return {"type": "divider"}


def _markup(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def _image(image: dict[str, str]) -> dict[str, str]:
    return {"type": "image", "image_url": image["url"], "alt_text": image["alt_text"]}
