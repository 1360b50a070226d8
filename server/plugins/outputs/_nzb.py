"""What outputs for usenet downloaders share."""

from __future__ import annotations

from typing import Any

from requests import RequestException, Response

from server.engine.errors import PluginError
from server.engine.task import Task
from server.plugins._addresses import host_of


def asked(task: Task, method: str, url: str, **options: Any) -> Response:
    """Ask a downloader; raises :class:`PluginError` that names its host only, for addresses hold keys."""
    host = host_of(url)
    try:
        response = task.requests.request(method, url, raise_status=False, **options)
    except RequestException as error:
        raise PluginError(f"{host} cannot be reached ({type(error).__name__})") from error
    if response.status_code >= 400:
        raise PluginError(f"{host} refused it: {response.status_code} {response.reason}")
    return response


def json_of(response: Response) -> dict[str, Any]:
    """The answer as an object; raises :class:`PluginError`."""
    try:
        answer = response.json()
    except ValueError as error:
        raise PluginError(f"{host_of(response.url)} did not answer with JSON: {response.text[:100]!r}") from error
    return answer if isinstance(answer, dict) else {}
