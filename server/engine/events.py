"""What happens in the engine, told to whoever wants to know: the API's streams, the status page, the log of a run.

    unsubscribe = bus.subscribe(lambda event: ...)

A callback runs in the thread where the event happened and must be quick; a reader on the IOLoop hops over with
``loop.add_callback``.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

logger = logging.getLogger("events")


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; ``when`` is in epoch seconds."""

    when: float = field(default_factory=time.time, kw_only=True)

    @property
    def kind(self) -> str:
        """The event's name, for streams: ``TaskStarted`` is ``task_started``."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class TaskQueued(Event):
    job: int
    task: str


@dataclass(frozen=True, slots=True)
class TaskStarted(Event):
    job: int
    task: str


@dataclass(frozen=True, slots=True)
class TaskProgress(Event):
    """Before each plugin of a run, and once at its end (``status`` complete)."""

    job: int
    task: str
    status: str
    phase: str | None
    plugin: str | None
    percent: int


@dataclass(frozen=True, slots=True)
class EntryDecided(Event):
    """``verb``: accept, reject or fail."""

    job: int
    task: str
    title: str
    verb: str
    plugin: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class TaskDump(Event):
    """The entries of one pass of a run that were not rejected, as plain data (only where asked for)."""

    job: int
    task: str
    entries: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class TaskFinished(Event):
    """``summary``: numbers of accepted, rejected, failed, undecided; aborted and why."""

    job: int
    task: str
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LogLine(Event):
    job: int | None
    task: str
    plugin: str
    level: str
    message: str
    line: str


@dataclass(frozen=True, slots=True)
class ConfigChanged(Event):
    """``added``, ``changed``, ``removed``: names of tasks."""

    reason: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchedulesChanged(Event):
    pass


Callback = Callable[[Event], None]


class EventBus:
    """Hands every event to all subscribers. A subscriber that fails is logged and does not disturb the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._callbacks: tuple[Callback, ...] = ()

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Returns the function that ends the subscription."""
        with self._lock:
            self._callbacks = (*self._callbacks, callback)

        def unsubscribe() -> None:
            with self._lock:
                self._callbacks = tuple(known for known in self._callbacks if known is not callback)

        return unsubscribe

    @property
    def listened(self) -> bool:
        """Whether anybody listens: callers may skip making costly events."""
        return bool(self._callbacks)

    def publish(self, event: Event) -> None:
        """Tell all subscribers."""
        for callback in self._callbacks:
            try:
                callback(event)
            except Exception:
                logger.exception("A listener failed at %s", event.kind)
