"""``/status/``: when tasks ran, and what came of it. The same is served below ``/tasks/status/``."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from server.features.status.store import EXECUTION_SORT_KEYS, TASK_SORT_KEYS, Execution, StatusStore, TaskStatus
from server.web.endpoint import Boolean, Date, Page, PageQuery, Paginated, Resource, Shape, array, get, obj
from server.web.errors import NotFound
from server.web.shapes import BOOLEAN, DATE_OR_NULL, INTEGER, INTEGER_OR_NULL, TEXT, TEXT_OR_NULL

EXECUTION = Shape(
    "execution",
    obj(
        {
            "id": INTEGER,
            "task_id": INTEGER,
            "start": DATE_OR_NULL,
            "end": DATE_OR_NULL,
            "succeeded": BOOLEAN,
            "produced": INTEGER_OR_NULL,
            "accepted": INTEGER,
            "rejected": INTEGER,
            "failed": INTEGER,
            "abort_reason": TEXT_OR_NULL,
        }
    ),
)

STATUS = Shape(
    "status",
    obj(
        {
            "id": INTEGER,
            "name": TEXT,
            "last_execution_time": DATE_OR_NULL,
            "last_execution": {"anyOf": [EXECUTION, {"const": {}}]},
        },
        required=["id", "name", "last_execution_time"],
    ),
)

GROUPS = ("status",)
DEFAULT_SPAN = timedelta(days=7)
"""How far back executions are listed unless a date is given."""

INCLUDE_EXECUTION = Boolean("include_execution", "tell the last execution as well", default=True)


class _Tasks(Resource):
    tag = "status"

    @property
    def store(self) -> StatusStore:
        return self.services.db.store(StatusStore)

    def found(self, task_id: int) -> TaskStatus:
        """A task by its id, or a 404."""
        found = self.store.task(task_id)
        if found is None:
            raise NotFound(f"there is no task status with ID {task_id}")
        return found

    def shown(self, tasks: list[TaskStatus], include_execution: bool) -> list[dict[str, Any]]:
        """Tasks as the API tells them."""
        if not include_execution:
            return [as_json(task) for task in tasks]
        last = self.store.executions_by_id(task.last_execution_id for task in tasks)
        return [as_json(task) | {"last_execution": _execution(last.get(task.last_execution_id or 0))} for task in tasks]


class Tasks(_Tasks):
    """All tasks that ran."""

    @get(
        "List the status of the tasks",
        query=[INCLUDE_EXECUTION],
        paginated=Paginated(sort_by=TASK_SORT_KEYS, default="last_execution_time"),
        returns=array(STATUS),
        groups=GROUPS,
    )
    def list(self, page: PageQuery, include_execution: bool) -> Page:
        """Tasks that ran once at least, each with its last execution."""
        tasks, total = self.store.tasks(
            sort_by=page.sort_by, descending=page.descending, limit=page.limit, offset=page.offset
        )
        return Page(self.shown(tasks, include_execution), total)


class OneTask(_Tasks):
    """One task that ran."""

    @get("Show the status of a task", query=[INCLUDE_EXECUTION], returns=STATUS, errors=(404,), groups=GROUPS)
    def show(self, task_id: int, include_execution: bool) -> dict[str, Any]:
        """By the id of its status."""
        return self.shown([self.found(task_id)], include_execution)[0]


class Executions(_Tasks):
    """The executions of a task."""

    @get(
        "List the executions of a task",
        query=[
            Boolean("succeeded", "only those that succeeded; false: the failed ones too", default=True),
            Boolean("produced", "only those whose inputs gave anything", default=False),
            Date("start_date", "those that began at this time or later; a week ago, unless it is given"),
            Date("end_date", "those that began at this time or earlier"),
        ],
        paginated=Paginated(sort_by=EXECUTION_SORT_KEYS, default="start"),
        returns=array(EXECUTION),
        errors=(404,),
    )
    def list(
        self,
        task_id: int,
        page: PageQuery,
        succeeded: bool,
        produced: bool,
        start_date: datetime | None,
        end_date: datetime | None,
    ) -> Page:
        """Without filters: those of the last seven days that succeeded."""
        self.found(task_id)
        rows, total = self.store.executions(
            task_id,
            succeeded=succeeded,
            produced=produced,
            start=start_date or datetime.now(UTC) - DEFAULT_SPAN,
            end=end_date,
            sort_by=page.sort_by,
            descending=page.descending,
            limit=page.limit,
            offset=page.offset,
        )
        return Page([_execution(row) for row in rows], total)


def as_json(task: TaskStatus) -> dict[str, Any]:
    """A task as the API tells it, without its executions."""
    return {"id": task.id, "name": task.name, "last_execution_time": task.last_execution_time}


def _execution(execution: Execution | None) -> dict[str, Any]:
    return asdict(execution) if execution else {}
