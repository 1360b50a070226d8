"""An entry: one thing that a task decides about.

It is a dict of fields with a state and a memory of everything that happened to it::

    entry = Entry(title="Some.Show.S01E01.720p", url="http://example.com/1")
    entry.accept("matches 720p")
    entry.trace[-1].reason      # 'matches 720p'

Fields that cost something to find out are *lazy*: a function is registered for them and called at the first look.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from server.engine.context import CURRENT, Step
from server.engine.errors import EntryUnicodeError, PluginError, PluginWarning
from server.engine.moments import aware
from server.engine.way import WAY

if TYPE_CHECKING:
    from server.engine.task import Task

logger = logging.getLogger("entry")

LazyFunction = Callable[["Entry"], None]
Converter = Callable[[Any], Any]

UNDECIDED, ACCEPTED, REJECTED, FAILED = "undecided", "accepted", "rejected", "failed"
STATES = (UNDECIDED, ACCEPTED, REJECTED, FAILED)


class TraceStep(NamedTuple):
    """One thing that happened to an entry.

    ``verb``: ``created, set, delete, accept, reject, fail`` or, where a decision was asked for but not taken,
    ``ignored``. ``field`` and ``value`` belong to ``set``; ``reason`` to the decisions. ``when``: epoch seconds.
    """

    when: float
    step: Step
    verb: str
    field: str | None = None
    value: Any = None
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for the database and the API."""
        return {
            "time": self.when,
            "phase": self.step.phase,
            "plugin": self.step.plugin,
            "verb": self.verb,
            "field": self.field,
            "value": self.value,
            "reason": self.reason,
        }


def _quality(value: Any) -> Any:
    if isinstance(value, str):
        from server.parsing.quality import Quality

        return Quality.parse(value)
    return value


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        raise EntryUnicodeError("a title or url must be text, not bytes")
    text = value if type(value) is str else str(value)
    # halves of surrogate pairs (JSON of broken feeds has some) can be neither stored nor sent
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


CONVERTERS: dict[str, Converter] = {"quality": _quality, "title": _text, "url": _text}
"""Fields which always hold one type, whoever sets them."""


PASSING = frozenset({"file", "torrent"})
"""Fields that mean something while the run goes on only: what was downloaded."""


class Entry(dict[str, Any]):
    """Fields by item access; ``original_title`` and ``original_url`` keep what the input gave."""

    __slots__ = ("_hooks", "_lazy", "state", "task", "trace")

    def __init__(self, *args: Any, **fields: Any) -> None:
        if WAY.wanted:
            WAY.give()
        if args:
            given = {"title": args[0], "url": args[1]} if len(args) == 2 else args[0]
            fields = {**given, **fields}
        for name, convert in CONVERTERS.items():
            if name in fields:
                fields[name] = convert(fields[name])
        for name, value in fields.items():
            if type(value) is datetime:
                fields[name] = aware(value)
        if "title" in fields:
            fields.setdefault("original_title", fields["title"])
        if "url" in fields:
            fields.setdefault("original_url", fields["url"])
        super().__init__(fields)
        self.state = UNDECIDED
        self.task: Task | None = None
        self._lazy: dict[str, list[tuple[LazyFunction, Step]]] | None = None
        self._hooks: dict[str, list[Callable[..., None]]] | None = None
        self.trace: list[TraceStep] = [TraceStep(time.time(), CURRENT.step, "created")]

    # Identity, not content: two entries of equal fields are still two entries.
    __hash__ = object.__hash__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __repr__(self) -> str:
        return f"<Entry({self.get('title', None, False)!r}, {self.state})>"

    # -- fields -------------------------------------------------------------------------------------------------------

    def __setitem__(self, name: str, value: Any) -> None:
        if WAY.wanted:
            WAY.give()
        convert = CONVERTERS.get(name)
        if convert is not None:
            value = convert(value)
            if name == "title":
                dict.setdefault(self, "original_title", value)
            elif name == "url":
                dict.setdefault(self, "original_url", value)
        elif type(value) is datetime:
            value = aware(value)
        if self._lazy:
            self._lazy.pop(name, None)
        dict.__setitem__(self, name, value)
        self.trace.append(TraceStep(time.time(), CURRENT.step, "set", name, value))

    def __delitem__(self, name: str) -> None:
        lazy = self._lazy.pop(name, None) if self._lazy else None
        if lazy is None or dict.__contains__(self, name):
            dict.__delitem__(self, name)
        self.trace.append(TraceStep(time.time(), CURRENT.step, "delete", name))

    def __contains__(self, name: object) -> bool:
        return dict.__contains__(self, name) or (self._lazy is not None and name in self._lazy)

    def __missing__(self, name: str) -> Any:
        if self._lazy and name in self._lazy:
            self._evaluate(name)
            if dict.__contains__(self, name):
                return dict.__getitem__(self, name)
        raise KeyError(name)

    def get(self, name: str, default: Any = None, eval_lazy: bool = True) -> Any:
        """The field's value; a lazy one is looked up unless ``eval_lazy`` is false."""
        if WAY.wanted:
            WAY.give()
        if dict.__contains__(self, name):
            return dict.__getitem__(self, name)
        if not eval_lazy or not self._lazy or name not in self._lazy:
            return default
        try:
            return self[name]
        except KeyError:
            return default

    def update(self, *args: Any, **fields: Any) -> None:
        """Set several fields, each with its trace step."""
        for source in (*args, fields):
            for name, value in source.items() if isinstance(source, Mapping) else source:
                self[name] = value

    def setdefault(self, name: str, default: Any = None) -> Any:
        """The field's value, set to ``default`` first where it is missing."""
        if name not in self:
            self[name] = default
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        """Take a field away and return its value."""
        if name not in self:
            if default:
                return default[0]
            raise KeyError(name)
        value = self.get(name, *default[:1])
        del self[name]
        return value

    def put_quietly(self, fields: Mapping[str, Any]) -> None:
        """Set fields as part of one's making (no trace step each): for inputs, and for what every entry gets."""
        dict.update(self, fields)

    # -- lazy fields --------------------------------------------------------------------------------------------------

    def register_lazy(self, fields: Iterable[str], function: LazyFunction) -> None:
        """``function(entry)`` sets these fields when one of them is first looked at. Fields already set stay."""
        if WAY.wanted:
            WAY.give()
        if self._lazy is None:
            self._lazy = {}
        source = (function, CURRENT.step)
        for name in fields:
            if not dict.__contains__(self, name):
                self._lazy.setdefault(name, []).append(source)

    def set_lazily(self, name: str, function: LazyFunction) -> None:
        """Replace a field by one that ``function(entry)`` sets at the first look.

        While the function runs the field is what it was before, so that it may be made from its own old value; where
        the function sets nothing it stays so.
        """
        if self._lazy is None:
            self._lazy = {}
        had_value, value = dict.__contains__(self, name), dict.pop(self, name, None)
        sources = self._lazy.pop(name, None)

        def evaluate(entry: Entry) -> None:
            if had_value:
                dict.__setitem__(entry, name, value)
            elif sources and entry._lazy is not None:
                entry._lazy[name] = sources
            function(entry)

        self._lazy[name] = [(evaluate, CURRENT.step)]

    def is_lazy(self, name: str) -> bool:
        """Whether the field has not been looked up yet."""
        return bool(self._lazy) and name in (self._lazy or ()) and not dict.__contains__(self, name)

    @property
    def lazy_fields(self) -> tuple[str, ...]:
        """Names of the fields that were not looked up yet."""
        return tuple(self._lazy or ())

    def evaluate_lazy(self, plugin: str | None = None) -> None:
        """Look every lazy field up now, or those that one plugin promised."""
        for name, sources in list((self._lazy or {}).items()):
            if plugin is None or any(step.plugin == plugin for _, step in sources):
                self.get(name)

    def _evaluate(self, name: str) -> None:
        """Ask the registered functions, the latest registered last, until the field is there."""
        lazy = self._lazy or {}
        sources = lazy.pop(name, [])
        before = CURRENT.step
        for function, step in sources:
            CURRENT.step = step
            try:
                function(self)
            except (PluginError, PluginWarning) as error:
                logger.info(
                    "%s could not look up %s for %r: %s", step.plugin, name, self.get("title", "", False), error
                )
            finally:
                CURRENT.step = before
            for other, others in list(lazy.items()):  # asked once; it will not know more the second time
                kept = [source for source in others if source[0] is not function]
                if kept:
                    lazy[other] = kept
                else:
                    del lazy[other]
            if dict.__contains__(self, name):
                return

    # -- state --------------------------------------------------------------------------------------------------------

    @property
    def accepted(self) -> bool:
        return self.state == ACCEPTED

    @property
    def rejected(self) -> bool:
        return self.state == REJECTED

    @property
    def failed(self) -> bool:
        return self.state == FAILED

    @property
    def undecided(self) -> bool:
        return self.state == UNDECIDED

    def accept(self, reason: str | None = None, **details: Any) -> bool:
        """Accept, unless it was rejected or failed before. Returns whether the state changed."""
        if self.state != UNDECIDED:
            if self.state != ACCEPTED:
                self._ignored("accept", reason)
            return False
        self._decide(ACCEPTED, "accept", "accepted_by", reason, details)
        return True

    def reject(self, reason: str | None = None, **details: Any) -> bool:
        """Reject. ``remember=True`` or ``remember_time="3 days"`` keeps it rejected in later runs.

        Entries with an ``immortal`` field are spared. Returns whether the state changed.
        """
        if self.state in (REJECTED, FAILED):
            self._ignored("reject", reason)
            return False
        if self.get("immortal", False, False):
            self._ignored("reject", reason)
            return False
        self._decide(REJECTED, "reject", "rejected_by", reason, details)
        return True

    def fail(self, reason: str | None = None, **details: Any) -> bool:
        """Mark as failed: accepted, but what had to be done with it went wrong."""
        if self.state == FAILED:
            return False
        self._decide(FAILED, "fail", "failed_by", reason, details)
        return True

    def _decide(self, state: str, verb: str, by: str, reason: str | None, details: dict[str, Any]) -> None:
        if WAY.wanted:
            WAY.give()
        step = CURRENT.step
        self.state = state
        for name, value in ((by, step.plugin), ("reason", reason)):
            if value is None:
                dict.pop(self, name, None)
            else:
                dict.__setitem__(self, name, value)
        self.trace.append(TraceStep(time.time(), step, verb, None, details or None, reason))
        if self._hooks:
            for hook in self._hooks.get(verb, ()):
                hook(self, reason=reason, **details)
        if self.task is not None:
            self.task.decided(self, verb, reason, details)

    def _ignored(self, verb: str, reason: str | None) -> None:
        self.trace.append(TraceStep(time.time(), CURRENT.step, "ignored", verb, self.state, reason))

    def on(self, verb: str, hook: Callable[..., None]) -> None:
        """Call ``hook(entry, reason=..., **details)`` when it is accepted (``accept``), rejected or failed."""
        if self._hooks is None:
            self._hooks = {}
        self._hooks.setdefault(verb, []).append(hook)

    # -- use ----------------------------------------------------------------------------------------------------------

    def render(self, template: str, **extra: Any) -> str:
        """The text with its ``{{ fields }}`` filled in (sandboxed Jinja); raises ``RenderError``."""
        from server.engine.templates import render

        return render(template, self, **extra)

    def isvalid(self) -> bool:
        """An entry needs a title and a url; the url may be empty, as it is of what is yet to be searched for."""
        return bool(dict.get(self, "title")) and dict.get(self, "url") is not None

    def dump(self) -> dict[str, Any]:
        """All fields that are known now, as a plain dict; lazy ones are left out."""
        return dict(self)
