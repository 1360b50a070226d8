"""``apprise``"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server.engine.errors import PluginWarning
from server.engine.plugin import as_list, text_or_list
from server.plugins.notifiers._base import Notifier

if TYPE_CHECKING:
    from server.engine.net import Session

URLS: dict[str, Any] = {
    **text_or_list(type="string"),
    "title": "Addresses",
    "description": "Of services, as Apprise writes them.",
    "examples": ["mailto://user:password@example.com", ["ntfy://topic", "tgram://token/chat"]],
}


class Apprise(Notifier):
    """Sends messages to any of the services that the Apprise library knows (over a hundred).

    Needs the extra: ``pip install flexget-tray[apprise]``. How to write each service's address is told at
    https://github.com/caronc/apprise/wiki.

    Example::

        notify:
          task:
            via:
              - apprise: ['tgram://123456:token/98765', 'ntfy://my-films']
    """

    schema = {
        "oneOf": [
            URLS,
            {
                "type": "object",
                "properties": {
                    "urls": URLS,
                    "type": {
                        "enum": ["info", "success", "warning", "failure"],
                        "default": "info",
                        "title": "Type",
                        "description": "How services mark it.",
                    },
                    "format": {
                        "enum": ["text", "markdown", "html"],
                        "default": "text",
                        "title": "Format",
                        "description": "What the message holds.",
                    },
                },
                "required": ["urls"],
                "additionalProperties": False,
            },
        ],
        "title": "Services",
        "description": "Addresses of services, or options.",
    }

    def send(self, requests: Session, title: str, message: str, config: Any) -> None:
        """All of the services; one that fails is told of after all were tried."""
        try:
            import apprise
        except ImportError as error:
            raise PluginWarning("the library is missing: pip install flexget-tray[apprise]") from error
        options = config if isinstance(config, dict) else {"urls": config}
        sender = apprise.Apprise()
        for place, url in enumerate(as_list(options["urls"]), start=1):
            if not sender.add(url):
                raise PluginWarning(f"address {place} is none that Apprise understands")
        told = sender.notify(
            body=message,
            title=title,
            notify_type=options.get("type", "info"),
            body_format=options.get("format", "text"),
        )
        if not told:
            raise PluginWarning("at least one of the services did not take it")
