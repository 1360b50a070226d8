"""``next_sonarr_episodes``"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.lists._arr import API_KEY, BASE_URL, Arr, flag, port, rows

MOST_PAGES = 1000


class NextSonarrEpisodes(Plugin):
    """Gives the first missing episode of each show in a Sonarr.

    Example::

        discover:
          what:
            - next_sonarr_episodes:
                base_url: http://localhost
                port: 8989
                api_key: "{? sonarr_key ?}"
          from:
            - search_rss: https://example.com/rss?q={{ search_term }}
    """

    schema = {
        "type": "object",
        "properties": {
            "base_url": BASE_URL,
            "port": port(8989),
            "api_key": API_KEY,
            "include_ended": flag("Ended", "Whether shows that have ended count.", default=True),
            "only_monitored": flag(
                "Only monitored", "Whether shows that are not monitored are left out.", default=True
            ),
            "page_size": {
                "type": "number",
                "default": 50,
                "title": "Page size",
                "description": "How many episodes are asked for at a time.",
                "examples": [100],
            },
        },
        "required": ["api_key", "base_url"],
        "additionalProperties": False,
        "title": "Next episodes",
        "description": "Where Sonarr is, and which of its shows count.",
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry a show, by the name of the show."""
        sonarr = Arr("Sonarr", config)
        shows = {int(show["id"]): show for show in rows(sonarr.get("series")) if "id" in show}
        first: dict[int, tuple[int, int]] = {}
        for episode in _missing(task, sonarr, int(config.get("page_size", 50))):
            show = int(episode.get("seriesId") or 0)
            place = int(episode.get("seasonNumber") or 0), int(episode.get("episodeNumber") or 0)
            first[show] = min(first.get(show, place), place)
        ended, monitored = config.get("include_ended", True), config.get("only_monitored", True)
        for number, place in first.items():
            show_of = shows.get(number)
            if show_of and (ended or show_of.get("status") != "ended") and (not monitored or show_of.get("monitored")):
                yield _entry(show_of, *place)


def _missing(task: Task, sonarr: Arr, size: int) -> Iterator[Mapping[str, Any]]:
    got = 0
    for page in range(1, MOST_PAGES):
        task.check_cancelled()
        answer = sonarr.get(
            "wanted/missing", page=page, pageSize=size, sortKey="series.title", sortDirection="ascending"
        )
        records = rows(answer.get("records")) if isinstance(answer, dict) else []
        yield from records
        got += len(records)
        if not records or got >= int(answer.get("totalRecords") or 0):
            return


def _entry(show: Mapping[str, Any], season: int, number: int) -> Entry:
    name, label = str(show.get("title")), f"S{season:02}E{number:02}"
    return Entry(
        {
            "title": f"{name} {label}",
            "url": "",
            "series_name": name,
            "series_season": season,
            "series_episode": number,
            "series_id": label,
            "tvdb_id": show.get("tvdbId"),
            "tvrage_id": show.get("tvRageId"),
            "tvmaze_id": show.get("tvMazeId"),
        }
    )
