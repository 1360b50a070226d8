"""``redirect_url``"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urljoin

import requests

from server.engine.plugin import Plugin
from server.engine.task import Task

logger = logging.getLogger("redirect_url")

MOST = 10


class RedirectUrl(Plugin):
    """Follows the redirects of accepted entries' addresses before anything is done with them.

    Example::

        redirect_url: yes
    """

    schema = {
        "type": "boolean",
        "title": "Redirect",
        "description": "Whether to follow redirects.",
        "examples": [True],
    }
    category = "operation"

    def on_task_urlrewrite(self, task: Task, config: Any) -> None:
        """Put the last address in place of the first."""
        for entry in task.accepted:
            if not entry["url"].startswith(("http://", "https://")):
                continue
            try:
                url = _end_of(task, entry["url"])
            except requests.RequestException as error:
                logger.warning("The address of %s was not followed: %s", entry["title"], error)
                continue
            if url != entry["url"]:
                entry["url"] = url


def _end_of(task: Task, url: str) -> str:
    for _ in range(MOST):
        response = task.requests.request("HEAD", url, allow_redirects=False, raise_status=False)
        target = response.headers.get("Location")
        if response.status_code not in (301, 302, 303, 307, 308) or not target:
            return url
        try:
            url = urljoin(url, target)
        except ValueError as error:
            raise requests.exceptions.InvalidURL(f"it leads to {target!r}: {error}") from error
        if not url.startswith(("http://", "https://")):  # a magnet is where a redirect may well lead to
            return url
    raise requests.TooManyRedirects(f"more than {MOST} redirects")
