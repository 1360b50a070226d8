"""Movies in titles: name, year, quality.

::

    movie = parse_movie("Movie.Name.2010.720p.BluRay.x264-GRP")
    movie.name, movie.year, str(movie.quality)      # ("Movie Name", 2010, "720p bluray h264")
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

from server.parsing.names import title_case
from server.parsing.quality import Quality, read_quality

_FIRST_YEAR: Final = 1931
_SEPARATORS: Final = str.maketrans(dict.fromkeys("._,()[]", " "))
_PROPERS: Final = frozenset(("proper", "repack", "rerip"))
_PROPER: Final = re.compile(rf"(?<![^\W_])(?:{'|'.join(sorted(_PROPERS))})(?![^\W_])", re.IGNORECASE)
#: Words that never belong to a name (unless it begins with them): what follows describes the release.
_CUTS: Final = _PROPERS.union(
    (
        "limited",
        "extended",
        "directors",
        "director's",
        "uncut",
        "unrated",
        "theatrical",
        "dc",
        "se",
        "remastered",
        "3d",
    ),
    ("multi", "multisubs", "subbed", "dubbed", "screener", "workprint", "special", "extra", "bonus"),
)


@dataclass(frozen=True, slots=True)
class MovieParse:
    """What a title tells of a movie; ``name`` is empty when it names none.

    ``proper_count`` is what the reference reports under this name: propers before the year plus all words from the year
    on. ``propers`` is the number of words proper, repack and rerip.
    """

    title: str
    name: str
    year: int | None
    quality: Quality
    proper_count: int
    propers: int
    group: str | None = None

    @property
    def valid(self) -> bool:
        """Whether the title names a movie at all."""
        return bool(self.name)

    @property
    def id(self) -> str:
        """What tells movies apart: "movie name 2010"."""
        return f"{self.name} {self.year}".lower() if self.year else self.name.lower()

    def fields(self) -> dict[str, Any]:
        """The entry fields; of a title that names no movie only the quality."""
        if not self.valid:
            return {"quality": self.quality}
        return {
            "id": self.id,
            "movie_name": self.name,
            "movie_year": self.year,
            "quality": self.quality,
            "proper": self.proper_count > 0,
            "proper_count": self.proper_count,
            "release_group": self.group,
        }


def count_propers(title: str) -> int:
    """How many of the words proper, repack and rerip a title has; much quicker than :func:`parse_movie`."""
    return len(_PROPER.findall(title))


def parse_movie(title: str, *, today: dt.date | None = None) -> MovieParse:
    """The movie a title names; not ``valid`` when it begins with what describes the release.

    ``today`` (for tests) bounds the years: 1931 up to this year.
    """
    words = _cleaned(title).split()
    lower = " ".join(words).lower()
    quality, places = read_quality(lower)
    this_year = (today or dt.datetime.now(dt.UTC).date()).year
    years = [index for index, word in enumerate(words) if index and _is_year(word, this_year)]
    end = min([len(words), *_cut_at(words[: years[0]] if years else words)[:1], *years[-1:]])
    name = " ".join(words[:end]).lower()
    is_proper = [index > 0 and word.lower() in _PROPERS for index, word in enumerate(words)]
    counted = years[0] if years else len(words)
    return MovieParse(
        title=title,
        name=title_case(name[: places[0][0] if places else None].replace(":", " ")),
        year=int(words[years[-1]]) if years else None,
        quality=quality,
        proper_count=sum(is_proper[:counted]) + len(words) - counted,
        propers=sum(is_proper),
    )


def _cleaned(title: str) -> str:
    """The title with separators as blanks and the group's tag at its front moved to its end."""
    stripped = title.strip()
    if stripped.startswith("["):
        tag, closed, rest = stripped[1:].partition("]")
        if closed:
            stripped = f"{rest} {tag}"
    text = stripped.translate(_SEPARATORS).strip()
    return text if " " in text else text.replace("-", " ")


def _is_year(word: str, this_year: int) -> bool:
    return word.isdecimal() and len(word.lstrip("0")) == 4 and _FIRST_YEAR <= int(word) <= this_year


def _cut_at(words: list[str]) -> list[int]:
    """Where words stand that end a name: known ones, and from the third on shouted ones (FRENCH, RETAIL), unless the
    second word and the one before are shouted as well: then that is the title's manner."""
    return [
        index
        for index, word in enumerate(words)
        if index and (word.lower() in _CUTS or (index > 1 and _is_shouted(word) and not _shouts(words, index)))
    ]


def _shouts(words: list[str], index: int) -> bool:
    return words[1].isupper() and words[index - 1].isupper()


def _is_shouted(word: str) -> bool:
    return len(word) > 3 and word.isascii() and word.isalpha() and word.isupper()
