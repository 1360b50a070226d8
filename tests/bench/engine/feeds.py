"""Feeds and configs of the engine's benchmarks, always the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "haven",
    "iris",
    "jade",
    "kite",
    "lotus",
    "maple",
)
QUALITIES = ("720p.HDTV.x264", "1080p.WEB-DL.DD5.1.H264", "480p.DVDRip", "2160p.UHD.BluRay.x265", "HDTV.XviD")
MOST_SHOWS = 2_000


def mixed_titles(count: int) -> list[str]:
    """Titles as general feeds have them."""
    choose = random.Random(7)
    return [
        f"{choose.choice(WORDS).title()}.{choose.choice(WORDS).title()}.{number}.S{number % 20:02}E{number % 30:02}."
        f"{choose.choice(QUALITIES)}-GRP{number % 7}"
        for number in range(count)
    ]


def show(number: int) -> str:
    """A show's name; each is another."""
    words = (WORDS[number % 13], WORDS[number // 13 % 13], "story", str(number))
    return " ".join(words).title()


def episode_titles(shows: int) -> Callable[[int], list[str]]:
    """Releases, three of four of a configured show, 24 episodes a season."""

    def titles(count: int) -> list[str]:
        found = []
        for number in range(count):
            name = show(number % shows if number % 4 else MOST_SHOWS + number).replace(" ", ".")
            episode = number // shows
            found.append(f"{name}.S{episode // 24 + 1:02}E{episode % 24 + 1:02}.720p.HDTV.x264-GRP{number}")
        return found

    return titles


def movie_titles(count: int) -> list[str]:
    """Releases of movies, each another one."""
    choose = random.Random(13)
    return [
        f"The.{choose.choice(WORDS).title()}.of.{choose.choice(WORDS).title()}.{number}.{1950 + number % 75}."
        f"1080p.BluRay.DTS-HD.MA.5.1.x264-GRP{number % 9}"
        for number in range(count)
    ]


def patterns(count: int) -> list[str]:
    """Patterns as people write them; a tenth of the entries fits one."""
    choose = random.Random(11)
    found = []
    for number in range(count):
        first, second = choose.choice(WORDS), choose.choice(WORDS)
        found.append(f"{first}x?{number}.{second}.*(720p|1080p)" if number % 10 else f"{first}.{second}.{number}\\d\\.")
    return found


CASES: dict[str, tuple[Callable[[int], list[str]], dict[str, Any]]] = {
    "csv input alone": (mixed_titles, {}),
    "accept_all + seen": (mixed_titles, {"accept_all": True}),
    "regexp, 50 patterns": (mixed_titles, {"disable": ["seen"], "regexp": {"accept": patterns(50)}}),
    "regexp, 500 patterns": (mixed_titles, {"disable": ["seen"], "regexp": {"accept": patterns(500)}}),
    "quality + if + set": (
        mixed_titles,
        {
            "disable": ["seen"],
            "quality": ["720p+", "hdtv+"],
            "if": [
                {"'GRP3' in title": "reject"},
                {"quality >= '1080p'": {"set": {"path": "/hd/{{ title }}"}}},
                {"title|length > 20": "accept"},
            ],
            "set": {"label": "{{ quality.resolution }} {{ title }}", "group": "x"},
        },
    ),
    "metainfo_movie": (movie_titles, {"metainfo_movie": True}),
    **{
        f"series, {shows} shows": (episode_titles(shows), {"series": [show(number) for number in range(shows)]})
        for shows in (10, 200, MOST_SHOWS)
    },
}
"""By name: what makes the titles of a feed, and the task without its input."""

AGAIN = "accept_all + seen"
"""The case of which a second run over the same entries, all seen then, is measured too."""


def write_csv(path: Path, titles: list[str]) -> dict[str, Any]:
    """``title,url`` lines, and the ``csv`` input that reads them."""
    lines = (f"{title},http://localhost/item/{number}\n" for number, title in enumerate(titles))
    path.write_text("".join(lines), encoding="utf-8")
    return {"csv": {"url": path.as_uri(), "values": {"title": 1, "url": 2}}}
