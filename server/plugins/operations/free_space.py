"""``free_space``"""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path
from typing import Any

from server.engine.errors import PluginError
from server.engine.paths import from_home
from server.engine.plugin import NOWHERE, Plugin, priority
from server.engine.task import Task

MB = 1024 * 1024


class FreeSpace(Plugin):
    """Ends a task before its downloads when there is too little room on a disk.

    Example::

        free_space:
          path: /storage
          space: 10 GB
    """

    schema = {
        "oneOf": [
            {"type": "number", "title": "Megabytes"},
            {
                "type": "object",
                "properties": {
                    "space": {
                        "oneOf": [{"type": "number"}, {"type": "string", "format": "size"}],
                        "title": "Space",
                        "description": "Megabytes, or a size with its unit.",
                        "examples": [5000, "10 GB"],
                    },
                    "path": {
                        "type": "string",
                        "title": "Path",
                        "description": "A folder on the disk; the config's folder unless said.",
                        "examples": ["/storage"],
                    },
                    "abort_if": {
                        "type": "string",
                        "enum": ["below", "above"],
                        "default": "below",
                        "title": "Abort if",
                        "description": "Whether less or more room than that ends the task.",
                    },
                    "allotment": {
                        "type": "number",
                        "default": -1,
                        "title": "Allotment",
                        "description": "Megabytes that the folder may take up; what it takes up already is not free.",
                    },
                    "host": {"type": "string", "title": "Host", "description": "Look there, over SSH."},
                    "port": {"type": "integer", "default": 22, "title": "Port", "description": "Of SSH."},
                    "user": {"type": "string", "title": "User", "description": "For SSH."},
                    "ssh_key_filepath": {"type": "string", "title": "Key file", "description": "For SSH."},
                },
                "required": ["space"],
                "dependentRequired": {"host": ["user", "ssh_key_filepath", "path"]},
                "additionalProperties": False,
            },
        ],
        "title": "Free space",
        "description": "Megabytes that must be free, or options.",
        "examples": [5000],
    }
    category = "operation"
    acts_in = NOWHERE

    @priority(255)
    def on_task_download(self, task: Task, config: Any) -> None:
        """End the task where the room does not suffice."""
        if not task.accepted:
            return
        options = config if isinstance(config, dict) else {"space": config}
        path = options.get("path") or ""
        if not options.get("host"):
            path = str(from_home(path, task.services.home))
        wanted = _megabytes(options["space"])
        free = self._free(task, options, path)
        if options.get("abort_if", "below") == "above":
            if free > wanted:
                task.abort(f"{free:.0f} MB are free in {path}, more than {wanted:.0f}")
        elif free < wanted:
            task.abort(f"only {free:.0f} MB are free in {path}, less than {wanted:.0f}")

    @staticmethod
    def _free(task: Task, options: dict[str, Any], path: str) -> float:
        if options.get("host"):
            return _free_there(task, options, path)
        try:
            allotment = options.get("allotment", -1)
            if allotment >= 0:
                used = sum(item.lstat().st_size for item in Path(path).rglob("*") if item.is_file())
                return float(allotment) - used / MB
            return shutil.disk_usage(path).free / MB
        except OSError as error:
            raise PluginError(f"cannot tell the free space of {path}: {error.strerror or error}") from error


def _megabytes(space: float | str) -> float:
    from server.parsing.size import config_size

    try:
        return config_size(space) / MB
    except ValueError as error:
        raise PluginError(f"{space!r} is no size such as `10 GB`") from error


def _free_there(task: Task, options: dict[str, Any], path: str) -> float:
    from server.plugins._sftp import Access, connect, troubles

    host = options["host"]
    access = Access(host, options.get("port", 22), options["user"], private_key=options["ssh_key_filepath"], tries=1)
    client = connect(task, access)
    expected: tuple[type[Exception], ...] = (*troubles(), IndexError, ValueError)
    try:
        _, output, _ = client.exec_command(f"df -Pk {shlex.quote(path)}", timeout=access.timeout)
        return int(output.read().decode().splitlines()[1].split()[3]) / 1024
    except expected as error:
        raise PluginError(f"cannot tell the free space on {host}: {error}") from error
    finally:
        client.close()
