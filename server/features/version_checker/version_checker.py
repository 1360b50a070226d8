"""``version_checker``"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from requests import RequestException

from server import __version__
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task
from server.features.version_checker.store import CheckStore
from server.parsing.timedelta import parse_timedelta

logger = logging.getLogger("version_checker")

PACKAGE = "flexget-tray"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--timeout", "10", "--retries", "0", "index")
"""Knows the package index that this machine is set up with."""

TIMEOUT = (5.0, 10.0)
"""Seconds to connect and to wait: a task must not wait long for this."""

_VERSION = re.compile(r"v?(?P<release>\d{1,9}(?:\.\d{1,9}){0,5})(?P<rest>.*)", re.IGNORECASE)
_PHASES = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "c": 3, "rc": 3, "": 4, "post": 5}


class VersionChecker(Plugin):
    """Tells in the log when there is a newer release of this program.

    It asks pip, and so the package index of this machine, or the `address` of a list. It asks once in `interval`,
    or with `lastcheck: always` at each run. That nobody answers is told and changes nothing else.

    Example::

        version_checker:
          check_for_dev_version: yes
          interval: 7 days
    """

    schema = {
        "oneOf": [
            {"type": "boolean", "title": "Switch"},
            {"type": "string", "title": "When", "examples": ["always", "by_interval"]},
            {
                "type": "object",
                "properties": {
                    "lastcheck": {
                        "type": ["string", "integer", "boolean"],
                        "default": "by_interval",
                        "title": "When",
                        "description": "`always` asks at each run; anything else once in the interval.",
                        "examples": ["always", "by_interval"],
                    },
                    "check_for_dev_version": {
                        "type": "boolean",
                        "default": False,
                        "title": "Development versions",
                        "description": "Whether those count as newer releases, too.",
                        "examples": [True],
                    },
                    "interval": {
                        "oneOf": [{"type": "string", "format": "interval"}, {"type": "integer", "minimum": 1}],
                        "default": "1 day",
                        "title": "Interval",
                        "description": "How long to wait until it asks again; a bare number counts days.",
                        "examples": ["7 days"],
                    },
                    "address": {
                        "type": "string",
                        "format": "url",
                        "title": "Address",
                        "description": "Where the releases are listed, as JSON in the form of a Python package index.",
                        "examples": ["https://releases.example.com/flexget-tray/json"],
                    },
                },
            },
            {"type": "null", "title": "Nothing said"},
        ],
        "title": "Version checker",
        "description": "`yes`, when to ask, or options.",
        "examples": [True],
    }
    category = "operation"
    acts_in = NOWHERE

    def on_task_start(self, task: Task, config: Any) -> None:
        """Ask where it is time to."""
        options = config if isinstance(config, dict) else {"lastcheck": config}
        address = options.get("address") or PACKAGE
        store = task.db.store(CheckStore)
        now = datetime.now(UTC)
        if options.get("lastcheck") != "always":
            last = store.last(address)
            if last is not None and timedelta(0) <= now - last < _interval(options.get("interval", "1 day")):
                return
        try:
            versions = _listed(task, address) if options.get("address") else _known_to_pip()
        except _NobodyTells as error:
            logger.warning("Whether there is a newer version cannot be told: %s", error)
            return
        store.done(address, now)
        latest = _latest(versions, pre_releases=bool(options.get("check_for_dev_version")))
        if latest is None:
            logger.info("No release of it is known yet (this is %s)", __version__)
            return
        if _key(latest) > _key(__version__):
            logger.warning("There is a newer version: %s (this is %s)", latest, __version__)
        else:
            logger.info("This is the latest version: %s", __version__)


def _interval(value: str | int) -> timedelta:
    return parse_timedelta(f"{value} days" if isinstance(value, int) else value)


class _NobodyTells(Exception):
    """Why the releases are not known."""


def _listed(task: Task, address: str) -> list[str]:
    """The versions in a list of releases."""
    try:
        answer = task.requests.get(address, timeout=TIMEOUT).json()
        return [str(answer["info"]["version"]), *(answer.get("releases") or {})]
    except RequestException as error:
        raise _NobodyTells(error) from error
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _NobodyTells(f"{address} gave no list of releases") from None


def _known_to_pip() -> list[str]:
    """The versions in pip's package index."""
    if getattr(sys, "frozen", False):
        raise _NobodyTells("this executable comes without pip: set `address`")
    command = [*PIP, "versions", "--pre", PACKAGE]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _NobodyTells(error) from error
    found = re.search(r"^Available versions: (.+)$", done.stdout, re.MULTILINE)
    if done.returncode or found is None:
        raise _NobodyTells(f"pip knows no release of {PACKAGE}")
    return found[1].split(", ")


def _latest(versions: Iterable[str], *, pre_releases: bool) -> str | None:
    """The highest of them."""
    known = [version for version in versions if _VERSION.fullmatch(version)]
    return max((version for version in known if pre_releases or _is_final(version)), key=_key, default=None)


def _key(version: str) -> tuple[Any, ...]:
    """What versions are ordered by: numbers, then `dev` before `a`, `b`, `rc`, the release and `post`."""
    match = _VERSION.fullmatch(version.strip())
    if match is None:
        return ((), 0, 0)
    release = [int(number) for number in match["release"].split(".")]
    while release and not release[-1]:
        release.pop()
    word = re.search(r"[a-z]+", match["rest"].lower())
    number = re.search(r"\d{1,9}", match["rest"])
    return tuple(release), _PHASES.get(word[0] if word else "", 4), int(number[0]) if number else 0


def _is_final(version: str) -> bool:
    return bool(_key(version)[1] >= _PHASES[""])
