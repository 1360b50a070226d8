"""The parts of the running program, handed to those who need them; filled by ``server/daemon.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from server.engine.config_service import ConfigService
    from server.engine.events import EventBus
    from server.engine.execution import TaskResult
    from server.engine.log import LogBuffer
    from server.engine.queue import TaskQueue
    from server.engine.registry import Registry
    from server.engine.runner import Runner
    from server.engine.scheduler import Scheduler
    from server.engine.task import Task
    from server.storage.database import Database


@dataclass
class Services:
    """Everything that lives as long as the process does.

    ``recorders``: called with each finished task and its result, in the thread that ran it.
    ``home``: the folder of the config. ``stop``: asks the daemon to end (in a command line run it does nothing).
    """

    home: Path
    db: Database
    registry: Registry
    events: EventBus
    config: ConfigService
    runner: Runner
    queue: TaskQueue
    scheduler: Scheduler | None = None
    log: LogBuffer | None = None
    users: Any = None
    """The accounts of the web server (``server.features.users.model.Accounts``), where there is one."""
    stop: Callable[..., None] = lambda **_: None
    """``stop()``, or ``stop(wait=True)`` to run first what is queued."""
    recorders: list[Callable[[Task, TaskResult], None]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.config.events = self.events
