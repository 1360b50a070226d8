"""``/config/``: check a text, see what tasks come to, and go back to earlier versions."""

from __future__ import annotations

from typing import Any

from server.config.compose import EffectiveTask, ValidatedConfig
from server.config.errors import ConfigError, Issue, KeyPath, UnknownVersion
from server.config.merge import Origin
from server.config.store import Version
from server.features.config._shapes import CHECKED, DIFF, EFFECTIVE, VERSION, VERSION_TEXT
from server.web.call import Call
from server.web.endpoint import SUCCESS, Answer, Resource, Text, array, get, obj, post, success
from server.web.errors import NotFound
from server.web.resources.config_edits import editing


class Check(Resource):
    """A config that is not saved."""

    tag = "config"

    @post(
        "Check a config",
        body=obj({"config": {"type": "string", "description": "YAML, as in the config file"}}, extra=False),
        returns=CHECKED,
    )
    def check(self, body: dict[str, Any]) -> dict[str, Any]:
        """All that is wrong with it, each with line, column and what to do. Nothing is written."""
        errors, warnings = self.services.config.check(body["config"])
        return {
            "valid": not errors,
            "errors": [issue_as_json(issue) for issue in errors],
            "warnings": [issue_as_json(issue) for issue in warnings],
        }


class Effective(Resource):
    """What tasks come to."""

    tag = "config"

    @get(
        "Tasks with templates, includes and defaults filled in, and where each key came from",
        query=[Text("task", "only this task, by its exact name")],
        returns=array(EFFECTIVE),
        errors=(404,),
        groups=("config",),
    )
    def effective(self, task: str | None) -> list[dict[str, Any]]:
        """Values of variables are masked. A task whose parts do not fit together has `errors` and no config."""
        config = self.services.config.in_force
        names = config.task_names(hidden=True)
        if task is not None and task not in names:
            raise NotFound(f"task {task[:200]} does not exist")
        return [self._task(config, name) for name in (names if task is None else [task])]

    def _task(self, config: ValidatedConfig, name: str) -> dict[str, Any]:
        try:
            found = config.effective_task(name)
        except ConfigError as error:
            issues = [issue_as_json(issue) for issue in error.issues]
            return {"name": name, "config": {}, "templates": [], "files": [], "origins": [], "errors": issues}
        return {**effective_as_json(found), "config": self.services.config.masked(found.config)}


class Versions(Resource):
    """Earlier texts of the config file."""

    tag = "config"

    @get("The kept versions of the config file", returns=array(VERSION))
    def list(self) -> Any:
        """Newest first. One is kept at each edit through the API, the last twenty stay."""
        return [version_as_json(version) for version in self.services.config.versions()]


def unknown(version: str) -> NotFound:
    """404 of a version."""
    return NotFound(f"there is no version {version[:100]} of the config")


class _VersionResource(Resource):
    tag = "config"

    def find(self, version: str) -> Version:
        """The version of that id, or a 404."""
        for known in self.services.config.versions():
            if known.id == version:
                return known
        raise unknown(version)


class OneVersion(_VersionResource):
    """A version."""

    @get("A version's text", returns=VERSION_TEXT, errors=(404,), full_access=True)
    def show(self, version: str) -> dict[str, Any]:
        """As the file was."""
        found = self.find(version)
        try:
            return {**version_as_json(found), "config": self.services.config.read_version(found.id)}
        except UnknownVersion:  # only the latest are kept
            raise unknown(version) from None


class VersionDiff(_VersionResource):
    """What changed."""

    @get(
        "What changed since a version",
        query=[Text("to", "id of the version to compare with; the config in force where it is left out")],
        returns=DIFF,
        errors=(404,),
        full_access=True,
    )
    def diff(self, version: str, to: str | None) -> dict[str, str]:
        """A unified diff; empty where nothing did."""
        other = None if to is None else self.find(to).id
        try:
            return {"diff": self.services.config.diff(self.find(version).id, other)}
        except UnknownVersion:
            raise unknown(version) from None


class RestoreVersion(_VersionResource):
    """The way back."""

    @post("Make a version the config again", returns=SUCCESS, errors=(404, 409, 412, 422))
    def restore(self, call: Call, version: str) -> Answer:
        """It is checked, written and loaded; the text before it is kept as a version too.

        With `If-Match` (the ETag of `/server/raw_config/`) it is refused where the file was changed in the meantime.
        """
        found = self.find(version)
        with editing(self.services, call) as config:
            config.restore(found.id)
        return success(f"the config of version {found.id} is in force again")


def issue_as_json(issue: Issue) -> dict[str, Any]:
    """A finding without the schema check's own words."""
    return {name: value for name, value in issue.as_dict().items() if name != "fact"}


def effective_as_json(task: EffectiveTask) -> dict[str, Any]:
    """A task, with the origin of every key in the order of the merged config. The config itself is not masked."""
    return {
        "name": task.name,
        "config": task.config,
        "templates": list(task.templates),
        "files": [str(file) for file in task.files],
        "origins": [_origin(path, origin) for path, origin in task.origins().items()],
        "errors": [],
    }


def _origin(path: KeyPath, origin: Origin) -> dict[str, Any]:
    position = origin.position
    return {
        "key_path": [key if isinstance(key, int) else str(key) for key in path],
        "kind": origin.kind,
        "name": None if origin.name is None else str(origin.name),
        "file": position.file if position else None,
        "line": position.line if position else None,
        "column": position.column if position else None,
        "variables": list(origin.variables),
    }


def version_as_json(version: Version) -> dict[str, Any]:
    """A version as lists tell it."""
    return {"id": version.id, "saved": version.saved, "hash": version.hash, "size": version.size}
