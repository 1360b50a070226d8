"""``notify``"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from server.engine.entry import Entry
from server.engine.errors import PluginError
from server.engine.log import VERBOSE
from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.plugins.internal.notification_framework import NotificationFramework
from server.plugins.outputs._messages import (
    ABORT_MESSAGE,
    ABORT_TITLE,
    ENTRY_MESSAGE,
    ENTRY_TITLE,
    TASK_MESSAGE,
    TASK_TITLE,
    message_template,
)

if TYPE_CHECKING:
    from server.engine.net import Session

logger = logging.getLogger("notify")

STATES = ("entries", "accepted", "rejected", "failed", "undecided")

VIA: dict[str, Any] = {
    "type": "array",
    "items": {
        "allOf": [{"$ref": "/schema/plugins?interface=notifiers"}, {"minProperties": 1, "maxProperties": 1}],
        "title": "Notifier",
        "description": "One notifier with its configuration.",
        "error_maxProperties": "The options of a notifier must be indented two spaces more than its name.",
    },
    "title": "Via",
    "description": "The notifiers that send it.",
    "examples": [[{"discord": {"web_hook_url": "https://discord.com/api/webhooks/1/x"}}]],
}


def _texts(of: str, example: str) -> dict[str, Any]:
    return {
        "title": {
            "type": "string",
            "title": "Title",
            "description": f"Template of the title, with {of}.",
            "examples": [example],
        },
        "message": {
            "type": "string",
            "title": "Message",
            "description": f"Template of the message, with {of}.",
            "examples": [example],
        },
        "template": {
            "type": "string",
            "title": "Template",
            "description": "Name of a file in `templates/` beside the config that holds the message's template.",
            "examples": ["short"],
        },
        "via": VIA,
    }


class Notify(Plugin):
    """Sends messages about what a task did: one for each entry, one for the task, or one when it is aborted.

    A message that cannot be sent is logged and never changes what becomes of the task.

    Example::

        notify:
          entries:
            title: New film
            message: "{{ title }} in {{ quality }}"
            via:
              - telegram: {bot_token: "{? telegram ?}", recipients: [{chat_id: 12345}]}
          abort:
            via:
              - email: {to: me@example.com}
    """

    schema = {
        "type": "object",
        "properties": {
            "entries": {
                "type": "object",
                "properties": {
                    **_texts("the entry's fields", "{{ title }}"),
                    "what": {
                        **text_or_list(type="string", enum=list(STATES)),
                        "title": "What",
                        "description": "Which entries to tell of (accepted).",
                        "examples": ["accepted", ["accepted", "failed"]],
                    },
                },
                "required": ["via"],
                "additionalProperties": False,
                "title": "Entries",
                "description": "A message for each entry.",
            },
            "task": {
                "type": "object",
                "properties": {
                    **_texts("`task`", "{{ task.accepted|length }} new"),
                    "always_send": {
                        "type": "boolean",
                        "default": False,
                        "title": "Always",
                        "description": "Also when nothing was accepted or failed.",
                    },
                },
                "required": ["via"],
                "additionalProperties": False,
                "title": "Task",
                "description": "One message when the task is done.",
            },
            "abort": {
                "type": "object",
                "properties": _texts("`task`", "{{ task.abort_reason }}"),
                "required": ["via"],
                "additionalProperties": False,
                "title": "Abort",
                "description": "One message when the task is aborted.",
            },
        },
        "minProperties": 1,
        "additionalProperties": False,
    }
    category = "output"

    @priority(0)
    def on_task_output(self, task: Task, config: dict[str, Any]) -> None:
        """Tell of the entries, then of the task."""
        with _session(task) as requests:
            if "entries" in config:
                options = {"title": ENTRY_TITLE, "message": ENTRY_MESSAGE, **config["entries"]}
                for entry in list(_chosen(task, as_list(options.get("what", "accepted")))):
                    task.check_cancelled()
                    self._tell(task, requests, options, entry, "entry")
            if "task" in config:
                self._of_task(task, requests, {"title": TASK_TITLE, "message": TASK_MESSAGE, **config["task"]})

    def on_task_abort(self, task: Task, config: dict[str, Any]) -> None:
        """Tell of the abort, unless nothing is wrong."""
        if "abort" in config and not task.silent_abort:
            options = {"title": ABORT_TITLE, "message": ABORT_MESSAGE, **config["abort"]}
            with _session(task) as requests:
                self._tell(task, requests, options, {"task": task}, "abort")

    def _of_task(self, task: Task, requests: Session, options: dict[str, Any]) -> None:
        if task.accepted or task.failed or options.get("always_send"):
            self._tell(task, requests, options, {"task": task}, "task")
        else:
            logger.log(VERBOSE, "Nothing was accepted or failed: no message about the task")

    def _tell(
        self, task: Task, requests: Session, options: dict[str, Any], fields: Mapping[str, Any], kind: str
    ) -> None:
        """Send one message by all of its notifiers."""
        framework = NotificationFramework()
        framework.bind(self.services)
        framework.send(requests, options["via"], options["title"], _message(task, options, kind), fields)


def _session(task: Task) -> Session:
    """A session with the task's settings that works even when the task was cancelled."""
    from server.engine.net import Session

    session = Session()
    session.proxies.update(task.requests.proxies)
    session.trust_env = task.requests.trust_env
    session.verify = task.requests.verify
    session.domain_delays.update(task.requests.domain_delays)
    return session


def _chosen(task: Task, states: list[str]) -> Iterator[Entry]:
    for state in states:
        yield from task.live if state == "entries" else getattr(task, state)


def _message(task: Task, options: dict[str, Any], kind: str) -> str:
    if options.get("template"):
        try:
            return message_template(task.services.home, options["template"], kind)
        except PluginError as error:
            logger.error("%s; the usual message is sent", error)
    return str(options["message"])
