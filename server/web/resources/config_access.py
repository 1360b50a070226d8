"""What the web floor asks of the configuration, and how its errors are told in an answer."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, cast

from server.config.errors import ConfigError, Issue
from server.web.call import Call
from server.web.compression import CODINGS
from server.web.conditional import make_tag, matches
from server.web.errors import PreconditionFailed
from server.web.replies import dump_json

if TYPE_CHECKING:
    from server.engine.services import Services


class ConfigAccess(Protocol):
    """The part of ``server.engine.config_service.ConfigService`` that is used here."""

    version: int
    """Grows with each load."""

    @property
    def text(self) -> str:
        """The file as it is on disk."""

    def validated(self) -> Mapping[str, Any]:
        """The config with all defaults filled in, variable values masked."""

    def reload(self) -> None:
        """Load the file again; raises ConfigError and keeps the old one when it is no good."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Nobody else changes the config meanwhile."""

    def replace(self, text: str) -> None:
        """Write another text (the old one is kept as a version) and load it; raises ConfigError and writes nothing."""


def config_of(services: Services) -> ConfigAccess:
    """The configuration, as it is asked here."""
    return cast("ConfigAccess", services.config)


def raw_config(config: ConfigAccess) -> dict[str, str]:
    """The answer of ``/server/raw_config/``."""
    return {"raw_config": base64.b64encode(config.text.encode("utf-8")).decode("ascii")}


def is_current(call: Call, shown: Any) -> bool:
    """Whether ``If-Match`` is missing, or names the tag of a GET that shows this now."""
    wanted = call.headers.get("If-Match")
    if wanted is None:
        return True
    tag = make_tag(dump_json(shown))
    return any(matches(wanted, f'"{form}"') for form in (tag, *(f"{tag}:{coding}" for coding in CODINGS)))


def require_current(call: Call, config: ConfigAccess) -> None:
    """412 when ``If-Match`` names another config than the one on disk (its tag is that of ``/server/raw_config/``)."""
    if not is_current(call, raw_config(config)):
        raise config_changed()


def config_changed() -> PreconditionFailed:
    """What an edit of an old state is answered."""
    return PreconditionFailed("the config was changed in the meantime: read it again, then repeat your change")


def config_error_details(error: ConfigError) -> dict[str, Any]:
    """The keys beside the message: all findings, and the place of the first one (counted from 0, as clients expect)."""
    details: dict[str, Any] = {"errors": [_as_error(issue) for issue in error.issues]}
    first = error.issues[0]
    if first.line is not None:
        details |= {"reason": first.message, "line": first.line - 1, "column": max((first.column or 1) - 1, 0)}
    return details


def _as_error(issue: Issue) -> dict[str, Any]:
    path = issue.key_path if issue.fact is None else issue.fact.path
    return {"error": str(issue), "config_path": "/" + "/".join(map(str, path)), **issue.as_dict()}
