"""``copy``"""

from __future__ import annotations

from pathlib import Path

from server.plugins.outputs._files import TransferPlugin, Words, copy_into_place, transfer_options


class Copy(TransferPlugin):
    """Copies the local files of accepted entries (field ``location``).

    Example::

        copy:
          to: /backup/{{ series_name }}
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {"type": "object", "properties": transfer_options("copy"), "additionalProperties": False},
        ],
        "title": "Copy",
        "description": "`yes` where each entry's `copy_to` says where to, or options.",
        "examples": [{"to": "/backup/{{ series_name }}"}],
    }
    words = Words("copy", "copied")

    def transfer(self, source: Path, target: Path) -> None:
        """Copy under a hidden name, then rename."""
        copy_into_place(source, target)
