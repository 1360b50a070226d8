"""``/schedules/``: when tasks run by themselves. Edits are written to the config file; a schedule keeps its id."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from server.config.validate import validate
from server.engine.schedule_schema import SCHEDULE_SCHEMA
from server.engine.schedule_store import ScheduleState
from server.web.call import Call
from server.web.endpoint import SUCCESS, Answer, Resource, Shape, array, delete, get, obj, post, put, success
from server.web.errors import BodyInvalid, Conflict, NotFound, Unavailable
from server.web.resources.config_edits import described, editing
from server.web.shapes import ANY_OBJECT, BOOLEAN, DATE_OR_NULL, INTEGER, NAMES, TEXT, TEXT_OR_NULL

if TYPE_CHECKING:
    from server.engine.scheduler import Scheduler

TASKS = {"anyOf": [TEXT, NAMES]}
SCHEDULE = Shape(
    "schedule",
    obj(
        {"id": INTEGER, "tasks": TASKS, "interval": ANY_OBJECT, "schedule": ANY_OBJECT},
        required=["id", "tasks"],
    ),
)
SCHEDULE_BODY = Shape("schedule_body", SCHEDULE_SCHEMA)
STATUS = Shape(
    "schedule_status",
    obj(
        {
            "id": INTEGER,
            "tasks": TASKS,
            "interval": ANY_OBJECT,
            "schedule": ANY_OBJECT,
            "runs": NAMES,
            "last_run": DATE_OR_NULL,
            "next_run": DATE_OR_NULL,
            "paused": BOOLEAN,
            "why_not": TEXT_OR_NULL,
        },
        required=["id", "tasks", "runs", "last_run", "next_run", "paused", "why_not"],
    ),
)

Written = tuple[int, dict[str, Any]]
"""A schedule's id (0: a new one) and what the file says of it."""


class _ScheduleResource(Resource):
    tag = "schedules"

    @property
    def scheduler(self) -> Scheduler:
        """The scheduler, where schedules are on."""
        scheduler = self.services.scheduler
        if scheduler is None:
            raise Unavailable("this program runs without a scheduler")
        if scheduler.off:
            raise Conflict("schedules are switched off in the config (`schedules: no`)")
        return scheduler

    def find(self, schedule_id: int) -> ScheduleState:
        """The schedule of that id."""
        found = self.scheduler.get(schedule_id)
        if found is None:
            raise unknown(schedule_id)
        return found

    def edit(
        self, call: Call, change: Callable[[list[Written]], None], answer: Callable[[], Any], at: int | None = None
    ) -> list[ScheduleState]:
        """Change the list of schedules, write it, and tell which there are then.

        :param answer: what a GET of the same address tells
        :param at: the position of what the body holds
        """
        root = () if at is None else ("schedules", at)
        with editing(self.services, call, root, answer=answer) as config:
            states = self.scheduler.schedules()
            # as the file has them: placeholders of variables stay placeholders
            written = (config.document.data or {}).get("schedules")
            contents = written if isinstance(written, list) else [state.content for state in states]
            schedules = [(state.id, content) for state, content in zip(states, contents, strict=True)]
            change(schedules)
            with self.scheduler.keeping([schedule_id for schedule_id, _ in schedules]):
                config.set_schedules([content for _, content in schedules])
            return self.scheduler.schedules()


class Schedules(_ScheduleResource):
    """All schedules."""

    @get("List the schedules", returns=array(SCHEDULE), errors=(409,), groups=("config", "schedules"))
    def list(self) -> Any:
        """With `schedules: yes`, or none in the config, the one that applies then: every task once an hour."""
        return [as_json(state) for state in self.scheduler.schedules()]

    @post("Add a schedule", body=SCHEDULE_BODY, returns=SCHEDULE, status=201, errors=(409, 412))
    def add(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """At the end of the list in the config file."""
        check(body)
        position = len(self.scheduler.schedules())
        return as_json(self.edit(call, lambda schedules: schedules.append((0, body)), self.list, position)[-1])


class OneSchedule(_ScheduleResource):
    """A schedule."""

    @get("One schedule", returns=SCHEDULE, errors=(404, 409), groups=("config", "schedules"))
    def show(self, schedule_id: int) -> dict[str, Any]:
        """By its id."""
        return as_json(self.find(schedule_id))

    @put("Change a schedule", body=SCHEDULE_BODY, returns=SCHEDULE, status=201, errors=(404, 409, 412))
    def change(self, call: Call, schedule_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """It keeps its id and its last run."""
        position = self.find(schedule_id).position
        check(body)

        def change(schedules: list[Written]) -> None:
            schedules[self.find(schedule_id).position] = (schedule_id, body)

        self.edit(call, change, lambda: self.show(schedule_id), position)
        return as_json(self.find(schedule_id))

    @delete("Delete a schedule", returns=SUCCESS, errors=(404, 409, 412, 422))
    def remove(self, call: Call, schedule_id: int) -> Answer:
        """Not the one that applies by default: that is switched off by `schedules: no` in the config."""

        def change(schedules: list[Written]) -> None:
            position = self.find(schedule_id).position
            if not isinstance(self.services.config.data.get("schedules"), list):
                raise Conflict("this is the default schedule; write `schedules: no` into the config to switch it off")
            del schedules[position]

        self.edit(call, change, lambda: self.show(schedule_id))
        return success(f"schedule {schedule_id} deleted")


class ScheduleStatus(_ScheduleResource):
    """When they run."""

    @get("Last and next runs", returns=array(STATUS), errors=(409,))
    def status(self) -> Any:
        """For each schedule the tasks it runs, when it did and will, and why it does not."""
        return self.scheduler.describe()


class Paused(_ScheduleResource):
    """Rest and go on."""

    @put(
        "Pause a schedule, or let it go on",
        body=obj({"paused": BOOLEAN}, extra=False),
        returns=STATUS,
        errors=(404, 409),
    )
    def pause(self, schedule_id: int, body: dict[str, Any]) -> Any:
        """It stays paused over restarts."""
        self.find(schedule_id)
        self.scheduler.pause(schedule_id, body["paused"])
        for told in self.scheduler.describe():
            if told["id"] == schedule_id:
                return told
        raise unknown(schedule_id)


def unknown(schedule_id: int) -> NotFound:
    """The 404 of an id."""
    return NotFound(f"schedule {schedule_id} not found")


def check(body: dict[str, Any]) -> None:
    """Raise BodyInvalid for field expressions that mean nothing."""
    issues = validate(body, SCHEDULE_SCHEMA)
    if issues:
        raise BodyInvalid([described(issue) for issue in issues])


def as_json(state: ScheduleState) -> dict[str, Any]:
    """A schedule as the API tells it."""
    return {"id": state.id, **state.content}
