"""``notification_framework``"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from server.engine.errors import RenderError
from server.engine.log import VERBOSE
from server.engine.plugin import Plugin
from server.engine.templates import render

if TYPE_CHECKING:
    from server.engine.net import Session

logger = logging.getLogger("notify")


class NotificationFramework(Plugin):
    """Fills messages in and hands them to the notifiers; `notify` sends its messages by it.

    There is nothing to configure.

    Example::

        notify:
          task:
            via:
              - discord: {web_hook_url: "https://discord.com/api/webhooks/1/x"}
    """

    category = "internal"
    interfaces = ()

    def send(
        self,
        requests: Session,
        via: Sequence[Mapping[str, Any]],
        title: str,
        message: str,
        fields: Mapping[str, Any],
    ) -> None:
        """Send one message by all notifiers of ``via``; texts are templates. What goes wrong is logged."""
        title, message = _filled(title, fields, "title"), _filled(message, fields, "message")
        for item in via:
            for name, settings in item.items():
                self._send(requests, name, title, message, _filled_in(settings, fields))

    def _send(self, requests: Session, name: str, title: str, message: str, settings: Any) -> None:
        try:
            self.services.registry.get(name).send(requests, title, message, settings)  # type: ignore[attr-defined]
        except Exception as error:  # whatever a notifier, a library or a service does: the task is not its business
            logger.warning("The message could not be sent by %s: %s", name, str(error) or type(error).__name__)
        else:
            logger.log(VERBOSE, "A message was sent by %s", name)


def _filled(text: str, fields: Mapping[str, Any], what: str) -> str:
    """The text filled in; as it is, where that does not work: half a message is better than none."""
    try:
        return render(text, fields)
    except RenderError as error:
        logger.error("The %s of a message cannot be filled in: %s", what, error)
        return text


def _filled_in(value: Any, fields: Mapping[str, Any]) -> Any:
    """A notifier's configuration with all of its texts filled in."""
    if isinstance(value, str):
        return _filled(value, fields, "notifier's configuration")
    if isinstance(value, dict):
        return {name: _filled_in(item, fields) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled_in(item, fields) for item in value]
    return value
