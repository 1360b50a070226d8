"""``webhook``"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from server.plugins.notifiers._base import URL, Notifier, call

if TYPE_CHECKING:
    from server.engine.net import Session


class Webhook(Notifier):
    """Sends messages as JSON to any address: ``{"title": ..., "message": ...}``, or what the configuration says.

    With ``secret`` the request is signed: ``X-Signature-256`` holds ``sha256=`` and the HMAC of the body.

    Example::

        notify:
          entries:
            via:
              - webhook:
                  url: https://example.com/hooks/films
                  json: {name: '{{ title }}', link: '{{ url }}'}
                  secret: s3cret
    """

    schema = {
        "type": "object",
        "properties": {
            "url": {**URL, "title": "Address", "description": "Where to send it.", "examples": ["https://example.com"]},
            "method": {
                "enum": ["POST", "PUT", "PATCH"],
                "default": "POST",
                "title": "Method",
                "description": "Of the request.",
            },
            "headers": {
                "type": "object",
                "additionalProperties": {"type": "string"},
                "title": "Headers",
                "description": "Further headers of the request.",
                "examples": [{"Authorization": "Bearer abc"}],
            },
            "json": {
                "title": "JSON",
                "description": "What to send in place of title and message; texts are templates.",
                "examples": [{"name": "{{ title }}"}],
            },
            "secret": {"type": "string", "title": "Secret", "description": "Signs the body."},
        },
        "required": ["url"],
        "additionalProperties": False,
    }

    def send(self, requests: Session, title: str, message: str, config: dict[str, Any]) -> None:
        """One request."""
        from server.storage.schema import dump_json_bytes

        body = dump_json_bytes(config.get("json", {"title": title, "message": message}))
        headers = {"Content-Type": "application/json", **(config.get("headers") or {})}
        if config.get("secret"):
            digest = hmac.new(config["secret"].encode(), body, hashlib.sha256).hexdigest()
            headers["X-Signature-256"] = f"sha256={digest}"
        call(requests, config.get("method", "POST"), config["url"], data=body, headers=headers)
