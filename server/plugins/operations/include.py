"""``include``"""

from __future__ import annotations

from server.engine.plugin import Plugin, text_or_list


class Include(Plugin):
    """Takes over configuration of a task from other YAML files.

    The merging is done where the config is read; paths count from the config's folder.

    Example::

        include: series.yml
    """

    schema = {
        **text_or_list(type="string"),
        "title": "Files",
        "description": "One file or several, each with configuration of plugins.",
        "examples": ["series.yml", ["series.yml", "movies.yml"]],
    }
    category = "operation"
    builtin = True
