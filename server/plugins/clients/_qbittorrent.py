"""Reaching qBittorrent, for the plugins that use it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.engine.errors import PluginError
from server.plugins._extras import library
from server.plugins._schema import switch, text
from server.plugins.clients._base import TIMEOUT, Refused, where, words

PORT = 8080
OLDEST = (2, 0)
"""Web API of qBittorrent 4.1, the first of its kind."""

WHERE: dict[str, Any] = {
    **where(PORT),
    "api_key": text("API key", "In place of user name and password (qBittorrent 5.2).", "qbt_...", format="password"),
    "use_ssl": switch("HTTPS", "Whether the client is reached by HTTPS."),
    "verify_cert": switch("Check the certificate", "Whether its certificate must be a trusted one.", default=True),
}


def connect(config: dict[str, Any]) -> Any:
    """A client that let us in and whose version is known to work; raises ``PluginError``."""
    api = library("qbittorrentapi", "qbittorrent")
    host, port = config.get("host", "localhost"), config.get("port", PORT)
    place = f"qBittorrent at {host}:{port}"
    client = api.Client(
        host=f"{'https' if config.get('use_ssl') else 'http'}://{host}",
        port=port,
        username=config.get("username"),
        password=config.get("password"),
        VERIFY_WEBUI_CERTIFICATE=config.get("verify_cert", True),
        REQUESTS_ARGS={"timeout": TIMEOUT},
        FORCE_SCHEME_FROM_HOST=True,
        **({"api_key": config["api_key"]} if config.get("api_key") else {}),
    )
    try:
        if config.get("username") and not config.get("api_key"):
            client.auth_log_in()
        version = str(client.app_web_api_version())
    except api.LoginFailed as error:
        raise PluginError(f"{place} does not accept the user name and password") from error
    except (api.Forbidden403Error, api.Unauthorized401Error) as error:
        raise PluginError(f"{place} wants a user name and password (or has banned us for wrong ones)") from error
    except api.APIError as error:
        raise PluginError(f"{place} cannot be used: {words(error)}") from error
    if _numbers(version) < OLDEST:
        raise PluginError(f"{place} is too old: its Web API is {version}; 2.0 (qBittorrent 4.1) is needed")
    return client


@contextmanager
def asking() -> Iterator[None]:
    """Turn the library's errors into ``Refused``, or ``PluginError`` where qBittorrent is gone."""
    api = library("qbittorrentapi", "qbittorrent")
    try:
        yield
    except (api.HTTPError, api.FileError) as error:  # an answer, though the library calls it a connection's error too
        raise Refused(words(error)) from error
    except api.APIError as error:
        raise PluginError(f"the connection was lost: {words(error)}") from error


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.lstrip("v").split(".") if part.isdigit())
