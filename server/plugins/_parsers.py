"""Which parsers a task reads titles with: this project's own, or guessit where its ``parsing`` says so.

It is looked up in the task's own configuration, so it holds for this task and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.engine.task import Task
from server.parsing.movies import MovieParse, parse_movie
from server.parsing.series import Options, SeriesParse, parse_series

SeriesParser = Callable[[str, str | None, Options | None], SeriesParse | None]
MovieParser = Callable[[str], MovieParse]


@dataclass(frozen=True, slots=True)
class Parsers:
    """The functions that read titles."""

    series: SeriesParser = parse_series
    movie: MovieParser = parse_movie


OWN = Parsers()


def parsers_of(task: Task) -> Parsers:
    """The task's parsers."""
    config = task.config.get("parsing")
    chosen = [kind for kind in ("series", "movie") if isinstance(config, dict) and config.get(kind) == "guessit"]
    if not chosen:
        return OWN
    from server.parsing import guessit_titles

    return Parsers(
        guessit_titles.parse_series if "series" in chosen else parse_series,
        guessit_titles.parse_movie if "movie" in chosen else parse_movie,
    )
