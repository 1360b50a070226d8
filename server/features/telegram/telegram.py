"""``telegram``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.engine.errors import PluginWarning
from server.engine.plugin import Plugin
from server.features.telegram.store import ChatStore
from server.plugins.notifiers._base import URL, Notifier, below, call, pieces, post

if TYPE_CHECKING:
    from server.engine.net import Session

SERVER = "https://api.telegram.org"
LONGEST = 4096
"""Characters of a message (https://core.telegram.org/bots/api#sendmessage)."""

MODES = {"html": "HTML", "markdown": "MarkdownV2", "markdown_legacy": "Markdown"}


def _text(title: str, description: str) -> dict[str, str]:
    return {"type": "string", "title": title, "description": description}


def _one(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {name: schema}, "required": [name], "additionalProperties": False}


FULL_NAME: dict[str, Any] = {
    "type": "object",
    "properties": {"first": _text("First name", "As in Telegram."), "sur": _text("Last name", "As in Telegram.")},
    "required": ["first", "sur"],
    "additionalProperties": False,
    "title": "Full name",
    "description": "Of somebody who has no user name.",
}


class Telegram(Notifier, Plugin):
    """Sends messages by a Telegram bot, to people or groups.

    A bot may write only to those who wrote to it before: send it any message (in a group: one that begins with ``/``)
    on the day of the first message at the latest; the chat is remembered from then on. A ``chat_id`` needs none of it.

    Example::

        notify:
          entries:
            via:
              - telegram:
                  bot_token: "{? telegram.token ?}"
                  parse_mode: html
                  recipients:
                    - chat_id: 12345678
                    - username: somebody
    """

    schema = {
        "type": "object",
        "properties": {
            "bot_token": _text("Token", "The bot's token, from @BotFather."),
            "parse_mode": {
                "enum": list(MODES),
                "title": "Markup",
                "description": "Whether the message holds HTML or Markdown.",
            },
            "disable_previews": {
                "type": "boolean",
                "default": False,
                "title": "No previews",
                "description": "Do not show what links lead to.",
            },
            "recipients": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "oneOf": [
                        _one("chat_id", {"type": "integer", "title": "Chat", "description": "Number of a chat."}),
                        _one("username", _text("User name", "Of a person.")),
                        _one("fullname", FULL_NAME),
                        _one("group", _text("Group", "Name of a group.")),
                    ]
                },
                "title": "Recipients",
                "description": "Who gets it.",
                "examples": [[{"chat_id": 12345678}]],
            },
            "socks_proxy": _text("Proxy", "Address of a SOCKS proxy, such as `socks5://host:1080`."),
            "images": {
                "type": "array",
                "items": {"type": "string"},
                "title": "Images",
                "description": "Addresses of pictures that go along.",
            },
            "server": {
                **URL,
                "default": SERVER,
                "title": "Server",
                "description": "Address of another Bot API server.",
            },
        },
        "required": ["bot_token", "recipients"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """The message to each recipient, in pieces where it is too long, then the pictures."""
        if config.get("socks_proxy"):
            requests.proxies.update(http=config["socks_proxy"], https=config["socks_proxy"])
        bot = below(config.get("server") or SERVER, f"bot{config['bot_token']}")
        more: dict[str, Any] = {}
        if config.get("parse_mode"):
            more["parse_mode"] = MODES[config["parse_mode"]]
        if config.get("disable_previews"):
            more["link_preview_options"] = {"is_disabled": True}
        for chat in self._chats(requests, bot, config):
            for part in pieces(message, LONGEST):
                post(requests, below(bot, "sendMessage"), json={"chat_id": chat, "text": part, **more})
            for image in config.get("images") or ():
                post(requests, below(bot, "sendPhoto"), json={"chat_id": chat, "photo": image})

    def _chats(self, requests: Session, bot: str, config: dict[str, Any]) -> list[int]:
        """Numbers of the recipients' chats; raises ``PluginWarning`` for those that the bot does not know."""
        names = [_name(recipient) for recipient in config["recipients"]]
        wanted = {name for name in names if isinstance(name, str)}
        known: dict[str, int] = {}
        if wanted:
            store = self.services.db.store(ChatStore)
            number = config["bot_token"].partition(":")[0]
            known = store.known(number)
            if wanted - known.keys():
                fresh = _fresh_chats(call(requests, "GET", below(bot, "getUpdates")).json())
                store.keep(number, {name: fresh[name] for name in wanted & fresh.keys()})
                known = {**known, **fresh}
        missing = sorted(wanted - known.keys())
        if missing:
            raise PluginWarning(f"the bot does not know {', '.join(missing)}: they must write to it first")
        return [known[name] if isinstance(name, str) else name for name in names]


def _name(recipient: dict[str, Any]) -> int | str:
    if "chat_id" in recipient:
        return int(recipient["chat_id"])
    if "username" in recipient:
        return f"user:{recipient['username'].lstrip('@').lower()}"
    if "group" in recipient:
        return f"group:{recipient['group']}"
    return f"name:{recipient['fullname']['first']} {recipient['fullname']['sur']}"


def _fresh_chats(answer: dict[str, Any]) -> dict[str, int]:
    """Chats by name, of the messages that the bot got lately (https://core.telegram.org/bots/api#getupdates)."""
    found = {}
    for update in answer.get("result") or ():
        chat = (update.get("message") or update.get("my_chat_member") or {}).get("chat") or {}
        if "id" not in chat:
            continue
        if chat.get("title"):
            found[f"group:{chat['title']}"] = chat["id"]
        if chat.get("username"):
            found[f"user:{chat['username'].lower()}"] = chat["id"]
        if chat.get("first_name"):
            found[f"name:{chat['first_name']} {chat.get('last_name', '')}"] = chat["id"]
    return found
