"""Wires the parts together and owns the life cycle: the only place that knows all of them."""

from __future__ import annotations

from pathlib import Path

from server.engine.config_service import ConfigService
from server.engine.events import EventBus
from server.engine.queue import TaskQueue
from server.engine.registry import Registry
from server.engine.runner import Runner
from server.engine.services import Services
from server.storage.database import Database, sqlite_url


def assemble(path: Path) -> Services:
    """The program around a config: what the daemon and a command line run have in common.

    Raises ``ConfigError`` when the config cannot be used and ``StorageError`` when the database cannot be opened.
    """
    home = path.parent
    registry = Registry(home / "plugins")
    config = ConfigService.read(path, registry)
    services = Services(
        home=home,
        db=Database(database_url(config, path)),
        registry=registry,
        events=EventBus(),
        config=config,
        runner=None,  # type: ignore[arg-type]  # the two below need the services themselves
        queue=None,  # type: ignore[arg-type]
    )
    services.runner = Runner(services)
    services.queue = TaskQueue(services)
    registry.bind(services)
    return services


def database_url(config: ConfigService, path: Path) -> str:
    """``database:`` of the config, or the SQLite file beside it: ``db-config.sqlite`` for ``config.yml``."""
    configured = config.data.get("database")
    return configured if isinstance(configured, str) else sqlite_url(path.with_name(f"db-{path.stem}.sqlite"))
