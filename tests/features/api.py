"""A web server whose config can be edited, with task queue and scheduler: for tests of what edits and runs tasks."""

from __future__ import annotations

import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from server.config import edit
from server.config.document import load
from server.config.errors import ConfigError
from server.config.validate import validate
from server.engine.events import ConfigChanged
from server.engine.log import LogBuffer
from server.engine.schedule_schema import SCHEDULES_SCHEMA
from server.engine.scheduler import Scheduler
from tests.web.support import EditableConfig, Server

CONFIG = """\
# the tasks of this house
tasks:
  hist:  # keeps this comment
    mock:
      - {title: one, url: "http://localhost/one"}
      - {title: two, url: "http://localhost/two"}
    accept_all: yes
  second:
    mock: [{title: three}]
    priority: 1
  _hidden:
    mock: []

schedules:
  - tasks: hist   # nightly
    schedule: {hour: 4}
"""


class EditedConfig(EditableConfig):
    """Writes the file by the smallest edit, validates tasks by their plugins' schemas and tells of changes."""

    server: Server

    def add_task(self, name: str, config: dict[str, Any]) -> None:
        self._write(edit.insert(self.text, ("tasks", name), config))

    def change_task(self, name: str, config: dict[str, Any], new_name: str | None = None) -> None:
        text = self.text if new_name is None else edit.rename(self.text, ("tasks", name), new_name)
        self._write(edit.set_value(text, ("tasks", new_name or name), config))

    def delete_task(self, name: str) -> None:
        self._write(edit.delete(self.text, ("tasks", name)))

    def set_schedules(self, schedules: list[dict[str, Any]]) -> None:
        self._write(edit.set_value(self.text, ("schedules",), schedules))

    def variables(self) -> dict[str, Any]:
        return dict(self.data.get("variables") or {})

    def set_variables(self, variables: dict[str, Any]) -> None:
        self._write(edit.set_value(self.text, ("variables",), variables))

    def _write(self, text: str) -> None:
        document = load(text)
        plugins = {name: self._registry.schema(name) or {} for name in self._registry.names()}
        task = {"type": "object", "properties": plugins | {"priority": {}}, "additionalProperties": False}
        tasks = {"type": "object", "additionalProperties": task}
        issues = validate(document.data, {"properties": {"tasks": tasks, "schedules": SCHEDULES_SCHEMA}})
        if issues:
            raise ConfigError(issues)
        self.replace(text)
        self.server.services.events.publish(ConfigChanged("edited"))


def started(home: Path, config: str = CONFIG, **more: Any) -> Server:
    """A running server; ``stopped`` ends it."""

    def prepare(server: Server) -> None:
        services = server.services
        services.config = EditedConfig.read(server.engine.path, server.engine.registry)
        services.config.server = server
        services.log = LogBuffer()
        services.scheduler = Scheduler(services)
        services.scheduler.start()

    return Server(home, config=textwrap.dedent(config), prepare=prepare, **more)


def stopped(server: Server) -> None:
    """End it."""
    done = threading.Event()

    def stop() -> None:
        assert server.services.scheduler is not None
        server.services.scheduler.stop()
        done.set()

    server.loop.call_soon_threadsafe(stop)
    done.wait(5)
    server.services.queue.shutdown(timeout=2)
    server.close()


def running(home: Path) -> Iterator[Server]:
    """For a fixture."""
    server = started(home)
    yield server
    stopped(server)
