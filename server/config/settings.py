"""``web_server:``: how the web server is set, in all the forms that a config may use.

``web_server: yes`` (port 5050), a port, or a mapping. Each setting is declared once, below: its type, default and
meaning; the schema and the table in the docs come from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

DEFAULT_PORT = 5050


def _setting(default: Any, schema: dict[str, Any], description: str) -> Any:
    return field(default=default, metadata={"schema": schema, "description": description})


_NAMES = {"type": "array", "items": {"type": "string", "minLength": 1}}


@dataclass(frozen=True, slots=True)
class WebServerSettings:
    """The settings of the web server."""

    bind: str = _setting("0.0.0.0", {"type": "string", "format": "ipv4"}, "IPv4 address to listen on")  # noqa: S104
    port: int = _setting(DEFAULT_PORT, {"type": "integer", "minimum": 0, "maximum": 65535}, "port to listen on")
    web_ui: bool = _setting(True, {"type": "boolean"}, "serve the web pages, not the API alone")
    base_url: str = _setting("", {"type": "string"}, "path below which everything is served, behind a proxy")
    ssl_certificate: str | None = _setting(
        None, {"type": "string", "format": "file"}, "certificate for HTTPS, PEM; needs `ssl_private_key`"
    )
    ssl_private_key: str | None = _setting(
        None, {"type": "string", "format": "file"}, "key of the certificate, PEM; needs `ssl_certificate`"
    )
    run_v2: bool = _setting(False, {"type": "boolean"}, "taken for compatibility; there is one web UI")
    web_ui_v2: str | None = _setting(None, {"type": "string"}, "folder of another web UI, served at `/v2/`")
    trusted_proxies: tuple[str, ...] = _setting(
        (), _NAMES, "addresses whose `X-Forwarded-For`, `-Proto` and `-Host` are believed"
    )
    allowed_hosts: tuple[str, ...] = _setting(
        (), _NAMES, "names by which it may be called besides addresses and local names; `*`: any"
    )


def from_config(value: Any) -> WebServerSettings | None:
    """The settings of a ``web_server`` value that fits :data:`SCHEMA`; None when the web server is off."""
    if value is None or value is False:
        return None
    if value is True:
        return WebServerSettings()
    if isinstance(value, (int, float)):  # 5050.0 is an integer to JSON schema
        return WebServerSettings(port=int(value))
    options: dict[str, Any] = {name: tuple(it) if isinstance(it, list) else it for name, it in value.items()}
    options["base_url"] = _clean(options.get("base_url", ""))
    options["port"] = int(options.get("port", DEFAULT_PORT))
    return WebServerSettings(**options)


def _clean(base_url: str) -> str:
    """``/flexget`` for ``flexget/``; empty for the root."""
    path = base_url.strip().strip("/")
    return f"/{path}" if path else ""


def _properties() -> dict[str, Any]:
    properties = {}
    for item in fields(WebServerSettings):
        schema = {**item.metadata["schema"], "description": item.metadata["description"]}
        if item.default is not None:
            schema["default"] = list(item.default) if isinstance(item.default, tuple) else item.default
        properties[item.name] = schema
    return properties


SCHEMA: dict[str, Any] = {
    "title": "Web server",
    "description": "The API and the web UI: on, a port, or its settings.",
    "anyOf": [
        {"type": "boolean"},
        {"type": "integer", "minimum": 0, "maximum": 65535},
        {
            "type": "object",
            "properties": _properties(),
            "additionalProperties": False,
            "dependentRequired": {"ssl_certificate": ["ssl_private_key"], "ssl_private_key": ["ssl_certificate"]},
        },
    ],
}


def settings_table() -> str:
    """The settings as a Markdown table, for the docs."""
    rows = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for item in fields(WebServerSettings):
        default = _shown(item.default)
        rows.append(f"| `{item.name}` | {default} | {item.metadata['description']} |")
    return "\n".join(rows)


def _shown(default: Any) -> str:
    if isinstance(default, bool):
        return "`yes`" if default else "`no`"
    return "" if default in (None, "", ()) else f"`{default}`"
