"""``verify_ssl_certificates``"""

from __future__ import annotations

import warnings

from server.engine.plugin import Plugin, priority
from server.engine.task import Task


class VerifySslCertificates(Plugin):
    """Whether a task insists on valid certificates of the servers it asks.

    Example::

        verify_ssl_certificates: no
    """

    schema = {
        "type": "boolean",
        "title": "Verify certificates",
        "description": "`no` trusts any server, also one in the middle.",
        "examples": [False],
    }
    category = "operation"
    runs_when_off = True

    @priority(253)
    def on_task_start(self, task: Task, config: bool) -> None:
        """Set it for the task's session."""
        if config:
            return
        from urllib3.exceptions import InsecureRequestWarning

        # The user said so; once for each request would be too often.
        warnings.simplefilter("ignore", InsecureRequestWarning)
        task.requests.verify = False
