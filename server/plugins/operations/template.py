"""``template``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin


class Template(Plugin):
    """Takes over the configuration of templates. The template ``global`` is taken by every task.

    The merging is done where the config is read; ``template: no`` keeps a task free of ``global`` too.

    Example::

        template: [tv, quiet]
    """

    _one: dict[str, Any] = {"type": "string", "title": "Template", "description": "Name of a template."}

    schema = {
        "oneOf": [_one, {"type": "array", "items": _one}, {"type": "boolean", "enum": [False]}],
        "title": "Templates",
        "description": "One name or several, those named first win; `no` for none at all.",
        "examples": ["tv", ["tv", "quiet"], False],
    }
    category = "operation"
    builtin = True
