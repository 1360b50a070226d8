"""``/tasks/execute/`` and ``/inject/``: run tasks now, and watch them while they run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from server.engine.execution import ExecuteOptions
from server.engine.log import LEVELS
from server.features.tasks._follow import Choice, RunFollower
from server.features.tasks._injection import entries, with_titles
from server.web.endpoint import Resource, Shape, array, get, obj, post
from server.web.errors import BadRequest, NotFound, Unavailable
from server.web.shapes import ANY_OBJECT, TEXT
from server.web.streaming import Stream

if TYPE_CHECKING:
    from server.engine.queue import Job

LOG_LEVELS = ("critical", "error", "warning", "info", "verbose", "debug", "trace")

STARTED = Shape("started", obj({"tasks": array(obj({"id": TEXT, "name": TEXT}))}))

_URL = {"type": "string", "format": "url", "description": "Its url."}
INJECTED = obj(
    {
        "title": {"type": "string", "description": "Its title; without one the server of its url is asked for a name."},
        "url": _URL,
        "force": {"type": "boolean", "description": "No plugin may reject it."},
        "accept": {"type": "boolean", "description": "Accept it before any filter sees it."},
        "fields": {"type": "object", "description": "Any other fields."},
    },
    required=[],
) | {
    # FlexGet's own web UI gives the url among the fields
    "anyOf": [{"required": ["url"]}, {"required": ["fields"], "properties": {"fields": obj({"url": _URL})}}]
}

EXECUTION = Shape(
    "task_execution",
    obj(
        {
            "tasks": array(
                {"type": "string"}, minItems=1, uniqueItems=True, description="Names of tasks, in upper or lower case."
            ),
            "progress": {"type": "boolean", "default": True, "description": "Tell how far they are."},
            "summary": {"type": "boolean", "default": True, "description": "Tell the numbers at the end."},
            "entry_dump": {"type": "boolean", "default": True, "description": "Tell the entries and their fields."},
            "inject": array(INJECTED, description="Entries in place of those of the inputs."),
            "loglevel": {
                "type": "string",
                "enum": [*LOG_LEVELS],
                "description": "Tell log lines of at least this level.",
            },
            "learn": {"type": "boolean", "description": "Download nothing, but remember it as seen."},
            "no_cache": {"type": "boolean", "description": "Leave caches aside, where a plugin can."},
            "now": {"type": "boolean", "description": "Run even where the `interval` plugin says it is too early."},
            "disable_tracking": {"type": "boolean", "description": "Do not follow episodes in this run."},
            "template": {"type": "string", "description": "Use this template."},
            "tail_reset": {"type": "string", "description": "File whose position the `tail` plugin forgets."},
            "discover_now": {"type": "boolean", "description": "Let `discover` search for everything at once."},
            "dl_path": {"type": "string", "description": "Folder of the `download` plugin in this run."},
            "cli_config": array(
                {"type": "string"}, minItems=1, description="Values `name=value` for the `cli_config` plugin."
            ),
            "stop_waiting": {"type": "string", "description": "Show whose `timeframe` ends now."},
        },
        required=["tasks"],
        extra=False,
    ),
)
"""What can be asked for. The defaults are told as clients know them; what is left out counts as false."""


class Execute(Resource):
    """Executions."""

    tag = "tasks"

    @post("Run tasks now", body=EXECUTION, returns=STARTED, errors=(400, 404, 503))
    async def execute(self, body: dict[str, Any]) -> Any:
        """They come before what the scheduler queued.

        With any of `progress`, `summary`, `entry_dump` and `loglevel` the answer is a `text/event-stream` that lasts
        until they are over: one JSON document in lines, `{"stream": [`, then an object, a comma and a line break for
        each piece, closed by `{}]}`. Leaving early does not stop the tasks.
        """
        names = self._names(body["tasks"])
        injected = body.get("inject") or []
        if any(not item.get("title") for item in injected):
            injected = await self.web.wait_for(with_titles, injected)
        choice = Choice(
            progress=body.get("progress", False),
            summary=body.get("summary", False),
            entry_dump=body.get("entry_dump", False),
            level=LEVELS[body["loglevel"]] if "loglevel" in body else None,
        )
        if not choice.anything:
            return _started(await self.run(self._queue, names, body, injected))
        follower = RunFollower(self.services, choice)
        try:
            follower.follow(await self.run(self._queue, names, body, injected))
        except BaseException:
            follower.close()
            raise
        return Stream(lambda: follower, encode=lambda piece: piece)

    def _names(self, wanted: Sequence[str]) -> list[str]:
        """The tasks by their own names, most urgent first."""
        known = {name.lower(): name for name in reversed(self.services.config.task_names(hidden=True))}
        found = []
        for name in wanted:
            exact = name if name in known.values() else known.get(name.lower())
            if exact is None:
                raise NotFound(f"task {name[:200]} does not exist")
            if exact not in found:
                found.append(exact)
        return found

    def _queue(self, names: Sequence[str], body: dict[str, Any], injected: Sequence[dict[str, Any]]) -> list[Job]:
        options = [_options(body, injected) for _ in names]
        ordered = sorted(names, key=self.services.runner.priority_of)
        try:
            return [
                self.services.queue.submit(name, option, urgent=True)
                for name, option in zip(ordered, options, strict=True)
            ]
        except RuntimeError as error:
            raise Unavailable(str(error)) from None


class ExecuteParams(Resource):
    """What an execution can be told."""

    tag = "tasks"

    @get("The JSON schema of an execution", returns=ANY_OBJECT, max_age=3600, instant=True)
    def params(self) -> Any:
        """The same as that of the POST."""
        return EXECUTION


class Inject(Execute):
    """The same under its other name."""

    tag = "inject"


class InjectParams(ExecuteParams):
    """The same under its other name."""

    tag = "inject"


def _options(body: dict[str, Any], injected: Sequence[dict[str, Any]]) -> ExecuteOptions:
    plain = ("learn", "no_cache", "now", "disable_tracking", "template", "tail_reset", "discover_now", "dl_path")
    return ExecuteOptions(
        **{name: body[name] for name in (*plain, "stop_waiting") if name in body},
        cli_config=dict(_pair(text) for text in body.get("cli_config") or ()),
        inject=entries(injected),
        entry_dump=body.get("entry_dump", False),
        named=True,
    )


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise BadRequest(f"cli_config: expected `name=value`, got `{text[:200]}`")
    return name.strip(), value.strip()


def _started(jobs: Sequence[Job]) -> dict[str, Any]:
    return {"tasks": [{"id": str(job.id), "name": job.name} for job in jobs]}
