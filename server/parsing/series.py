"""Series in titles: which show, which episode.

With a known name, and guessing it::

    parse_series("Some.Show.S01E02.720p-GRP", "Some Show").identifier      # "S01E02"
    parse_series("Some.Show.S01E02.720p-GRP").name                         # "Some Show"

Identifiers are of five kinds: ``ep`` (season and episode, or a season pack), ``date``, ``sequence`` (absolute
numbers), ``special`` and ``id`` (by the user's own pattern). Which are looked for is ``identified_by``: ``auto`` tries
date, ep, id, sequence, special. A guessed name needs a season or a date: anything else says too little.

Pure, linear in the title's length; user-given patterns are the exception, they cost what they cost.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, Literal

from server.parsing.dates import find_date, read_date
from server.parsing.identifiers import (
    BLOT,
    MOST_EPISODES,
    Found,
    find_digits,
    find_episode,
    find_pack,
    find_sequence,
    is_of_seasons,
    is_unwanted,
)
from server.parsing.names import SeriesName, lowered, title_case
from server.parsing.quality import Quality, read_quality

IdType = Literal["ep", "date", "sequence", "special", "id"]
IdentifiedBy = Literal["auto", "ep", "date", "sequence", "id", "special"]

#: Words of specials; the option ``special_ids`` adds to them.
SPECIAL_WORDS: Final = ("special", "ova", "bonus", "extra", "omake")
#: Of a number that one of the user's own patterns finds; with more it is none that an episode could have.
MOST_DIGITS: Final = 9

_PROPER: Final = re.compile(r"(?<!\w)(?:proper|repack|rerip|real|final|(fastsub))(?!\w)")
_FASTSUB_PENALTY: Final = -5
_WORD: Final = re.compile(r"\w+")

# Guessing: what separates words becomes a blank, and only these looser forms end a name.
_GUESS_SEPARATORS: Final = str.maketrans(dict.fromkeys("_.,[]():", " "))
_GUESS_TAG: Final = re.compile(r"\s*\[[^\]]*\]")
_NUMBER_OF: Final = r"(?:e(?:p(?:isode)?)?|p(?:ar)?t)\s?"
_GUESS_EPISODE: Final = re.compile(rf"(?<!\w)(?:s|season|series)\s?\d{{1,4}}\W*{_NUMBER_OF}(?:\d|[ivx]+(?!\w))")
_GUESS_X: Final = re.compile(r"(?<!\w)\d{1,2}\s?x\s?(?!26[45])\d")
_GUESS_SEASON: Final = re.compile(r"(?<!\w)(?:s\d{1,4}(?!\w)|(?:season\s?|series\s)\d{1,4}|\d{1,2}\s?x\s?all(?!\w))")
_GUESS_LATER: Final = re.compile(rf"(?<!\w){_NUMBER_OF}(?:\d{{1,4}}|[ivx]+)(?!\w)")
_GUESS_EPISODE_LIKE: Final = re.compile(rf"(?<!\w){_NUMBER_OF}[\divx]")


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a show's titles; the names are those of the series plugin's options."""

    identified_by: IdentifiedBy = "auto"
    alternate_names: tuple[str, ...] = ()
    strict_name: bool = False
    allow_groups: tuple[str, ...] = ()
    date_yearfirst: bool | None = None
    date_dayfirst: bool | None = None
    special_ids: tuple[str, ...] = ()
    prefer_specials: bool = False
    assume_special: bool = False
    allow_seasonless: bool = True
    name_regexps: tuple[re.Pattern[str], ...] = ()
    ep_regexps: tuple[re.Pattern[str], ...] = ()
    date_regexps: tuple[re.Pattern[str], ...] = ()
    sequence_regexps: tuple[re.Pattern[str], ...] = ()
    id_regexps: tuple[re.Pattern[str], ...] = ()
    unwanted_regexps: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesParse:
    """What a title tells of an episode. ``id`` is (season, episode), a date, an int or a text, by ``id_type``."""

    title: str
    name: str
    id_type: IdType
    id: tuple[int, int] | dt.date | int | str
    season: int | None = None
    episode: int | None = None
    episodes: int = 1
    season_pack: bool = False
    special: bool = False
    proper_count: int = 0
    quality: Quality = field(default_factory=Quality)
    group: str | None = None
    guessed: bool = False
    strict_name: bool = False

    @property
    def end_episode(self) -> int | None:
        """The last episode."""
        return None if self.episode is None else self.episode + self.episodes - 1

    @property
    def identifiers(self) -> tuple[str, ...]:
        """One identifier an episode: ("S01E02", "S01E03"), ("2014-06-05",), ("S02",) for a pack."""
        if self.id_type == "ep":
            if self.season_pack:
                return (f"S{self.season:02}",)
            first = self.episode or 0
            return tuple(f"S{self.season:02}E{first + more:02}" for more in range(self.episodes))
        return (str(self.id),)

    @property
    def identifier(self) -> str:
        """All of it in one: "S01E02-E03"."""
        first, *others = self.identifiers
        return f"{first}-E{self.end_episode:02}" if others else first

    @property
    def proper(self) -> bool:
        """Whether it corrects an earlier release."""
        return self.proper_count > 0

    def fields(self, *, today: dt.date | None = None) -> dict[str, Any]:
        """The entry fields. A release without a season of its own belongs to this year."""
        year = (today or dt.datetime.now(dt.UTC).date()).year
        fields: dict[str, Any] = {
            "series_name": self.name,
            "series_season": self.season if self.id_type in ("ep", "date") else year,
            "series_episode": self.episode if self.id_type == "ep" and not self.season_pack else None,
            "series_episodes": self.episodes,
            "series_id": self.identifier,
            "series_id_type": self.id_type,
            "series_exact": self.strict_name,
            "season_pack": self.season_pack or None,
            "quality": self.quality,
            "proper": self.proper,
            "proper_count": self.proper_count,
            "release_group": self.group,
        }
        if isinstance(self.id, dt.date):
            fields["series_date"] = dt.datetime(self.id.year, self.id.month, self.id.day, tzinfo=dt.UTC)
        if self.guessed:
            fields["series_guessed"] = True
        return fields


def parse_series(
    title: str, name: str | None = None, options: Options | None = None, *, today: dt.date | None = None
) -> SeriesParse | None:
    """What a title tells of an episode of the show ``name``, or of the show it names itself.

    ``None`` when it is another show, holds no identifier, or is no release of episodes. ``today`` is for tests.
    """
    options = options or _DEFAULT
    if name is None:
        return _guess(title, options, today)
    lower = lowered(title)
    for each in (name, *options.alternate_names):
        prepared = prepare_name(each)
        end = _name_end(prepared, lower, title, options)
        if end is not None:
            strict = options.strict_name or prepared.strict
            own = options if strict == options.strict_name else replace(options, strict_name=strict)
            return _read(title, lower, end, name, own, today)
    return None


_DEFAULT: Final = Options()
_GUESSING: Final = replace(_DEFAULT, allow_seasonless=False)


@lru_cache(maxsize=8192)
def prepare_name(name: str) -> SeriesName:
    """The name ready for matching, made once."""
    return SeriesName(name)


def _name_end(prepared: SeriesName, lower: str, title: str, options: Options) -> int | None:
    for pattern in options.name_regexps:
        match = pattern.search(title)
        if match is not None:
            return match.end()
    return None if options.name_regexps else prepared.match(lower)


def _guess(title: str, options: Options, today: dt.date | None) -> SeriesParse | None:
    """The name is what stands before a date, else before what looks most like a season and an episode."""
    lower = lowered(title)
    tag = _GUESS_TAG.match(lower)
    begin = tag.end() if tag else 0
    text = lower.translate(_GUESS_SEPARATORS)
    date = find_date(text[begin:], today=today, narrow=True)
    start = begin + date.start if date is not None else _guess_start(text, begin)
    if start is None:
        return None
    before, dash, _ = title[begin:start].partition(" - ")
    name = before.translate(_GUESS_SEPARATORS).strip().rstrip("-").strip()
    if not name:
        return None
    options = replace(options, allow_seasonless=False) if options is not _DEFAULT else _GUESSING
    found = _read(title, lower, begin + len(before) if dash else start, title_case(name), options, today)
    return replace(found, guessed=True) if found else None


def _guess_start(text: str, begin: int) -> int | None:
    """Where season and episode, or a season pack, begin."""
    match = _GUESS_EPISODE.search(text, begin) or _GUESS_X.search(text, begin)
    if match is not None:
        return match.start()
    season = _GUESS_SEASON.search(text, begin)
    if season is None or (
        _GUESS_EPISODE_LIKE.search(text, season.end()) and not _GUESS_LATER.search(text, season.end())
    ):
        return None
    return season.start()


def _read(title: str, lower: str, end: int, name: str, options: Options, today: dt.date | None) -> SeriesParse | None:
    """Everything behind the name, which ends at ``end``; the group's tag before the name counts as its last word."""
    tag = _GUESS_TAG.match(title)
    raw = f"{title[end:]} {tag[0].strip(' []')}" if tag and tag.end() <= end else title[end:]
    rest = raw.lower()
    quality, places = read_quality(rest)
    text = _blotted(rest, places)
    if is_unwanted(text) or any(pattern.search(raw) for pattern in options.unwanted_regexps):
        return None
    group = _group(lower, options.allow_groups)
    if options.allow_groups and group is None:
        return None
    special = _special_pattern(options.special_ids).search(text) is not None
    found = _identify(text, raw, name, title, special, options, today)
    if found is None:
        return None
    return replace(
        found,
        special=special,
        quality=quality,
        proper_count=_propers(text) or found.proper_count,
        group=group,
        strict_name=options.strict_name,
    )


def _blotted(lower: str, places: Iterable[tuple[int, int]]) -> str:
    pieces, last = [], 0
    for start, end in places:
        if end > last:
            start = max(start, last)
            pieces += [lower[last:start], BLOT * (end - start)]
            last = end
    pieces.append(lower[last:])
    return "".join(pieces).replace("_", " ")


def _propers(text: str) -> int:
    return sum(_FASTSUB_PENALTY if match[1] else 1 for match in _PROPER.finditer(text))


def _group(lower: str, groups: Iterable[str]) -> str | None:
    """The first of the groups that the title names: "-grp" at the end of a word, "[grp]", "(grp)"."""
    for group in groups:
        look = re.escape(group.lower())
        if re.search(rf"-{look}(?!\w)|\[{look}\]|\({look}\)|\{{{look}\}}", lower):
            return group.lower()
    return None


@lru_cache(maxsize=256)
def _special_pattern(special_ids: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(re.escape(word.lower()) for word in (*SPECIAL_WORDS, *special_ids))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def _identify(
    text: str, raw: str, name: str, title: str, special: bool, options: Options, today: dt.date | None
) -> SeriesParse | None:
    by, refused = options.identified_by, False
    if special and options.prefer_specials:
        return _special(text, name, title, options)
    if by in ("auto", "date"):
        date = _date(text, raw, options, today)
        if date is not None and _follows(text, date[1], options):
            return SeriesParse(title, name, "date", date[0], season=date[0].year)
    if by in ("auto", "ep"):
        episode = _own_episode(raw, options) or find_episode(text, alone=options.allow_seasonless)
        if episode is None and not special:
            episode = find_pack(text)
        if episode is None and by == "ep":
            episode = find_digits(text)
        if episode is not None:
            if _follows(text, episode.start, options):
                return _ep(title, name, episode)
            refused = True
    for own_id in _own_ids(raw, options) if by in ("auto", "id") else ():
        return SeriesParse(title, name, "id", own_id)
    if is_of_seasons(text):
        return None
    if by in ("auto", "sequence") and options.allow_seasonless:
        sequence = _own_sequence(raw, options) or find_sequence(text)
        if sequence is not None and sequence.episode is not None and _follows(text, sequence.start, options):
            number, version = sequence.episode, sequence.version
            return SeriesParse(title, name, "sequence", number, season=0, episode=number, proper_count=version - 1)
    wanted = (special or options.assume_special) and not refused
    return _special(text, name, title, options) if wanted else None


def _follows(text: str, start: int, options: Options) -> bool:
    """Whether an identifier stands right behind a strict name; words of quality, propers and specials aside."""
    if not options.strict_name:
        return True
    between = _special_pattern(options.special_ids).sub("", _PROPER.sub("", text[:start])).replace(BLOT, "")
    return not _WORD.search(between)


def _ep(title: str, name: str, found: Found) -> SeriesParse | None:
    if found.count > MOST_EPISODES:
        return None
    if found.episode is None:
        return SeriesParse(title, name, "ep", (found.season, 0), season=found.season, episode=0, season_pack=True)
    episode = found.episode
    return SeriesParse(
        title, name, "ep", (found.season, episode), season=found.season, episode=episode, episodes=found.count
    )


def _special(text: str, name: str, title: str, options: Options) -> SeriesParse:
    """The rest of the title without its special, proper and quality words is the special's id; "special" if empty."""
    left = _special_pattern(options.special_ids).sub(" ", _PROPER.sub(" ", text))
    words = [word for word in _WORD.findall(left) if BLOT not in word]
    return SeriesParse(title, name, "special", " ".join(words) or "special")


def _date(text: str, raw: str, options: Options, today: dt.date | None) -> tuple[dt.date, int] | None:
    for pattern in options.date_regexps:
        match = pattern.search(raw)
        if match is not None:
            parts = re.findall(r"\w+", " ".join(match.groups("")) or match[0])
            date = _own_date(parts, options, today)
            if date is not None:
                return date, match.start()
    found = find_date(text, yearfirst=options.date_yearfirst, dayfirst=options.date_dayfirst, today=today)
    return (found.date, found.start) if found else None


def _own_date(parts: list[str], options: Options, today: dt.date | None) -> dt.date | None:
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        return None
    order = "y??" if len(parts[0]) == 4 else "??y" if len(parts[2]) == 4 else "???"
    return read_date(parts, order, yearfirst=options.date_yearfirst, dayfirst=options.date_dayfirst, today=today)


def _own_episode(raw: str, options: Options) -> Found | None:
    """By the user's ``ep_regexp``: two groups, season and episode; one group is an episode of season 1."""
    for pattern in options.ep_regexps:
        match = pattern.search(raw)
        numbers = [group for group in match.groups() if group and group.isdecimal()] if match else []
        if match is not None and numbers and all(len(number) <= MOST_DIGITS for number in numbers):
            season = int(numbers[0]) if len(numbers) > 1 else 1
            return Found(match.start(), match.end(), season, int(numbers[1 if len(numbers) > 1 else 0]))
    return None


def _own_sequence(raw: str, options: Options) -> Found | None:
    for pattern in options.sequence_regexps:
        match = pattern.search(raw)
        if match is not None:
            number = match[1] if match.groups() else match[0]
            if number and number.isdecimal() and len(number) <= MOST_DIGITS:
                return Found(match.start(), match.end(), 0, int(number))
    return None


def _own_ids(raw: str, options: Options) -> list[str]:
    """By the user's ``id_regexp``: its groups joined by dashes, or the whole match; lower case."""
    for pattern in options.id_regexps:
        match = pattern.search(raw)
        if match is not None:
            return [("-".join(group for group in match.groups() if group) or match[0]).lower()]
    return []
