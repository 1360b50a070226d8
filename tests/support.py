"""What several parts of the suite share: a whole engine on a real config file and a real database."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from server.engine.config_service import ConfigService
from server.engine.events import EventBus
from server.engine.execution import ExecuteOptions
from server.engine.queue import TaskQueue
from server.engine.registry import Registry
from server.engine.runner import Runner
from server.engine.services import Services
from server.engine.task import Task
from server.storage.database import Database, sqlite_url


class Engine:
    """A config in a folder of its own; ``run`` executes one of its tasks and gives it back, entries and all."""

    def __init__(self, home: Path, config: str) -> None:
        self.home = home
        self.path = home / "config.yml"
        self.path.write_text(textwrap.dedent(config), encoding="utf-8")
        self.registry = Registry(home / "plugins")
        self.db = Database(sqlite_url(home / "db-config.sqlite"))
        services: Any = Services(
            home=home,
            db=self.db,
            registry=self.registry,
            events=EventBus(),
            config=ConfigService.read(self.path, self.registry),
            runner=None,  # type: ignore[arg-type]
            queue=None,  # type: ignore[arg-type]
        )
        services.runner = Runner(services)
        services.queue = TaskQueue(services)
        self.registry.bind(services)
        self.services: Services = services
        self.printed: list[str] = []

    def configure(self, config: str) -> None:
        """Another config from now on, with the same database."""
        self.path.write_text(textwrap.dedent(config), encoding="utf-8")
        self.services.config = ConfigService.read(self.path, self.registry)
        self.services.config.events = self.services.events

    def run(self, name: str | None = None, **options: Any) -> Task:
        """Execute a task (the only one, where no name is given)."""
        name = name or self.services.config.task_names()[0]
        task = self.services.runner.make(name, ExecuteOptions(**options), output=self.printed.append)
        task.result = self.services.runner.run(task)  # type: ignore[attr-defined]
        return task

    def close(self) -> None:
        """Let go of the database."""
        self.services.queue.shutdown(timeout=1)
        self.db.close()


def titles(entries: Any) -> list[str]:
    """The titles of entries, in their order."""
    return [entry["title"] for entry in entries]
