"""``all_series``"""

from __future__ import annotations

from typing import Any

from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.series._matching import guessed, match_guessed
from server.features.series._schema import options_schema


class AllSeries(Plugin):
    """Follows every show that a title looks like an episode of; takes the options of ``series``.

    Example::

        all_series:
          quality: 720p+
          propers: no
    """

    schema = {
        "oneOf": [{"type": "boolean"}, options_schema()],
        "title": "All series",
        "description": "`yes`, or the options that all shows get.",
        "examples": [True, {"quality": "720p+"}],
    }
    category = "metainfo"

    @priority(115)
    def on_task_metainfo(self, task: Task, config: Any) -> None:
        """Hands what looks like episodes to ``series``, apart from the shows that are configured there."""
        if config is not False:
            match_guessed(task, guessed(task), config if isinstance(config, dict) else {})
