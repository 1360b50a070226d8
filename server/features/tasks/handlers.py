"""``/tasks/``: the tasks of the config, and the queue of those that run."""

from __future__ import annotations

from typing import Any

from server.web.call import Call
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Boolean,
    Resource,
    Shape,
    array,
    delete,
    get,
    obj,
    post,
    put,
    success,
)
from server.web.errors import BadRequest, Conflict, NotFound
from server.web.resources.config_edits import editing
from server.web.shapes import ANY_OBJECT, INTEGER, NAMES, TEXT, TEXT_OR_NULL

TASK = Shape("task", obj({"name": TEXT, "config": ANY_OBJECT}))
TASK_BODY = Shape(
    "task_body",
    obj(
        {
            "name": {"type": "string", "minLength": 1, "maxLength": 500, "description": "The task's name."},
            "config": {
                "type": "object",
                "description": "Names of plugins and their options, as below the task's name in the config file.",
            },
        },
        extra=False,
    ),
)
QUEUED = Shape(
    "queued",
    obj({"id": INTEGER, "name": TEXT, "current_phase": TEXT_OR_NULL, "current_plugin": TEXT_OR_NULL}),
)


class Tasks(Resource):
    """All tasks."""

    tag = "tasks"

    @get(
        "List the tasks",
        query=[Boolean("include_config", "false: only their names", default=True)],
        returns={"anyOf": [array(TASK), NAMES]},
        groups=("config",),
    )
    def list(self, include_config: bool) -> Any:
        """Each as the user wrote it. Names that begin with `_` are left out."""
        config = self.services.config
        if not include_config:
            return config.task_names()
        return [{"name": name, "config": task} for name, task in config.raw_tasks().items()]

    @post("Add a task", body=TASK_BODY, returns=TASK, status=201, errors=(409, 412))
    def add(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """It is written to the config file, whose other lines stay as they are."""
        name = body["name"]
        with editing(self.services, call, ("tasks", name), ("config",), answer=lambda: self.list(True)) as config:
            if name in config.task_names(hidden=True):
                raise Conflict("task already exists")
            config.add_task(name, body["config"])
            return {"name": name, "config": config.raw_task(name)}


def unknown(task: str) -> NotFound:
    """404 of a task."""
    return NotFound(f"task {task[:200]} does not exist")


class OneTask(Resource):
    """A task."""

    tag = "tasks"

    def _require(self, task: str) -> None:
        if task not in self.services.config.task_names(hidden=True):
            raise unknown(task)

    @get("One task", returns=TASK, errors=(404,), groups=("config",))
    def show(self, task: str) -> dict[str, Any]:
        """As the user wrote it; the name is exact."""
        try:
            return {"name": task, "config": self.services.config.raw_task(task)}
        except KeyError:
            raise unknown(task) from None

    @put("Change a task", body=TASK_BODY, returns=TASK, errors=(400, 404, 412))
    def change(self, call: Call, task: str, body: dict[str, Any]) -> dict[str, Any]:
        """Another `name` renames it. Only the lines of what differs are written."""
        name = body["name"]
        with editing(self.services, call, ("tasks", name), ("config",), answer=lambda: self.show(task)) as config:
            self._require(task)
            if name != task and name in config.task_names(hidden=True):
                raise BadRequest(f"cannot rename {task[:200]}: there is a task {name} already")
            config.change_task(task, body["config"], name if name != task else None)
            return {"name": name, "config": config.raw_task(name)}

    @delete("Delete a task", returns=SUCCESS, errors=(404, 412, 422))
    def remove(self, call: Call, task: str) -> Answer:
        """Takes it out of the config file."""
        with editing(self.services, call, ("tasks", task), answer=lambda: self.show(task)) as config:
            self._require(task)
            config.delete_task(task)
        return success("successfully deleted task")


class Queue(Resource):
    """The tasks that run and wait."""

    tag = "tasks"

    @get("The running task and those that wait", returns=array(QUEUED))
    def list(self) -> Any:
        """In the order they run."""
        found = []
        for job in self.services.queue.jobs():
            task = job.task  # looked at once: it goes when the job ends
            step = task.step if task else None
            found.append(
                {
                    "id": job.id,
                    "name": job.name,
                    "current_phase": step.phase if step else None,
                    "current_plugin": step.plugin if step else None,
                }
            )
        return found
