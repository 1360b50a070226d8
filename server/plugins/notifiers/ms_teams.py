"""``ms_teams``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.plugins.notifiers._base import URL, Notifier, picked, post

if TYPE_CHECKING:
    from server.engine.net import Session


class MsTeams(Notifier):
    """Sends messages to a Microsoft Teams channel by its webhook.

    Example::

        notify:
          task:
            via:
              - ms_teams: {web_hook_url: 'https://example.webhook.office.com/webhookb2/secret'}
    """

    schema = {
        "type": "object",
        "properties": {
            "web_hook_url": {**URL, "title": "Webhook", "description": "The webhook's address."},
            "title": {
                "type": "string",
                "title": "Title",
                "description": "Heading of the message.",
                "examples": ["Films"],
            },
            "theme_color": {
                "type": "string",
                "title": "Color",
                "description": "Of the message, as hexadecimal digits.",
                "examples": ["00ff00"],
            },
        },
        "required": ["web_hook_url"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """One message."""
        post(
            requests,
            config["web_hook_url"],
            json={"text": message, **picked(config, {"title": "title", "theme_color": "themeColor"})},
        )
