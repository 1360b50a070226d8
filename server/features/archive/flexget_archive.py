"""``flexget_archive``"""

from __future__ import annotations

from collections.abc import Iterator

from server.engine.entry import Entry
from server.engine.task import Task
from server.features.archive.archive import TAGS
from server.features.archive.store import ArchiveStore
from server.plugins.search._base import SearchPlugin, search_strings


class FlexgetArchive(SearchPlugin):
    """Searches what ``archive`` kept.

    Example::

        discover:
          what:
            - movie_list: wanted
          from:
            - flexget_archive: [films]
    """

    schema = {**TAGS, "description": "`yes`, or the tags that an entry must have one of."}

    def search(self, task: Task, entry: Entry, config: bool | list[str]) -> Iterator[Entry]:
        """What has the words in its title."""
        store = task.db.store(ArchiveStore)
        for text in search_strings(entry):
            for found in store.search(text, tags=config if isinstance(config, list) else ()):
                fields = {"title": found.title, "url": found.url, "archive_task": found.task}
                yield Entry({**fields, **({"description": found.description} if found.description else {})})
