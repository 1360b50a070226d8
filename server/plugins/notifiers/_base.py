"""What notifiers share: they get a title and a message that are ready, and hand them to a service.

A notifier is a plugin with the interface ``notifiers`` and one method::

    class Shout(Notifier):
        def send(self, requests, title, message, config):
            post(requests, config["url"], json={"text": message})

Failures are told by :class:`PluginWarning`; ``notify`` logs them and goes on. Addresses often hold tokens, so messages
of failures name the host only.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from server.engine.errors import PluginWarning
from server.engine.plugin import Plugin
from server.plugins._addresses import host_of

if TYPE_CHECKING:
    from requests import Response

    from server.engine.net import Session

TRIES = 3
LONGEST_PAUSE = 10.0
"""Seconds; a service that wants a longer pause between two messages does not get this one."""

SHOWN = 200
"""Characters of a service's answer that are told when it refuses."""

URL: dict[str, Any] = {"type": "string", "format": "url"}


class Notifier(Plugin):
    """Base of notifiers."""

    interfaces = ("notifiers",)
    category = "notifier"

    def send(self, requests: Session, title: str, message: str, config: Any) -> None:
        """Hand one message over; raises ``PluginWarning`` where that fails."""
        raise NotImplementedError


def call(requests: Session, method: str, url: str, **options: Any) -> Response:
    """Ask a service, waiting where it says that there were too many messages; raises ``PluginWarning``."""
    from requests import RequestException

    host = host_of(url)
    for left in range(TRIES - 1, -1, -1):
        try:
            response = requests.request(method, url, raise_status=False, **options)
        except RequestException as error:
            raise PluginWarning(f"{host} cannot be reached ({type(error).__name__})") from error
        if response.status_code < 400:
            return response
        pause = _pause(response) if response.status_code == 429 and left else None
        if pause is None:
            break
        time.sleep(pause)
    raise PluginWarning(f"{host} refused it: {response.status_code} {response.reason} {_words(response)}".rstrip())


def post(requests: Session, url: str, **options: Any) -> Response:
    """``call`` with POST."""
    return call(requests, "POST", url, **options)


def below(base: str, path: str) -> str:
    """An address below another, whether that ends with a slash or not."""
    return f"{base.rstrip('/')}/{path}"


def picked(config: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The options that are set, by the names that the service gives them."""
    return {theirs: config[ours] for ours, theirs in names.items() if config.get(ours) is not None}


def pieces(text: str, limit: int) -> list[str]:
    """The text in parts of at most ``limit`` characters, cut at line breaks where there are any."""
    parts = []
    while len(text) > limit:
        cut = text.rfind("\n", 1, limit)
        cut = cut if cut > 0 else limit
        parts.append(text[:cut])
        text = text[cut:].lstrip("\n")
    return [*parts, text]


def _pause(response: Response) -> float | None:
    asked = response.headers.get("Retry-After", "1")
    try:
        seconds = float(asked)
    except ValueError:
        return None
    return seconds if 0 <= seconds <= LONGEST_PAUSE else None


def _words(response: Response) -> str:
    text = " ".join(response.text.split())
    return f"({text[:SHOWN]})" if text and not text.startswith("<") else ""
