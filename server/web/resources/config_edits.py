"""Edits of the config that the API makes: which ones there are, and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast

from server.config.errors import ConfigError, Issue
from server.web.call import Call
from server.web.errors import BodyInvalid, InternalError
from server.web.resources.config_access import config_of, require_current

if TYPE_CHECKING:
    from server.engine.services import Services


class ConfigEdits(Protocol):
    """The part of ``server.engine.config_service.ConfigService`` that writes.

    Each call changes only its own lines of the file, keeps the old text as a version and takes the new config into
    force. ``ConfigError``: it would not be valid, nothing was written.
    """

    def add_task(self, name: str, config: dict[str, Any]) -> None:
        """Add a task at the end of the tasks."""

    def change_task(self, name: str, config: dict[str, Any], new_name: str | None = None) -> None:
        """Give a task another config, and another name."""

    def delete_task(self, name: str) -> None:
        """Take a task out."""

    def set_schedules(self, schedules: Sequence[dict[str, Any]]) -> None:
        """Replace the list of schedules."""

    def variables(self) -> dict[str, Any]:
        """The variables with their values."""

    def set_variables(self, variables: dict[str, Any]) -> None:
        """Replace all variables."""


def edits_of(services: Services) -> ConfigEdits:
    """The writing side of the config."""
    return cast("ConfigEdits", services.config)


@contextmanager
def editing(
    services: Services, call: Call, root: Sequence[str | int] = (), shown: Sequence[str | int] = ()
) -> Iterator[ConfigEdits]:
    """Around one edit: ``If-Match`` is looked at before, refusals become answers.

    :param root: key path of what the body holds, in the config; findings there are told with paths in the body
    :param shown: the path of the same in the body
    """
    require_current(call, config_of(services))
    try:
        yield edits_of(services)
    except ConfigError as error:
        raise BodyInvalid([described(issue, tuple(root), tuple(shown)) for issue in error.issues]) from None
    except OSError as error:
        raise InternalError(f"the config file cannot be written: {error}") from error


def described(issue: Issue, root: tuple[str | int, ...] = (), shown: tuple[str | int, ...] = ()) -> dict[str, Any]:
    """A finding as one of ``validation_errors``; ``root`` and ``shown`` as for :func:`editing`."""
    path = issue.key_path
    inside = path[: len(root)] == root
    placed = [*shown, *path[len(root) :]] if inside else list(path)
    if issue.fact is not None:
        return {**issue.fact.as_dict(), "message": issue.message, "path": placed}
    return {
        "message": issue.message,
        "cause": "None",
        "validator": "config",
        "validator_value": str(issue.expected),
        "path": placed,
        "schema_path": [],
        "parent": "None",
    }
