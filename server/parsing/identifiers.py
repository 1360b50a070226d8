"""Episode identifiers in what follows a show's name: S01E02, 1x02, season packs, parts, sequence numbers.

All functions take lower-case text in which underscores are blanks and the words that tell of quality are blotted out
(each character replaced by :data:`BLOT`), so that "x264" is no number and "720p" no episode. Every search is linear in
the text's length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from server.parsing.numbers import ROMAN, WORDS, number

#: Stands for each character of a quality word: a word character that no pattern uses.
BLOT: Final = "ː"
#: More episodes than this in one release are a pack of some kind and not understood.
MOST_EPISODES: Final = 3
#: A second number this far beyond the first is not the end of a range.
_FARTHEST: Final = 12

_NUMBER: Final = rf"(\d{{1,4}}|{ROMAN})"
_SHORT_NUMBER: Final = rf"(\d{{1,3}}|{ROMAN})"
_RANGE: Final = r"(\W*e\d{1,3}|\W+\d{1,2})?"
_EPISODE: Final = r"e(?:p(?:isode)?)?"
_PART: Final = rf"(?:{_EPISODE}|p(?:ar)?t)"

_SXXEYY: Final = re.compile(rf"(?<!\w)(?:s|season|series)\W*(\d{{1,4}})\W*{_PART}\W*{_NUMBER}{_RANGE}(?!\w)")
_X: Final = re.compile(r"(?<!\w)(\d{1,2})\W*x\W*([1-9]\d{1,3}|0?[1-9])(\W+\d{1,2})?(?!\w)")
_SEASON_OF: Final = re.compile(r"(?<!\w)(?:season|series)\W*(\d{1,4})\W*(\d{1,3})\W*of\W*\d{1,3}(?!\w)")
_SEASON_FIRST: Final = re.compile(r"(?<!\w)(?:s\W?|season\W*|series\W*)(\d{1,4})(?!\w)")
_EPISODE_LATER: Final = re.compile(rf"(?<!\w){_PART}\W*{_NUMBER}{_RANGE}(?!\w)")
#: Episodes without a season, the surest first.
_ALONE: Final = (
    re.compile(r"(?<!\w)(\d{1,3})\W*of\W*\d{1,3}(?!\w)"),
    re.compile(rf"(?<!\w){_PART}\W*{_SHORT_NUMBER}(?!\w)"),
    re.compile(rf"(?<!\w)part\W+({'|'.join(WORDS)})(?!\w)"),
)
_DIGITS_ONLY: Final = re.compile(r"(?<!\w)(?!19\d\d|20\d\d)(\d{1,2})(\d\d)(?!\w)")
_PACK: Final = re.compile(r"(?<!\w)(?:s(\d{1,4})|season\W*(\d{1,4})|series(\d{1,4})|s?(\d{1,2})\W*x\W*all)(?!\w)")
#: What may be an episode's number: with it behind a season, that is no season pack ("S02.Episodes.1-10").
_EPISODE_LIKE: Final = re.compile(rf"(?<!\w){_PART}\W*[\divx]")
_SEQUENCE: Final = re.compile(r"(?<!\w)(\d{1,3})(?:v(\d))?(?!\w)")
_SEQUENCE_PART: Final = re.compile(rf"(?<!\w)p(?:ar)?t\W*{_NUMBER}(?!\w)")
_UNWANTED: Final = re.compile(r"(?<!\w)(?:disc\W+\d|(?:s|seasons?\W*)?\d\W+complete|\d{1,2}x00)")
_OF_SEASONS: Final = re.compile(r"(?<!\w)seasons?\W*\d")
_EXTRAS: Final = re.compile(r"(?<!\w)extras(?!\w)")


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier and where it stands. ``episode`` is None for a season pack; ``version`` is a fansub's ("12v2")."""

    start: int
    end: int
    season: int = 0
    episode: int | None = None
    last: int | None = None
    version: int = 1

    @property
    def count(self) -> int:
        """How many episodes."""
        return 1 if self.last is None or self.episode is None else self.last - self.episode + 1


def find_episode(text: str, *, alone: bool = True) -> Found | None:
    """Season and episode. ``alone`` allows an episode without season ("Ep 3", "Part II", "2of5": season 1)."""
    match = _SXXEYY.search(text) or _X.search(text)
    if match is not None:
        return _episode(match.start(), match, int(match[1]), match[2], match[3])
    match = _SEASON_OF.search(text) if "of" in text else None
    if match is not None:
        return Found(match.start(), match.end(), int(match[1]), int(match[2]))
    season = _SEASON_FIRST.search(text)
    if season is not None:
        match = _EPISODE_LATER.search(text, season.end())
        if match is not None:
            return _episode(season.start(), match, int(season[1]), match[1], match[2])
    for look in _ALONE if alone else ():
        match = look.search(text)
        if match is not None:
            return Found(match.start(), match.end(), 1, number(match[1]))
    return None


def find_digits(text: str) -> Found | None:
    """Season and episode run together: 102 is S01E02; years are not meant."""
    match = _DIGITS_ONLY.search(text)
    return Found(match.start(), match.end(), int(match[1]), int(match[2])) if match else None


def _episode(start: int, match: re.Match[str], season: int, first: str, more: str | None) -> Found:
    episode = number(first)
    last = int(re.sub(r"\D+", "", more)) if more else episode
    if not episode < last <= episode + _FARTHEST:
        last = episode
    return Found(start, match.end(), season, episode, last if last != episode else None)


def find_pack(text: str) -> Found | None:
    """A whole season: S02, Season 2, 2xAll; not where something like an episode's number follows."""
    match = _PACK.search(text)
    if match is None or _EPISODE_LIKE.search(text, match.end()):
        return None
    return Found(match.start(), match.end(), int(match[match.lastindex or 0]))


def find_sequence(text: str) -> Found | None:
    """An absolute number up to 999 ("12", "12v2"), or "Part II"."""
    match = _SEQUENCE.search(text)
    if match is not None:
        return Found(match.start(), match.end(), 0, int(match[1]), version=int(match[2] or 1))
    match = _SEQUENCE_PART.search(text)
    return Found(match.start(), match.end(), 0, number(match[1])) if match else None


def is_unwanted(text: str) -> bool:
    """Whether this is no release of episodes: a disc image, a complete collection."""
    return any(word in text for word in ("disc", "complete", "x00")) and _UNWANTED.search(text) is not None


def is_of_seasons(text: str) -> bool:
    """Whether what is no episode tells of seasons ("Seasons 1-3", "S02 Extras"): its other numbers are no episodes'."""
    if "season" in text and _OF_SEASONS.search(text):
        return True
    season = _PACK.search(text) if "extras" in text else None
    return season is not None and _EXTRAS.search(text, season.end()) is not None
