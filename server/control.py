"""The way in for the same user's commands on the same machine, whether the web server is on or not.

It is the API itself, on a Unix socket that nobody else can open, or (where there are none) on a loopback port with a
secret that stands in the lock file. Besides what the API offers to all there are these resources, for this way only:
running tasks with everything that ``flexget execute`` knows, stopping, and telling what was changed from outside.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import secrets
import socket
import stat
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.engine.entry import Entry
from server.engine.events import Event, TaskProgress
from server.engine.execution import ExecuteOptions
from server.engine.log import Line, level_number
from server.engine.runner import UnknownTask, for_each_task
from server.lock import AlreadyRunning, lock_path
from server.web.call import Call
from server.web.endpoint import SUCCESS, Answer, Resource, array, obj, post, success
from server.web.errors import BadRequest, PlainError
from server.web.shapes import ANY_OBJECT, BOOLEAN, TEXT
from server.web.streaming import Stream

if TYPE_CHECKING:
    from server.engine.queue import Job
    from server.web.server import WebServer

logger = logging.getLogger("control")

LONGEST_SOCKET = 100
"""Bytes that the path of a Unix socket may have everywhere."""

LOOK = 0.05
"""Seconds between looks whether a job is over."""

TEXTS = {"type": "array", "items": TEXT}
INJECTED = obj({"fields": ANY_OBJECT, "accept": BOOLEAN})
OPTIONS = {field.name for field in fields(ExecuteOptions)} - {"inject"}


def open_control(server: WebServer, config: Path) -> tuple[str, str | None]:
    """Serve the control channel; returns its address and the secret that it asks for, if any.

    Raises ``AlreadyRunning`` when a daemon answers there: somebody removed its lock file.
    """
    if os.name == "nt":
        secret = secrets.token_urlsafe(32)
        return f"http://127.0.0.1:{server.listen_control(secret)}", secret
    path = config.with_name(f".{config.stem}-control")
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        try:
            return _listen(server, config, path), None
        except OSError as error:  # a file system that knows no sockets: network shares
            logger.info("There can be no socket at %s (%s); it goes to another place", path, error)
    name = hashlib.sha256(os.fsencode(config.resolve())).hexdigest()[:32]
    return _listen(server, config, _elsewhere(f"{name}.sock")), None


def _listen(server: WebServer, config: Path, path: Path) -> str:
    if _is_served(path):
        raise AlreadyRunning(lock_path(config), None)
    server.listen_unix(path)
    return f"unix:{path}"


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            line.connect(str(path))
        except OSError:
            return False
        return True


def _elsewhere(name: str) -> Path:
    """A path short enough, in a folder of this user alone."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    folders = [Path(runtime) / "flexget"] if runtime else []
    folders.append(Path(tempfile.gettempdir()) / f"flexget-{os.getuid()}")
    folder = next((one for one in folders if len(os.fsencode(one / name)) <= LONGEST_SOCKET), folders[-1])
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} must be a folder of yours with mode 0700; it is not, so it is not used")
    return folder / name


class _ControlResource(Resource):
    tag = "control"

    @staticmethod
    def refuse_others(call: Call) -> None:
        """Only over the control channel."""
        if call.identity is None or call.identity.way != "trusted":
            raise PlainError(403, "this works only over the control channel: use the flexget command")


class Execute(_ControlResource):
    """Running tasks for a command line."""

    @post(
        "Run tasks and follow them",
        body=obj(
            {"tasks": TEXTS, "options": ANY_OBJECT, "inject": array(INJECTED), "loglevel": TEXT},
            required=[],
            extra=False,
        ),
        returns=ANY_OBJECT,
        errors=(400, 403),
        hidden=True,
    )
    async def execute(self, call: Call, body: dict[str, Any]) -> Stream:
        """A stream of ``tasks``, then ``log``, ``output`` and ``progress``, and ``done`` for each task."""
        self.refuse_others(call)
        asked = body.get("options", {})
        if unknown := sorted(set(asked) - OPTIONS):
            raise BadRequest(f"unknown options: {', '.join(unknown)}")
        options = ExecuteOptions(**asked)
        inject = body.get("inject", [])
        try:
            names = await self.run(self.services.runner.select, body.get("tasks", []), options.template)
            level = level_number(body.get("loglevel", "verbose"))
        except (UnknownTask, ValueError) as error:
            raise BadRequest(str(error)) from None
        return Stream(lambda: self._follow(names, options, inject, level))

    async def _follow(
        self, names: list[str], options: ExecuteOptions, inject: list[dict[str, Any]], level: int
    ) -> AsyncIterator[dict[str, Any]]:
        pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def put(piece: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        watch = _Watch(put, frozenset(names), level)
        ends: list[Callable[[], None]] = [self.services.events.subscribe(watch.see)]
        if self.services.log is not None:
            ends.append(self.services.log.subscribe(watch.log))
        try:
            yield {"tasks": names}
            jobs = [await self.run(self._submit, name, options, inject, put) for name in names]
            while jobs:
                over = [job for job in jobs if job.state in ("done", "hung")]
                if over:
                    await asyncio.sleep(0)  # what they said before their end is on its way
                while not pieces.empty():
                    yield pieces.get_nowait()
                for job in over:
                    jobs.remove(job)
                    yield {"done": _outcome(job)}
                with contextlib.suppress(TimeoutError):
                    if jobs:
                        yield await asyncio.wait_for(pieces.get(), LOOK)
        finally:
            for end in ends:
                end()

    def _submit(
        self, name: str, options: ExecuteOptions, inject: list[dict[str, Any]], put: Callable[[dict[str, Any]], None]
    ) -> Job:
        mine = for_each_task(options)
        mine.inject = [_injected(item) for item in inject]
        return self.services.queue.submit(name, mine, urgent=True, output=lambda text: put({"output": text}))


def _injected(item: dict[str, Any]) -> Entry:
    entry = Entry(item["fields"])
    if item["accept"]:
        entry.accept("accepted by the command that injected it")
    return entry


def _outcome(job: Job) -> dict[str, Any]:
    result = job.result
    if result is None:
        return {"task": job.name, "aborted": True, "silent": False, "reason": "it did not run"}
    return {"task": job.name, "aborted": result.aborted, "silent": result.silent, "reason": result.reason}


class _Watch:
    """Passes on what concerns some tasks. Its methods are called in the threads where things happen."""

    def __init__(self, put: Callable[[dict[str, Any]], None], names: frozenset[str], level: int) -> None:
        self._put = put
        self._names = names
        self._level = level

    def see(self, event: Event) -> None:
        """An event of the engine."""
        if isinstance(event, TaskProgress) and event.task in self._names:
            place = {"percent": event.percent, "phase": event.phase, "plugin": event.plugin}
            self._put({"progress": {"task": event.task, **place}})

    def log(self, line: Line, level: int) -> None:
        """A line of the log."""
        if level >= self._level and line.task in self._names:
            self._put({"log": line.raw})


class Stop(_ControlResource):
    """Ending the daemon."""

    @post("End the daemon", body=obj({"wait": BOOLEAN}, required=[], extra=False), returns=SUCCESS, hidden=True)
    async def stop(self, call: Call, body: dict[str, Any]) -> Answer:
        """``wait``: run everything that is queued first."""
        self.refuse_others(call)
        self.services.stop(wait=bool(body.get("wait")))
        return success("the daemon is shutting down")


class Changed(_ControlResource):
    """Changes made beside the daemon."""

    @post("Tell which groups of tables were changed", body=obj({"groups": TEXTS}), returns=SUCCESS, hidden=True)
    async def changed(self, call: Call, body: dict[str, Any]) -> Answer:
        """What was answered from them before is not answered again."""
        self.refuse_others(call)
        self.services.db.note_changes(body["groups"])
        return success("noted")
