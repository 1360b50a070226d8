"""``/server/``: the process, its version, its configuration, reload and shutdown."""

from __future__ import annotations

import base64
import binascii
import os
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

from server import __version__
from server.config.errors import ConfigError
from server.web.call import Call
from server.web.endpoint import SUCCESS, Answer, Resource, Shape, array, get, obj, post, success
from server.web.errors import BadRequest, InternalError
from server.web.resources.config_access import config_error_details, config_of, raw_config, require_current
from server.web.security import API_VERSION
from server.web.shapes import ANY_OBJECT, BOOLEAN, INTEGER, TEXT, TEXT_OR_NULL

PID = Shape("pid", obj({"pid": INTEGER}))
VERSION = Shape("version", obj({"flexget_version": TEXT, "api_version": TEXT, "latest_version": TEXT}))
RAW_CONFIG = Shape("raw_config", obj({"raw_config": {"type": "string", "contentEncoding": "base64"}}))
CRASH_LOGS = Shape("crash_logs", array(obj({"name": TEXT, "content": array(TEXT)})))
THREADS = Shape("threads", obj({"threads": array(obj({"name": TEXT_OR_NULL, "id": INTEGER, "dump": array(TEXT)}))}))

CRASH_LOG_LINES = 5000


class Pid(Resource):
    """The process."""

    tag = "server"

    @get("The daemon's process ID", returns=PID, instant=True, groups=("process",))
    def pid(self) -> dict[str, int]:
        """The same for as long as it runs."""
        return {"pid": os.getpid()}


class Version(Resource):
    """Versions."""

    tag = "server"

    @get("Versions of the program and of the API", returns=VERSION, instant=True, groups=("process",))
    def version(self) -> dict[str, str]:
        """`latest_version` is never null: nobody is asked over the network, so it is the one that runs."""
        return {"flexget_version": __version__, "api_version": API_VERSION, "latest_version": __version__}


class Config(Resource):
    """The configuration in force."""

    tag = "server"

    @get("The config in force, with its defaults filled in", returns=ANY_OBJECT, groups=("config",))
    def config(self) -> Any:
        """Values of variables are masked."""
        return config_of(self.services).validated()


class RawConfig(Resource):
    """The configuration as text."""

    tag = "server"

    @get("The config file's text", returns=RAW_CONFIG, full_access=True)
    def show(self) -> dict[str, str]:
        """Base64 of UTF-8 text."""
        return raw_config(config_of(self.services))

    @post(
        "Replace the config file's text",
        body=obj({"raw_config": {"type": "string"}}),
        returns=SUCCESS,
        errors=(400, 412, 500),
    )
    def replace(self, call: Call, body: dict[str, Any]) -> Answer:
        """Written as it is and loaded at once; a config that is no good is refused, and the file stays as it was.

        With `If-Match` (the ETag of the GET) it is refused where the file was changed in the meantime.
        """
        config = config_of(self.services)
        text = _decoded(body["raw_config"])
        try:
            with config.exclusive():
                require_current(call, config)
                config.replace(text)
        except ConfigError as error:
            raise BadRequest(
                f"the config is not valid, the old one stays in force: {error.issues[0]}",
                extra=config_error_details(error),
            ) from None
        except OSError as error:
            raise InternalError(f"the config file cannot be written: {error}") from error
        return success("the config was written and loaded")


class Manage(Resource):
    """Reload and shutdown."""

    tag = "server"

    @post(
        "Reload the config, or end the daemon",
        body=obj(
            {"operation": {"type": "string", "enum": ["reload", "shutdown"]}, "force": BOOLEAN},
            required=["operation"],
            extra=False,
        ),
        returns=SUCCESS,
        errors=(500,),
    )
    async def manage(self, body: dict[str, Any]) -> Answer:
        """A config that is no good leaves the old one in force. The shutdown is answered first."""
        if body["operation"] == "shutdown":
            self.services.stop()
            return success("the daemon is shutting down")
        try:
            await self.run(config_of(self.services).reload)
        except ConfigError as error:
            raise InternalError(
                f"the config is not valid, the old one stays in force: {error.issues[0]}",
                extra=config_error_details(error),
            ) from None
        return success("the config was loaded again")


class CrashLogs(Resource):
    """Reports of crashes."""

    tag = "server"

    @get("The crash reports in the config's folder", returns=CRASH_LOGS, full_access=True)
    def crash_logs(self) -> list[dict[str, Any]]:
        """Lines with their line ends; of long reports the end."""
        found = []
        for path in sorted(self.services.home.glob("crash_report*.log")):
            with suppress(FileNotFoundError):  # somebody cleans up
                found.append({"name": path.name, "content": _last_lines(path)})
        return found


class Threads(Resource):
    """What every thread is doing."""

    tag = "server"

    @get("What every thread is doing right now", returns=THREADS, hidden=True)
    def threads(self) -> dict[str, Any]:
        """For bug reports."""
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        return {
            "threads": [
                {"name": names.get(number), "id": number, "dump": _stack(frame)}
                for number, frame in sys._current_frames().items()
            ]
        }


def _decoded(text: str) -> str:
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest("`raw_config` is not Base64") from None
    if not raw.strip():
        raise BadRequest("`raw_config` is empty: that would wipe the config")
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadRequest(f"`raw_config` is not UTF-8 text (byte {error.start})") from None


def _last_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)[-CRASH_LOG_LINES:]


def _stack(frame: Any) -> list[str]:
    lines: list[str] = []
    for place in traceback.extract_stack(frame):
        lines.append(f'File: "{place.filename}", line {place.lineno}, in {place.name}')
        if place.line:
            lines.append(place.line)
    return lines
