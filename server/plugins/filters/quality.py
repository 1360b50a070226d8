"""``quality``"""

from __future__ import annotations

from server.engine.plugin import Plugin, as_list, priority, text_or_list
from server.engine.task import Task
from server.plugins._quality import quality_of, requirements


class Quality(Plugin):
    """Rejects entries whose quality meets none of the requirements.

    Example::

        quality:
          - 1080p webdl+
          - 720p bluray
    """

    schema = {
        **text_or_list(type="string", format="quality_requirements"),
        "title": "Requirements",
        "description": "One of these must be met.",
        "examples": ["720p+", ["1080p webdl+", "720p bluray"]],
    }
    category = "filter"

    @priority(175)
    def on_task_filter(self, task: Task, config: str | list[str]) -> None:
        """Each clause of a requirement is told in the reason."""
        wanted = [requirements(text) for text in as_list(config)]
        first, others = wanted[0], wanted[1:]
        for entry in task.live:
            quality = quality_of(entry)
            if not first.allows(quality) and not any(item.allows(quality) for item in others):
                entry.reject(f"{quality} does not meet {' or '.join(repr(str(item)) for item in wanted)}")
