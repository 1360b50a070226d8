"""``disable_urlrewriters``"""

from __future__ import annotations

from server.engine.plugin import Plugin


class DisableUrlrewriters(Plugin):
    """Keeps some link rewriters away from a task.

    Example::

        disable_urlrewriters:
          - urlrewrite
    """

    schema = {
        "type": "array",
        "items": {"type": "string"},
        "title": "Rewriters",
        "description": "Names of the plugins.",
        "examples": [["urlrewrite"]],
    }
    category = "operation"
