"""Around edits of the config that the API makes: what is looked at before, and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from server.config.errors import ConfigConflict, ConfigError, Issue
from server.web.call import Call
from server.web.errors import BodyInvalid, Conflict, InternalError
from server.web.resources.config_access import config_changed, config_of, is_current, raw_config

if TYPE_CHECKING:
    from server.engine.config_service import ConfigService
    from server.engine.services import Services


@contextmanager
def editing(
    services: Services,
    call: Call,
    root: Sequence[str | int] = (),
    shown: Sequence[str | int] = (),
    *,
    answer: Callable[[], Any] | None = None,
) -> Iterator[ConfigService]:
    """Around one edit: ``If-Match`` is looked at before, refusals become answers. One such edit goes on at a time.

    What was written to the file meanwhile by others is in force inside: look there for what the edit depends on.

    :param root: key path of what the body holds, in the config; findings there are told with paths in the body
    :param shown: the path of the same in the body
    :param answer: what a GET of the same address tells; ``If-Match`` may name its tag as well as the whole config's
    """
    config = services.config
    with config.exclusive():
        current = is_current(call, raw_config(config_of(services)))
        try:
            if config.changed_on_disk():
                config.reload()
            if not current and (answer is None or not is_current(call, answer())):
                raise config_changed()
            current = True
            yield config
        except ConfigConflict as error:
            raise Conflict(f"{error.issues[0].message} Nothing was written.") from None
        except ConfigError as error:
            if not current:  # what is there now is no good, and another than the client knows
                raise config_changed() from None
            raise BodyInvalid([described(issue, tuple(root), tuple(shown)) for issue in error.issues]) from None
        except OSError as error:
            raise InternalError(f"the config file cannot be written: {error}") from error


def described(issue: Issue, root: tuple[str | int, ...] = (), shown: tuple[str | int, ...] = ()) -> dict[str, Any]:
    """A finding as one of ``validation_errors``; ``root`` and ``shown`` as for :func:`editing`.

    What is wrong elsewhere than in the body is told with its place in the file: no path in the body leads there.
    """
    fact = issue.fact
    path = issue.key_path if fact is None else fact.path
    inside = path[: len(root)] == root
    message = f"{issue.message} {issue.suggestion}" if issue.suggestion else issue.message
    if issue.line is not None and not (root and inside):
        message = f"{issue.where}: {message}"
    placed = [*shown, *path[len(root) :]] if inside else list(path)
    if fact is not None:
        above = [step for key in (shown if inside else ()) for step in ("properties", key)]
        return {**fact.as_dict(), "message": message, "path": placed, "schema_path": [*above, *fact.schema_path]}
    return {
        "message": message,
        "cause": "None",
        "validator": "config",
        "validator_value": str(issue.expected),
        "path": placed,
        "schema_path": [],
        "parent": "None",
    }
