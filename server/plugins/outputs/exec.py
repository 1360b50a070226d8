"""``exec``"""

from __future__ import annotations

import codecs
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from server.engine.entry import Entry
from server.engine.errors import PluginError, RenderError
from server.engine.plugin import EVERYWHERE, Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.plugins.outputs._shell import Command, prepare

logger = logging.getLogger("exec")

PHASES = ("start", "input", "filter", "output", "exit")
GROUPS = ("entries", "accepted", "rejected", "failed", "undecided")

_COMMANDS = text_or_list(type="string", title="Command")
_PHASE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "phase": {**_COMMANDS, "title": "Phase", "description": "Commands to run once in this phase."},
        **{
            f"for_{group}": {
                **_COMMANDS,
                "title": f"For {group}",
                "description": f"Commands to run for each {'entry' if group == 'entries' else group + ' entry'}.",
            }
            for group in GROUPS
        },
    },
    "additionalProperties": False,
}


class Exec(Plugin):
    """Runs shell commands: for each accepted entry, or in any phase.

    ``{{ field }}`` stands for a field of the entry. A value never becomes part of the shell's syntax, with or without
    quotes around it: it is always one word. A plain command (or list) runs for each accepted entry in the output phase.

    Example::

        exec:
          on_output:
            for_accepted: notify-send "Got it" {{title}}
          fail_entries: yes
    """

    schema = {
        "oneOf": [
            _COMMANDS,
            {
                "type": "object",
                "properties": {
                    **{
                        f"on_{phase}": {
                            **_PHASE,
                            "title": f"On {phase}",
                            "description": f"Commands of the {phase} phase.",
                            "examples": [{"for_accepted": "echo {{title}}"}],
                        }
                        for phase in PHASES
                    },
                    "fail_entries": {
                        "type": "boolean",
                        "title": "Fail entries",
                        "description": "Whether an entry fails when its command gives another status than 0.",
                    },
                    "auto_escape": {
                        "type": "boolean",
                        "title": "Escape",
                        "description": "Values are always kept from the shell, whatever is said here.",
                    },
                    "encoding": {
                        "type": "string",
                        "title": "Encoding",
                        "description": "Of what commands print; the system's unless said otherwise.",
                        "examples": ["utf-8"],
                    },
                    "allow_background": {
                        "type": "boolean",
                        "title": "Allow background",
                        "description": "Do not wait for programs that a command leaves running; their output is lost.",
                    },
                },
                "additionalProperties": False,
            },
        ],
        "title": "Commands",
        "description": "A command for each accepted entry, a list of them, or options.",
        "examples": ["echo {{title}}", {"on_exit": {"phase": "sync"}}],
    }
    category = "output"
    acts_in = EVERYWHERE

    @priority(100)
    def on_task_start(self, task: Task, config: Any) -> None:
        """Commands of the phase."""
        self._run("start", task, config)

    @priority(100)
    def on_task_input(self, task: Task, config: Any) -> None:
        """Commands of the phase."""
        self._run("input", task, config)

    @priority(100)
    def on_task_filter(self, task: Task, config: Any) -> None:
        """Commands of the phase."""
        self._run("filter", task, config)

    @priority(100)
    def on_task_output(self, task: Task, config: Any) -> None:
        """Commands of the phase."""
        self._run("output", task, config)

    @priority(100)
    def on_task_exit(self, task: Task, config: Any) -> None:
        """Commands of the phase."""
        self._run("exit", task, config)

    def acts(self, phase: str, config: Any) -> bool:
        """Where there are commands."""
        return bool(_options(config).get(f"on_{phase}"))

    def _run(self, phase: str, task: Task, config: Any) -> None:
        options = _options(config)
        wanted = options.get(f"on_{phase}")
        if not wanted:
            return
        _check_encoding(options.get("encoding"))
        for group in GROUPS:
            commands = as_list(wanted.get(f"for_{group}"))
            if commands:
                for entry in list(_group(task, group)):
                    self._for_entry(task, entry, commands, options)
        for text in as_list(wanted.get("phase")):
            names = {"task": task, "task_name": task.name}
            try:
                status = run(task, prepare(text, names), options)
            except (RenderError, OSError) as error:
                logger.error("The command of the %s phase was not run: %s", phase, error)
            else:
                if status:
                    logger.warning("The command of the %s phase ended with status %d: %s", phase, status, text)

    @staticmethod
    def _for_entry(task: Task, entry: Entry, commands: Iterable[str], options: Mapping[str, Any]) -> None:
        fails = bool(options.get("fail_entries"))
        for text in commands:
            task.check_cancelled()
            try:
                status = run(task, prepare(text, entry), options)
            except RenderError as error:
                logger.error("The command for %s was not run: %s", entry["title"], error)
                if fails:
                    entry.fail(f"the command lacks a field: {error}")
            except OSError as error:
                logger.error("The command for %s could not be run: %s", entry["title"], error)
                if fails:
                    entry.fail(f"the command could not be run: {error}")
            else:
                if status:
                    logger.log(15, "The command for %s ended with status %d", entry["title"], status)
                    if fails:
                        entry.fail(f"the command ended with status {status}")


def _options(config: Any) -> dict[str, Any]:
    """The configuration in its long form."""
    return config if isinstance(config, dict) else {"on_output": {"for_accepted": config}}


def _check_encoding(name: str | None) -> None:
    try:
        codecs.lookup(name or "utf-8")
    except LookupError as error:
        raise PluginError(f"{name!r} is no character set: see `encoding`") from error


def _group(task: Task, group: str) -> list[Entry]:
    return task.live if group == "entries" else getattr(task, group)


def run(task: Task, command: Command, options: Mapping[str, Any]) -> int:
    """Run a command to its end and log what it prints; returns its status. Ends it when the task is cancelled.

    A test run (``--test``) only tells what it would run.
    """
    if task.options.test:
        logger.info("Would execute: %s", command.plain)
        return 0
    logger.debug("Running: %s", command.plain)
    background = bool(options.get("allow_background"))
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # a shell is what the user asked for; values are kept out of the text
            f"cmd /v:on /d /c {command.text}" if sys.platform == "win32" else command.text,
            shell=sys.platform != "win32",
            env={**os.environ, **command.variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if background else output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = _wait(task, process)
        except BaseException:
            _end(process)
            raise
        _log(output, options.get("encoding"))
    return status


def _wait(task: Task, process: subprocess.Popen[bytes]) -> int:
    pause = 0.002
    while True:
        try:
            return process.wait(pause)
        except subprocess.TimeoutExpired:
            task.check_cancelled()
            pause = min(pause * 2, 0.25)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the command and its children to end, then make them."""
    if sys.platform == "win32":
        process.kill()
        process.wait()
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(2)
        except ProcessLookupError:
            process.wait()
        except subprocess.TimeoutExpired:
            continue
        return


def _log(output: BinaryIO, encoding: str | None) -> None:
    output.seek(0)
    text = output.read(1_000_000).decode(encoding or sys.getfilesystemencoding(), "replace").strip()
    if text:
        logger.info("Output: %s", text)
