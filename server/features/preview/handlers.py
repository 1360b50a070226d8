"""``/preview/``: a task as it would run, with a config that is not saved; nothing comes of it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from server.config.compose import ValidatedConfig
from server.config.edit import insert, set_value
from server.config.errors import ConfigError
from server.engine.execution import ExecuteOptions
from server.features.preview._rehearsal import Rehearsal, Rehearsed
from server.features.runs._recorder import described as entry_as_kept
from server.features.runs._recorder import trace_as_dicts
from server.features.runs._shapes import RUN_ENTRY_WITH_TRACE
from server.storage.errors import StorageError
from server.web.endpoint import Resource, post
from server.web.errors import BodyInvalid, NotFound, Unavailable
from server.web.resources.config_edits import described
from server.web.shapes import ANY_OBJECT, BOOLEAN, INTEGER, NUMBER, TEXT, TEXT_OR_NULL, Shape, array, obj

logger = logging.getLogger("preview")

SECONDS = 60.0
"""How long a preview may take."""

GRACE = 10.0
"""Seconds after which one that does not react to its cancellation is left alone."""

WAIT = 20.0
"""Seconds that a preview waits for the one before it."""

MOST_ENTRIES = 2000

PREVIEW_BODY = Shape(
    "preview_body",
    obj(
        {
            "task": {"type": "string", "minLength": 1, "maxLength": 500, "description": "name of the task to run"},
            "config": {
                "type": "string",
                "description": "a whole config as YAML, instead of the one in force",
            },
            "task_config": {
                "type": "object",
                "description": "the task's plugins and their options, instead of those in the config; for a task that "
                "is not in the config, too",
            },
            "now": {"type": "boolean", "default": True, "description": "do not wait for `interval`"},
            "entries": {
                "type": "integer",
                "minimum": 0,
                "maximum": MOST_ENTRIES,
                "default": 200,
                "description": "how many entries are told with their traces; the numbers count all of them",
            },
        },
        required=["task"],
        extra=False,
    ),
)

DEED = Shape(
    "preview_deed",
    obj(
        {
            "phase": TEXT,
            "plugin": TEXT,
            "config": {"description": "of the plugin"},
            "number": {"type": "integer", "description": "accepted entries when its turn came"},
            "entries": array(
                obj(
                    {
                        "title": TEXT,
                        "url": TEXT,
                        "config": {"description": "of the plugin with the entry's fields filled in; null: no fields"},
                    }
                )
            ),
            "rerun": {"type": "integer", "description": "0 in the first pass of the task"},
        }
    ),
)

PREVIEW = Shape(
    "preview",
    obj(
        {
            "task": TEXT,
            "config": {**ANY_OBJECT, "description": "the merged config of the task, values of variables masked"},
            "seconds": NUMBER,
            "passes": INTEGER,
            "produced": INTEGER,
            "accepted": INTEGER,
            "rejected": INTEGER,
            "failed": INTEGER,
            "undecided": INTEGER,
            "aborted": BOOLEAN,
            "reason": {**TEXT_OR_NULL, "description": "why it was aborted"},
            "entries": array(RUN_ENTRY_WITH_TRACE),
            "would_do": array(DEED, description="what plugins were kept from doing, in order"),
            "printed": array(TEXT),
            "log": array(obj({"level": TEXT, "plugin": TEXT, "message": TEXT})),
        }
    ),
)


class Preview(Resource):
    """Try it out."""

    tag = "preview"
    _turn: asyncio.Lock | None = None

    @post("Run a task without any effect", body=PREVIEW_BODY, returns=PREVIEW, errors=(404, 503), cancel_on_close=True)
    async def preview(self, body: dict[str, Any]) -> dict[str, Any]:
        """With the config in force, or with an edited one: the same plugins in the same order, on a copy of the
        database. Plugins that would write files, send something or run commands are left out where they would do that,
        and it is told what they would have been given. Inputs do ask the network.

        It ends when the client leaves. What plugins of your own do outside of the phases download, output, exit and
        abort is not held back.
        """
        if self._turn is None:
            self._turn = asyncio.Lock()
        try:
            await asyncio.wait_for(self._turn.acquire(), WAIT)
        except TimeoutError:
            raise Unavailable("another preview is running; try again in a moment") from None
        try:
            return await self._preview(body)
        finally:
            self._turn.release()

    async def _preview(self, body: dict[str, Any]) -> dict[str, Any]:
        name = body["task"]
        config = await self.run(self._config_of, name, body)
        most = body.get("entries", 200)
        options = ExecuteOptions(test=True, now=body.get("now", True), named=True)
        rehearsal = Rehearsal(self.services, name, config, options, most)
        try:
            found = await _within_limit(rehearsal)
        except StorageError as error:
            raise Unavailable(str(error)) from error
        told: dict[str, Any] = await self.run(self._as_json, config, found, most)
        return told

    def _config_of(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """The merged config to run, checked as if it were to be saved."""
        service = self.services.config
        given = body.get("task_config")
        try:
            if given is None and "config" not in body:
                return self._task_of(service.in_force, name)
            text = body.get("config", service.document.text)
            candidate = service.candidate(text)
            if given is not None:
                text = _with_task(candidate, text, name, given)
                candidate = service.candidate(text)
            return self._task_of(candidate, name)
        except ConfigError as error:
            root = ("tasks", name) if given is not None else ()
            shown = ("task_config",) if given is not None else ()
            raise BodyInvalid([described(issue, root, shown) for issue in error.issues]) from None

    @staticmethod
    def _task_of(config: ValidatedConfig, name: str) -> dict[str, Any]:
        if name not in config.task_names(hidden=True):
            raise NotFound(f"task {name[:200]} does not exist")
        return config.effective_task(name).config

    def _as_json(self, config: dict[str, Any], found: Rehearsed, most: int) -> dict[str, Any]:
        result = found.result
        masked = self.services.config.masked
        states = ("accepted", "rejected", "failed", "undecided")
        return {
            "task": result.name,
            "config": masked(config),
            "seconds": result.seconds,
            "passes": result.passes,
            "produced": len(result.entries),
            **{state: result.count(state) for state in states},
            "aborted": result.aborted,
            "reason": result.reason,
            "entries": [_entry(number, entry) for number, entry in enumerate(result.entries[:most], 1)],
            "would_do": [
                {**asdict(deed), "config": masked(deed.config), "entries": masked(deed.entries)} for deed in found.deeds
            ],
            "printed": found.printed,
            "log": found.log,
        }


def _with_task(config: ValidatedConfig, text: str, name: str, task: dict[str, Any]) -> str:
    """The text with a task replaced or added."""
    tasks = config.data.get("tasks") or {}
    key = name if name in tasks else next((known for known in tasks if str(known) == name), None)
    if key is not None:
        return set_value(text, ("tasks", key), task)
    return insert(text, ("tasks", name), task)


def _entry(number: int, entry: Any) -> dict[str, Any]:
    kept = entry_as_kept(entry)
    return {"n": number, **kept, "trace": trace_as_dicts(kept["trace"])}


async def _within_limit(rehearsal: Rehearsal) -> Rehearsed:
    """Run it in a thread of its own: it may wait for the network, or hang, and others shall not wait for it."""
    running = in_thread(rehearsal.run)
    try:
        done, _ = await asyncio.wait({running}, timeout=SECONDS)
    except asyncio.CancelledError:
        rehearsal.cancel("the client has left")
        await asyncio.wait({running}, timeout=GRACE)
        raise
    if not done:
        rehearsal.cancel(f"a preview may take {SECONDS:g} seconds")
        done, _ = await asyncio.wait({running}, timeout=GRACE)
    if not done:
        logger.warning("A preview hangs and is left alone")
        raise Unavailable("the preview took too long and could not be ended")
    return running.result()


def in_thread(function: Callable[[], Rehearsed]) -> asyncio.Future[Rehearsed]:
    """What a function gives back or raises, run in a thread that nobody has to wait for at the end."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Rehearsed] = loop.create_future()

    def tell(act: Callable[[Any], None], value: Any) -> None:
        if not future.done():
            act(value)

    def work() -> None:
        try:
            answer = function()
        except BaseException as error:
            told: tuple[Any, ...] = (future.set_exception, error)
        else:
            told = (future.set_result, answer)
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, *told)

    threading.Thread(target=work, name="preview", daemon=True).start()
    return future
