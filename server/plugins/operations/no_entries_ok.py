"""``no_entries_ok``"""

from __future__ import annotations

from server.engine.plugin import Plugin


class NoEntriesOk(Plugin):
    """Keeps a task quiet when it gets no entries.

    Example::

        no_entries_ok: yes
    """

    schema = {
        "type": "boolean",
        "title": "No entries are fine",
        "description": "Whether it is nothing to warn of.",
        "examples": [True],
    }
    category = "operation"
