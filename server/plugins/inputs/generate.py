"""``generate``"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task


class Generate(Plugin):
    """Makes entries up, for trying out how a task behaves with many of them.

    Example::

        generate: 1000
    """

    schema = {
        "type": "integer",
        "title": "Entries",
        "description": "How many.",
        "examples": [1000],
    }
    category = "input"
    acts_in = NOWHERE

    def on_task_input(self, task: Task, config: Any) -> Iterator[Entry]:
        """Numbered entries with titles and addresses that nothing else has."""
        for number in range(config):
            word = secrets.token_hex(8)
            yield Entry(
                title=f"Generated entry {number + 1} {word}",
                url=f"http://localhost/generate/{number}/{word}",
                description="made up by the plugin generate",
            )
