"""``priority``"""

from __future__ import annotations

from server.engine.plugin import Plugin


class Priority(Plugin):
    """When a task runs among others: 1 comes first; tasks without a priority come last.

    Example::

        priority: 10
    """

    schema = {
        "type": "integer",
        "title": "Priority",
        "description": "Tasks run in the order of this number.",
        "examples": [10],
    }
    category = "operation"
