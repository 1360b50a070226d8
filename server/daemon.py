"""Wires the parts together and owns the life cycle: start, reload, drain, stop. The only place that knows all of them.

services = assemble(path)                       # what a command line run needs
Daemon(path).run()                              # what serves until it is told to stop
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from server import __version__
from server.config.errors import ConfigError
from server.config.settings import WebServerSettings
from server.engine.config_service import ConfigService
from server.engine.events import EventBus
from server.engine.log import VERBOSE, LogBuffer, add_masker, hide
from server.engine.queue import TaskQueue
from server.engine.registry import Registry
from server.engine.runner import Runner
from server.engine.services import Services
from server.features.runs._recorder import record
from server.lock import Running, Turn, held
from server.storage.database import Database, check_file, sqlite_url
from server.storage.errors import StorageError
from server.terminal.streams import let_stdout_go

if TYPE_CHECKING:
    from server.web.server import WebServer

logger = logging.getLogger("daemon")

STOP_SECONDS = 8.0
"""What a running task has to come to its end when the daemon stops; half of it before it is cancelled."""

DRAIN_SECONDS = 1.5
"""What open requests have after that."""

SWITCH_SECONDS = 0.0001
"""How long a thread computes before another that waits for the interpreter gets it (Python's own: 5 ms).

A request waits for it at every read and write while a task runs.
"""

LOOK_SECONDS = 1.0
"""Between two looks whether the config's files were changed."""

FIRST_CLEANUP_SECONDS = 15 * 60.0
"""From the start to the first cleaning of the database."""

CLEANUP_SECONDS = 24 * 3600.0
"""Between two cleanings."""

CHECKED_AT_ONCE = 32 * 1024 * 1024
"""A database up to this size is checked before anything uses it; a bigger one beside the running daemon."""


def assemble(path: Path, *, log: LogBuffer | None = None) -> Services:
    """The program around a config: what the daemon and a command line run have in common.

    Raises ``ConfigError`` when the config cannot be used and ``StorageError`` when the database cannot be opened.
    """
    home = path.parent
    registry = Registry(home / "plugins")
    config = ConfigService.read(path, registry)
    config.events = events = EventBus()
    add_masker(config.mask)
    hide(config.hides)
    services = Services(
        home=home,
        db=Database(database_url(config, path)),
        registry=registry,
        events=events,
        config=config,
        runner=None,  # type: ignore[arg-type]  # the two need the services themselves
        queue=None,  # type: ignore[arg-type]
        log=log,
        recorders=[record],
    )
    services.runner = Runner(services)
    services.queue = TaskQueue(services)
    registry.bind(services)
    return services


def database_url(config: ConfigService, path: Path) -> str:
    """``database:`` of the config, or the SQLite file beside it: ``db-config.sqlite`` for ``config.yml``."""
    configured = config.data.get("database")
    return configured if isinstance(configured, str) else sqlite_url(database_path(path))


def database_path(config: Path) -> Path:
    """The SQLite file that belongs to a config by default."""
    return config.with_name(f"db-{config.stem}.sqlite")


def token_path(config: Path) -> Path:
    """The file of the main token."""
    return config.with_name(f".{config.stem}-token")


class Daemon:
    """One daemon, from its start to its end. ``ready`` is called when it answers; ``autoreload`` watches the config."""

    def __init__(
        self, path: Path, *, log: LogBuffer, autoreload: bool = True, ready: Callable[[Running], None] | None = None
    ) -> None:
        self.path = path
        self._log = log
        self._autoreload = autoreload
        self._ready = ready or (lambda _: None)
        self._wait = False
        self._signals = 0
        self.first_cleanup = FIRST_CLEANUP_SECONDS

    def run(self) -> bool:
        """Serve until told to stop; returns whether every task came to its end.

        Raises ``AlreadyRunning``, ``ConfigError``, ``StorageError``, or OSError where a port cannot be had.
        """
        with held(self.path) as lock:
            services = assemble(self.path, log=self._log)
            self._turn = Turn(self.path)
            try:
                self._check_database(services.db)
                sys.setswitchinterval(SWITCH_SECONDS)
                with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                    return runner.run(self._serve(services, lock.tell))
            finally:
                self._turn.release()
                services.db.close()

    async def _serve(self, services: Services, tell: Callable[[Running], None]) -> bool:
        from server.engine.scheduler import Scheduler
        from server.features.users.model import Accounts
        from server.routes import ROUTES
        from server.web.app import WebApp
        from server.web.server import WebServer

        self._services, self._loop, self._end = services, asyncio.get_running_loop(), asyncio.Event()
        services.stop = self.stop
        services.users = Accounts(services.db, token_path(self.path))
        services.scheduler = Scheduler(services)
        settings = services.config.web_server
        app = WebApp(services, ROUTES, settings=settings or WebServerSettings(), accounts=services.users)
        server = WebServer(app)
        waiting = self._wait_for_turn()
        try:
            running = self._open(server, app.base, settings)
            services.scheduler.start()
            self._listen_to_signals()
            self._greet(running)
            tell(running)  # last of all: whoever waits for it may read what was said
            gc.collect()
            gc.freeze()
            self._ready(running)
            beside = [asyncio.create_task(self._maintain())]
            if self._autoreload:
                beside.append(asyncio.create_task(self._watch()))
            await self._end.wait()
            for task in beside:
                task.cancel()
        finally:
            services.scheduler.stop()
            finished = await self._finish_tasks()
            waiting.cancel()
            await server.stop(DRAIN_SECONDS)
        return finished

    # -- start --------------------------------------------------------------------------------------------------------

    def _check_database(self, db: Database) -> None:
        """Refuse a damaged file at once where that is quick, else tell about it as soon as it is known."""
        if db.path is None:
            return
        if db.path.stat().st_size <= CHECKED_AT_ONCE:
            damage = check_file(db.path)
            if damage:
                raise StorageError(_damaged(db.path, damage))
        else:
            threading.Thread(target=_check_beside, args=(db.path,), name="database-check", daemon=True).start()

    def _open(self, server: WebServer, base: str, settings: WebServerSettings | None) -> Running:
        from server.control import open_control

        url = None
        if settings is not None:
            url = _listen(server, settings) + base
        control, secret = open_control(server, self.path)
        return Running(os.getpid(), url, control, base, __version__, time.time(), secret)

    def _greet(self, running: Running) -> None:
        users = self._services.users
        logger.info("FlexGet %s works on %s (pid %d)", __version__, self.path, running.pid)
        if running.url is None:
            logger.info("The web server is off; add `web_server: yes` to the config to turn it on")
            return
        logger.info("The web server answers at %s", running.url)
        if not users.has_password:
            # not by the log: whoever can read that could sign in
            link = f"{running.url}/signin/?code={users.new_code()}"
            try:
                print(f"No password is set yet. Sign in once by this link and choose one:\n\n    {link}\n", flush=True)
            except BrokenPipeError:
                let_stdout_go()
                logger.warning("Nobody reads the sign-in link; `flexget web link` makes another")

    # -- while it runs ------------------------------------------------------------------------------------------------

    def _wait_for_turn(self) -> asyncio.Task[None]:
        """Run no task while another process still does."""
        self._services.queue.hold(True)

        async def wait() -> None:
            told = False
            while not await asyncio.to_thread(self._turn.take):
                if not told:
                    logger.info("Another command runs tasks of this config; those of the daemon wait for its end")
                told = True
                await asyncio.sleep(LOOK_SECONDS)
            self._services.queue.hold(False)

        return asyncio.create_task(wait())

    async def _watch(self) -> None:
        """Load the config again when one of its files was changed."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._loop.run_in_executor(None, self._look)

    async def _maintain(self) -> None:
        """Once a day, forget what was kept long enough."""
        await asyncio.sleep(self.first_cleanup)
        while True:
            await self._loop.run_in_executor(None, self._clean_up)
            await asyncio.sleep(CLEANUP_SECONDS)

    def _clean_up(self) -> None:
        from server.features.database.model import cleanup

        try:
            gone = {name: count for name, count in cleanup(self._services.db).items() if count}
            logger.log(VERBOSE, "Cleaned the database: %s", gone or "nothing was too old")
        except StorageError as error:
            logger.error("The database cannot be cleaned: %s", error)
        finally:
            self._services.db.release()

    def _look(self) -> None:
        try:
            if self._services.config.changed_on_disk():
                self.reload()
        except OSError as error:
            logger.warning("The config's files cannot be looked at: %s", error)
        except Exception:
            logger.exception("The config's files could not be looked at; trying again")

    def reload(self) -> bool:
        """Load the config again; a bad one is told in the log and leaves the old one in force."""
        config = self._services.config
        before = config.web_server
        try:
            config.reload()
        except ConfigError as error:
            logger.error("The changed config cannot be used; the old one stays in force:\n%s", error)
            return False
        logger.info("The config was loaded again")
        if config.web_server != before:
            logger.warning("Changes of `web_server` come into force at the next start of the daemon")
        return True

    def _listen_to_signals(self) -> None:
        if sys.platform == "win32":
            for number in (signal.SIGINT, signal.SIGBREAK, signal.SIGTERM):
                signal.signal(number, lambda *_: self._loop.call_soon_threadsafe(self._on_stop_signal))
            return
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._on_stop_signal)
        self._loop.add_signal_handler(signal.SIGHUP, self._on_hangup)

    def _on_stop_signal(self) -> None:
        self._signals += 1
        running = self._services.queue.running
        if self._signals > 1 and running is not None:
            self._services.queue.cancel(running.id, "the daemon is stopping at once")
        self.stop()

    def _on_hangup(self) -> None:
        self._loop.run_in_executor(None, self.reload)

    # -- end ----------------------------------------------------------------------------------------------------------

    def stop(self, *, wait: bool = False) -> None:
        """End the daemon; may be called from any thread. ``wait``: run first what is queued."""
        self._wait = wait
        self._loop.call_soon_threadsafe(self._end.set)

    async def _finish_tasks(self) -> bool:
        running = self._services.queue.running
        logger.info("Stopping%s", f"; {running.name} may come to its end" if running else "")
        finished = await self._loop.run_in_executor(None, self._end_queue)
        if not finished:
            logger.critical("A task hangs and does not react; the daemon ends without it")
        return finished

    def _end_queue(self) -> bool:
        return self._services.queue.shutdown(finish=self._wait, timeout=STOP_SECONDS)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop where it is installed."""
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _listen(server: WebServer, settings: WebServerSettings) -> str:
    """Open the web server's port; returns the address that works on this machine."""
    from server.web.server import tls_context

    tls = None
    if settings.ssl_certificate and settings.ssl_private_key:
        tls = tls_context(Path(settings.ssl_certificate).expanduser(), Path(settings.ssl_private_key).expanduser())
    try:
        port = server.listen(settings.bind, settings.port, tls=tls)
    except OSError as error:
        raise OSError(
            f"the web server cannot listen at {settings.bind}:{settings.port} ({error.strerror or error}). "
            "Is another program there? `web_server: {port: ...}` in the config chooses another port."
        ) from error
    host = "127.0.0.1" if settings.bind in ("0.0.0.0", "") else settings.bind  # noqa: S104
    return f"{'https' if tls else 'http'}://{host}:{port}"


def _check_beside(path: Path) -> None:
    damage = check_file(path)
    if damage:
        logger.critical("%s", _damaged(path, damage))


def _damaged(path: Path, damage: str) -> str:
    backups = sorted(path.parent.glob(f"{path.stem}*.bak"), key=lambda file: file.stat().st_mtime)
    remedy = f"restore the backup {backups[-1]}" if backups else "restore a backup"
    return (
        f"the database {path} is damaged ({damage}). Stop the daemon, keep a copy of the file, and {remedy} in its "
        "place; or move it away to begin with an empty one."
    )
