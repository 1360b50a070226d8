"""A task: entries pass the phases, plugins decide about them.

One object is one execution, reruns included::

    task = Task("tv", config, options=ExecuteOptions(), services=services, db=services.db)
    result = task.execute()
    result.accepted, result.aborted, result.reason
"""

from __future__ import annotations

import copy
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from server.engine.context import CURRENT, NOBODY, Step
from server.engine.entry import Entry
from server.engine.errors import EntryUnicodeError, PluginError, PluginWarning, TaskAbort, TaskCancelled
from server.engine.events import EntryDecided, TaskDump, TaskProgress
from server.engine.execution import ExecuteOptions, TaskResult
from server.engine.memory import let_go
from server.engine.plugin import PHASES, Plugin

if TYPE_CHECKING:
    from server.engine.net import Session
    from server.engine.services import Services
    from server.storage.database import Database

logger = logging.getLogger("task")

PERCENT = {"input": 5, "metainfo": 10, "filter": 30, "download": 40, "modify": 65, "output": 75, "exit": 100}
"""How far a run is when it comes to a phase, as clients of the API expect it."""

MAX_RERUNS = 5


@dataclass(frozen=True, slots=True)
class _Handler:
    """A plugin's method in a phase, with its configuration."""

    plugin: Plugin
    method: Callable[..., Any]
    priority: int
    config: Any


class Task:
    """One execution of a task of the config. Its public face is what plugins use."""

    def __init__(
        self,
        name: str,
        config: dict[str, Any],
        *,
        services: Services,
        db: Database,
        options: ExecuteOptions | None = None,
        job: int = 0,
        output: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self.prepared_config = config
        self.config: dict[str, Any] = copy.deepcopy(config)
        self.options = options or ExecuteOptions()
        self.services = services
        self.db = db
        self.job = job
        self.print = output or (lambda text: print(text))
        self.started = time.time()
        self.is_rerun = False
        self.rerun_count = 0
        self.max_reruns = MAX_RERUNS
        self.aborted = False
        self.abort_reason: str | None = None
        self.silent_abort = False
        self.failed_hard = False
        self.entries: list[Entry] = []
        self.disabled_phases: set[str] = set()
        self.disabled_plugins: set[str] = set()
        self.priorities: dict[tuple[str, str], int] = {}
        self.phase: str | None = None
        self._cancel = threading.Event()
        self._cancel_reason = "cancelled"
        self._rerun: str | None = None
        self._states: dict[str, dict[str, Any]] = {}
        self._listeners: list[Callable[[Entry, str, str | None, dict[str, Any]], None]] = []
        self._cleanups: list[Callable[[], None]] = []
        self._handlers: dict[str, list[_Handler]] = {}
        self._last = NOBODY
        self._percent = 0

    def __repr__(self) -> str:
        return f"<Task {self.name}>"

    # -- entries by state ---------------------------------------------------------------------------------------------

    @property
    def all_entries(self) -> list[Entry]:
        """Every entry, whatever its state."""
        return self.entries

    @property
    def accepted(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == "accepted"]

    @property
    def rejected(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == "rejected"]

    @property
    def failed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == "failed"]

    @property
    def undecided(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.state == "undecided"]

    @property
    def live(self) -> list[Entry]:
        """Entries that may still be accepted or rejected: neither rejected nor failed."""
        return [entry for entry in self.entries if entry.state in ("undecided", "accepted")]

    @property
    def step(self) -> Step:
        """The plugin at work and its phase, or the last one."""
        return self._last

    # -- what plugins use ---------------------------------------------------------------------------------------------

    @cached_property
    def requests(self) -> Session:
        """The HTTP session of this run: retries, time-outs, delays per host, a limit of size."""
        from server.engine.net import Session

        session = Session(cancelled=self.check_cancelled)
        self.at_end(session.close)
        return session

    def state(self, plugin: Plugin) -> dict[str, Any]:
        """A plugin's own notes for this run."""
        return self._states.setdefault(plugin.name, {})

    def log(self, plugin: str) -> logging.Logger:
        """The log of a plugin."""
        return logging.getLogger(plugin)

    def abort(self, reason: str = "Unknown", *, silent: bool = False) -> None:
        """End this run now; ``silent`` when nothing is wrong."""
        raise TaskAbort(reason, silent=silent)

    def rerun(self, plugin: str | None = None, reason: str | None = None) -> None:
        """Ask for another pass after this one (at most ``max_reruns``)."""
        if self.rerun_count >= self.max_reruns:
            logger.info("%s asked to rerun, but the limit of %d reruns is reached", plugin, self.max_reruns)
            return
        if self._rerun is None:
            self._rerun = plugin or "a plugin"
            logger.info("Plugin %s has requested the task to be run again after this run: %s", plugin, reason or "")

    def at_end(self, cleanup: Callable[[], None]) -> None:
        """Call something when the run is over, however it ended."""
        self._cleanups.append(cleanup)

    def on_decision(self, listener: Callable[[Entry, str, str | None, dict[str, Any]], None]) -> None:
        """Call ``listener(entry, verb, reason, details)`` at each accept, reject and fail of this pass."""
        self._listeners.append(listener)

    def decided(self, entry: Entry, verb: str, reason: str | None, details: dict[str, Any]) -> None:
        """An entry of this task was accepted, rejected or failed."""
        for listener in self._listeners:
            listener(entry, verb, reason, details)
        step = CURRENT.step
        if verb == "fail":
            logger.error("Failed %s (%s)", entry.get("title", "", False), reason)
        elif not self.options.silent and logger.isEnabledFor(15):
            word = "ACCEPTED" if verb == "accept" else "REJECTED"
            text = f"{word}: `{entry.get('title', '', False)}` by {step.plugin} plugin"
            logger.log(15, "%s", f"{text} because {reason}" if reason else text)
        events = self.services.events
        if events.listened:
            title = str(entry.get("title", "", False))
            events.publish(EntryDecided(self.job, self.name, title, verb, step.plugin, reason))

    def disable_phase(self, phase: str) -> None:
        """Leave a phase out of this run."""
        self.disabled_phases.add(phase)

    def disable_plugin(self, name: str) -> None:
        """Leave a plugin out of the rest of this pass."""
        self.disabled_plugins.add(name)
        self._handlers.clear()

    def set_priority(self, plugin: str, value: int, phase: str) -> None:
        """Another priority for a plugin in this run."""
        self.priorities[plugin, phase] = value
        self._handlers.clear()

    def plugin_is_active(self, name: str) -> bool:
        """Whether a plugin takes part in this run."""
        if name in self.disabled_plugins:
            return False
        if name in self.config:
            return self.config[name] is not False or self.services.registry.get(name).runs_when_off
        return any(plugin.name == name for plugin in self.services.registry.builtins())

    # -- cancelling ---------------------------------------------------------------------------------------------------

    def cancel(self, reason: str = "cancelled") -> None:
        """Ask the run to end at the next chance; may be called from any thread."""
        self._cancel_reason = reason
        self._cancel.set()

    @property
    def cancelled(self) -> bool:
        return self._cancel.is_set()

    def check_cancelled(self) -> None:
        """Raises :class:`TaskCancelled` when the run shall end; long loops call this now and then."""
        if self._cancel.is_set():
            raise TaskCancelled(self._cancel_reason)

    def sleep(self, seconds: float) -> None:
        """Wait, but not through a cancellation."""
        if self._cancel.wait(seconds):
            self.check_cancelled()

    # -- running ------------------------------------------------------------------------------------------------------

    def execute(self) -> TaskResult:
        """Run all passes and say what came of it. Only a bug of this program itself raises."""
        result = TaskResult(self.name, started=self.started)
        before, CURRENT.task = CURRENT.task, self.name
        try:
            while True:
                self._pass()
                result.passes += 1
                if self.aborted or self._rerun is None:
                    break
                logger.info(
                    "Rerunning the task in case better resolution can be achieved (asked for by %s)", self._rerun
                )
                self._renew()
        finally:
            for cleanup in reversed(self._cleanups):
                try:
                    cleanup()
                except Exception:
                    logger.exception("Cleaning up after %s failed", self.name)
            CURRENT.task = before
        result.entries = self.entries
        result.aborted, result.reason = self.aborted, self.abort_reason
        result.silent, result.error = self.silent_abort, self.failed_hard
        result.seconds = time.time() - self.started
        return result

    def _renew(self) -> None:
        """Forget the last pass, keep what counts across passes."""
        self._rerun = None
        self.is_rerun = True
        self.rerun_count += 1
        self.config = copy.deepcopy(self.prepared_config)
        let_go(self.entries)
        self.entries = []
        self._listeners.clear()
        self._handlers.clear()

    def _pass(self) -> None:
        try:
            self._tell("running")
            if not self.is_rerun:
                self._begin()
            for phase in PHASES[1:]:
                if phase in self.disabled_phases or (phase == "exit" and self._rerun is not None):
                    continue
                if phase == "download" and "urlrewrite" not in self.disabled_phases:
                    self._run_phase("urlrewrite")
                if phase == "input":
                    self._inject()
                self._run_phase(phase)
        except TaskAbort as abort:
            self._aborted(abort)
        self._tell("complete")
        if self.options.entry_dump:
            entries = [dumped(entry) for entry in self.live]
            self.services.events.publish(TaskDump(self.job, self.name, entries))

    def _begin(self) -> None:
        """What comes once, before the first pass: a rerun begins with the input and only the last pass has an exit."""
        self._run_phase("prepare")
        if self.options.learn:
            logger.info("Disabling download and output phases because of --learn")
            self.disabled_phases |= {"download", "output"}
        if "start" not in self.disabled_phases:
            self._run_phase("start")
        self.prepared_config = copy.deepcopy(self.config)

    def _inject(self) -> None:
        """Take the injected entries; the inputs are not asked then."""
        if self.options.inject:
            self.entries = self.adopt(self.options.inject if not self.is_rerun else map(copy_of, self.options.inject))

    def adopt(self, entries: Iterable[Entry]) -> list[Entry]:
        """Make entries this task's own; raises TaskAbort where one lacks title or url."""
        adopted = list(entries)
        for entry in adopted:
            if not entry.isvalid():
                raise TaskAbort(f"An input gave an entry without title or url: {dict(entry)!r}")
            entry.task = self
        return adopted

    def _aborted(self, abort: TaskAbort) -> None:
        self.aborted, self.abort_reason, self.silent_abort = True, abort.reason, abort.silent
        log = logger.info if abort.silent else logger.warning
        log("Aborting task (plugin: %s): %s", self._last.plugin, abort.reason)
        try:
            self._run_phase("abort")
        except TaskAbort as again:
            logger.warning("The abort phase was aborted too: %s", again.reason)

    # -- one phase ----------------------------------------------------------------------------------------------------

    def handlers(self, phase: str) -> list[_Handler]:
        """The plugins of a phase in the order they run."""
        found = self._handlers.get(phase)
        if found is None:
            found = self._handlers[phase] = sorted(self._find_handlers(phase), key=lambda item: -item.priority)
        return found

    def _find_handlers(self, phase: str) -> Iterator[_Handler]:
        registry = self.services.registry
        plugins = {plugin.name: plugin for plugin in registry.builtins()}
        for name in self.config:
            if name in registry and name not in plugins:
                plugins[name] = registry.get(name)
        for name, plugin in sorted(plugins.items()):
            if name in self.disabled_plugins or phase not in plugin.handlers:
                continue
            config = self.config.get(name, True if plugin.builtin else None)
            if config is False and not plugin.runs_when_off:
                continue
            if phase == "input" and self.options.inject and not plugin.builtin:
                continue  # what an input takes from its source would be lost
            value = self.priorities.get((name, phase), plugin.priority_of(phase))
            yield _Handler(plugin, plugin.handlers[phase], value, config)

    def _run_phase(self, phase: str) -> None:
        self.phase = phase
        done: set[str] = set()
        while True:  # a plugin may disable others or change priorities: look again after each
            handler = next((item for item in self.handlers(phase) if item.plugin.name not in done), None)
            if handler is None:
                return
            done.add(handler.plugin.name)
            if phase != "abort":
                self.check_cancelled()
            self._run_handler(phase, handler)

    def _run_handler(self, phase: str, handler: _Handler) -> None:
        name = handler.plugin.name
        if phase not in ("prepare", "abort"):
            self._tell("running", phase, name)
        self._last = Step(phase, name)
        before, CURRENT.step = CURRENT.step, self._last
        config = self.config.get(name, handler.config)
        try:
            answer = handler.method(self, config)
            if phase == "input" and answer is not None:
                self._take_entries(answer)
        except TaskAbort:
            raise
        except PluginWarning as warning:
            logger.warning("%s: %s", name, warning)
        except (PluginError, EntryUnicodeError) as error:
            logger.critical("%s: %s", name, error)
            raise TaskAbort(str(error)) from error
        except Exception as error:
            self._crashed(phase, name, error)
        finally:
            CURRENT.step = before

    def _crashed(self, phase: str, name: str, error: Exception) -> None:
        from server.engine.failures import explain, write_crash_report

        reason, is_bug = explain(error)
        self.failed_hard = True
        if is_bug:
            logger.critical("BUG: Unhandled error in plugin %s: %s", name, error, exc_info=True)
            write_crash_report(self.services.home, f"task {self.name}, plugin {name}, phase {phase}", error)
            reason = f"BUG: Unhandled error in plugin {name}: {reason}"
        else:
            logger.error("%s: %s", name, reason)
        raise TaskAbort(reason) from error

    def _take_entries(self, answer: Iterable[Entry]) -> None:
        taken: list[Entry] = []
        for count, entry in enumerate(answer):
            if count % 256 == 0:
                self.check_cancelled()
            taken.append(entry)
        self.entries.extend(self.adopt(taken))

    def _tell(self, status: str, phase: str | None = None, plugin: str | None = None) -> None:
        if status == "complete":
            phase, plugin = self._last
        if self.services.events.listened:
            if phase in PERCENT:
                self._percent = PERCENT[phase]
            percent = 100 if status == "complete" else self._percent
            self.services.events.publish(TaskProgress(self.job, self.name, status, phase, plugin, percent))


def copy_of(entry: Entry) -> Entry:
    """A fresh undecided entry with the same fields."""
    decided = ("accepted_by", "rejected_by", "failed_by", "reason")
    return Entry({name: value for name, value in entry.items() if name not in decided})


def dumped(entry: Entry) -> dict[str, Any]:
    """An entry's fields as plain data, for the API: lazy ones as ``<LazyField>``, odd values as their text."""
    fields = {name: plain(value) for name, value in entry.items()}
    return {**fields, **{name: "<LazyField>" for name in entry.lazy_fields if name not in fields}}


def plain(value: Any) -> Any:
    """JSON data of a field's value."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return str(value)
