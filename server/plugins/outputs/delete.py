"""``delete``"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path
from typing import Any

from server.engine.entry import Entry
from server.engine.task import Task
from server.plugins.outputs._files import (
    ALLOW_DIR,
    ALONG,
    CLEAN_SOURCE,
    FilePlugin,
    Words,
    clean_source,
    companions,
)


class Delete(FilePlugin):
    """Deletes the local files of accepted entries (field ``location``).

    Example::

        delete:
          along:
            extensions: [nfo, srt]
    """

    schema = {
        "oneOf": [
            {"type": "boolean"},
            {
                "type": "object",
                "properties": {"allow_dir": ALLOW_DIR, "along": ALONG, "clean_source": CLEAN_SOURCE},
                "additionalProperties": False,
            },
        ],
        "title": "Delete",
        "description": "`yes`, or options.",
        "examples": [True, {"along": {"extensions": ["nfo"]}}],
    }
    words = Words("delete", "deleted")

    def handle(self, task: Task, entry: Entry, source: Path, options: dict[str, Any], log: logging.Logger) -> None:
        """Delete the file, what goes along, and perhaps its folder."""
        others = list(companions(source, options))
        if task.options.test:
            log.info("Would delete %s", source)
            return
        if source.is_dir() and not source.is_symlink():
            shutil.rmtree(source)
            log.info("%s and all in it was deleted", source)
        else:
            source.unlink()
            log.info("%s was deleted", source)
        for other in others:
            other.unlink(missing_ok=True)
            log.info("%s was deleted as well", other)
        clean_source(entry, source, options, log)
