"""``download_auth``"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from requests.auth import HTTPBasicAuth, HTTPDigestAuth

from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task


class DownloadAuth(Plugin):
    """User names and passwords for downloads, by host.

    Example::

        download_auth:
          - example.com: {username: me, password: secret}
    """

    schema = {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "username": {"type": "string", "title": "User name", "description": "At that host."},
                    "password": {"type": "string", "title": "Password", "description": "At that host."},
                    "type": {
                        "type": "string",
                        "enum": ["basic", "digest"],
                        "default": "basic",
                        "title": "Type",
                        "description": "How the host asks for it.",
                    },
                },
                "required": ["username", "password"],
                "additionalProperties": False,
            },
        },
        "title": "Hosts",
        "description": "Each with its user name and password.",
        "examples": [[{"example.com": {"username": "me", "password": "secret"}}]],
    }
    category = "output"
    acts_in = NOWHERE

    @priority(255)
    def on_task_download(self, task: Task, config: list[dict[str, dict[str, str]]]) -> None:
        """Note for each accepted entry how to sign in."""
        known = {host.lower(): login for item in config for host, login in item.items()}
        for entry in task.accepted:
            if "download_auth" in entry:
                continue
            login = _login_for(entry["url"], known)
            if login is not None:
                kind = HTTPDigestAuth if login.get("type") == "digest" else HTTPBasicAuth
                entry["download_auth"] = kind(login["username"], login["password"])


def _login_for(url: str, known: dict[str, dict[str, str]]) -> dict[str, Any] | None:
    """The login of the address's host, or of a domain that the host is in."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:  # no address that anything could be asked at
        return None
    for name, login in known.items():
        if name in (host, f"{host}:{port}") or host.endswith(f".{name}"):
            return login
    return None
