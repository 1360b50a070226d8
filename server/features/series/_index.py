"""Finds the shows that a title may be of without trying them all.

A title that a show's name matches begins with that name, apart from signs and case. So names are looked up in a table
by every length that a name has: the cost does not depend on how many shows there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from server.features.series._config import ShowConfig
from server.parsing.names import compact, compact_title
from server.parsing.series import SeriesParse, parse_series, prepare_name
from server.plugins._parsers import SeriesParser


class ShowIndex:
    """The shows of a task, in the order in which they are tried."""

    def __init__(self, shows: Sequence[ShowConfig], parse: SeriesParser = parse_series) -> None:
        self._parse = parse
        self._shows = list(shows)
        self._places: dict[str, list[int]] = {}
        self._always: list[int] = []
        for place, show in enumerate(self._shows):
            self._add(place, show)
        self._lengths = sorted({len(key) for key in self._places})

    def _add(self, place: int, show: ShowConfig) -> None:
        keys: set[str] = set()
        for name in (show.name, *show.parsing.alternate_names):
            keys.update(prepare_name(name).keys if name.count("(") < 2 else ("",))
        if show.parsing.name_regexps or "" in keys:
            self._always.append(place)
            return
        for key in keys:
            self._places.setdefault(key, []).append(place)

    def find(self, title: str) -> tuple[ShowConfig, SeriesParse] | None:
        """The first show that the title is of, and what the title tells."""
        for show in self._candidates(title):
            parse = self._parse(title, show.name, show.parsing)
            if parse is not None:
                return show, parse
        return None

    def _candidates(self, title: str) -> Iterator[ShowConfig]:
        found = set(self._always)
        texts = {compact_title(title), compact(title)} if "[" in title else {compact(title)}
        for text in texts:
            for length in self._lengths:
                if length > len(text):
                    break
                places = self._places.get(text[:length])
                if places is not None:
                    found.update(places)
        return (self._shows[place] for place in sorted(found))
