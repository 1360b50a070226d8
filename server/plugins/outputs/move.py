"""``move``"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.plugins.outputs._files import (
    CLEAN_SOURCE,
    TransferPlugin,
    Words,
    clean_source,
    copy_into_place,
    transfer_options,
)


class Move(TransferPlugin):
    """Moves and renames the local files of accepted entries (field ``location``).

    Example::

        move:
          to: /storage/tv/{{ series_name }}
          along:
            extensions: [srt]
          clean_source: 10
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {**transfer_options("move"), "clean_source": CLEAN_SOURCE},
                "additionalProperties": False,
            },
        ],
        "title": "Move",
        "description": "`yes` where each entry's `move_to` says where to, or options.",
        "examples": [{"to": "/storage/tv/{{ series_name }}", "clean_source": 10}],
    }
    words = Words("move", "moved")

    def transfer(self, source: Path, target: Path) -> None:
        """Rename where that is possible, else copy into place and remove."""
        try:
            source.replace(target)
        except OSError:
            copy_into_place(source, target)
            if source.is_dir():
                shutil.rmtree(source)
            else:
                source.unlink()

    def after(self, entry: Entry, source: Path, options: dict[str, Any], log: logging.Logger) -> None:
        """Clean up."""
        clean_source(entry, source, options, log)
