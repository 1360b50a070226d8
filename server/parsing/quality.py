"""Qualities of releases.

A quality has five components (resolution, source, codec, color range, audio), each perhaps unknown::

    quality = Quality.parse("Show.S01E01.720p.WEB-DL.x264-GRP")
    str(quality)                                        # "720p webdl h264"
    quality > Quality.from_name("1080p cam")            # True: a camera copy loses against anything

What people require of a quality is read in :mod:`server.parsing.quality_requirements`.
Names, order and meaning are those of the wiki's page "Qualities" (https://flexget.com/Qualities); what a title has to
hold for a component was observed. Pure: no I/O, and what was parsed once is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from server.parsing.quality_order import IN_FORCE, Ranks, moved

CATEGORIES: Final = ("resolution", "source", "codec", "color_range", "audio")

# "5.1", "51", "2_0", "6ch": how many channels an audio track has, written after its name; for some it may be missing.
_CHANNELS = r"[1-7](?:[\W_]?[01]|ch)"
_MAYBE_CHANNELS = rf"(?:[\W_]?{_CHANNELS})?"
_DTS_HD = rf"[\W_]?hd(?:[\W_]?ma)?{_MAYBE_CHANNELS}"
_HDR_PART = r"(?:hdr(?:10)?(?:\W?(?:plus|p|\+))?|dolby\W?vision|dv|dovi)"

# Per category, from worst to best: name, the characters its words begin with, and what they look like in a title (lower
# case, between characters that are neither letters nor digits).
_TABLE: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "resolution": (
        ("360p", "3", r"360p"),
        ("368p", "3", r"368p?"),
        ("480p", "4", r"480p?"),
        ("540p", "5", r"540p?"),
        ("576p", "5", r"576p?"),
        ("hr", "h", r"hr"),
        ("720i", "7", r"720i"),
        ("720p", "71", r"(?:1280x)?720(?:p|hd)?x?(?:[56]0)?"),
        ("1080i", "1", r"1080i"),
        ("1080p", "1", r"(?:1920x)?1080p?x?(?:[56]0)?"),
        ("2160p", "324", r"(?:3840x)?2160p?x?(?:[56]0)?|4k"),
    ),
    "source": (
        ("workprint", "w", r"workprint"),
        ("cam", "ch", r"(?:hd)?cam"),
        ("ts", "th", r"(?:hd)?ts|telesync"),
        ("tc", "t", r"tc|telecine"),
        ("r5", "r", r"r[2-8]"),
        ("hdrip", "h", r"hd[\W_]?rip"),
        ("ppvrip", "p", r"ppv[\W_]?rip"),
        ("preair", "p", r"preair"),
        ("tvrip", "t", r"tv[\W_]?rip"),
        ("dsr", "d", r"dsr|ds[\W_]?rip"),
        ("sdtv", "spd", r"(?:[sp]dtv|dvb)(?:[\W_]?rip)?"),
        ("dvdscr", "dws", r"(?:(?:dvd|web)[\W_]?)?scr(?:eener)?"),
        ("bdscr", "b", r"bdscr(?:eener)?"),
        ("webrip", "w", r"web[\W_]?rip"),
        ("hdtv", "ah", r"a?hdtv(?:[\W_]?rip)?"),
        ("webdl", "w", r"web(?:[\W_]?(?:dl|hd)|(?![\W_]rip(?![^\W_])))"),
        ("dvdrip", "d", r"dvd(?:[\W_]?rip)?"),
        ("remux", "r", r"remux"),
        ("bluray", "b", r"b[dr][\W_]?rip|blu[\W_]?ray(?:[\W_]?rip)?"),
    ),
    "codec": (
        ("divx", "d", r"divx"),
        ("xvid", "x", r"xvid"),
        ("nvenc", "n", r"nvenc"),
        ("h264", "hxa", r"[hx].?264|avc"),
        ("vp9", "v", r"vp9"),
        ("h265", "hx", r"[hx].?265|hevc"),
        ("av1", "a", r"av-?1"),
    ),
    "color_range": (
        ("8bit", "8hs", r"8\W?bits?|hi8p?|sdr"),
        ("10bit", "1h", r"10\W?bits?|hi10p?"),
        ("hdr", "h", r"hdr(?:10)?"),
        ("hdrplus", "h", r"hdr(?:10)?\W?(?:plus|p|\+)"),
        ("dolbyvision", "d", r"dolby\W?vision|dv|dovi"),
        ("hybrid_hdr", "hd", rf"{_HDR_PART}\W?{_HDR_PART}"),
    ),
    "audio": (
        ("mp3", "m", r"mp3"),
        ("aac", "a", rf"aac{_MAYBE_CHANNELS}"),
        ("dd5.1", "d", rf"dd[^\w+]?{_CHANNELS}"),
        ("ac3", "a", rf"ac3{_MAYBE_CHANNELS}"),
        ("dd+5.1", "d", rf"dd[p+][^\w+]?{_CHANNELS}"),
        ("flac", "f", rf"flac{_MAYBE_CHANNELS}"),
        ("dts", "d", rf"dts(?!{_DTS_HD}(?![^\W_]))"),
        ("dtshd", "d", rf"dts{_DTS_HD}"),
        ("truehd", "t", rf"truehd{_MAYBE_CHANNELS}"),
    ),
}
# A release with one of these is worse than any other, whatever its resolution; and the word counts whatever other
# source the title names ("CAM ... from BluRay").
_POOR_SOURCES: Final = ("workprint", "cam", "ts", "tc", "r5", "hdrip", "ppvrip", "preair")


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One part of a quality: ``Component("720p", "resolution", 8)``; rank 0, name "unknown" when nothing is known.

    Components of one category are ordered; a text stands for the component of that name, so that conditions can say
    ``quality.resolution >= '720p'``.
    """

    name: str
    category: str
    rank: int

    def __str__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return hash((self.category, self.rank))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self.name == other.lower()
        if not isinstance(other, Component):
            return NotImplemented
        return self.rank == other.rank and self.category == other.category

    def __lt__(self, other: object) -> bool:
        rank = self._rank_of(other)
        return NotImplemented if rank is None else self.rank_in_force < rank

    def __le__(self, other: object) -> bool:
        rank = self._rank_of(other)
        return NotImplemented if rank is None else self.rank_in_force <= rank

    def __gt__(self, other: object) -> bool:
        rank = self._rank_of(other)
        return NotImplemented if rank is None else self.rank_in_force > rank

    def __ge__(self, other: object) -> bool:
        rank = self._rank_of(other)
        return NotImplemented if rank is None else self.rank_in_force >= rank

    @property
    def rank_in_force(self) -> int:
        """The rank in the order that holds for this thread."""
        ranks = IN_FORCE.ranks
        return self.rank if ranks is None else ranks[CATEGORIES.index(self.category)][self.rank]

    def _rank_of(self, other: object) -> int | None:
        """The rank of another component, or of its name, in this category; None for anything else."""
        found = COMPONENTS.get(other.lower()) if isinstance(other, str) else other
        return found.rank_in_force if isinstance(found, Component) and found.category == self.category else None


_UNKNOWN: Final = tuple(Component("unknown", category, 0) for category in CATEGORIES)
LADDERS: Final[tuple[tuple[Component, ...], ...]] = tuple(
    (
        _UNKNOWN[place],
        *(Component(name, category, rank) for rank, (name, _, _) in enumerate(_TABLE[category], 1)),
    )
    for place, category in enumerate(CATEGORIES)
)
_USUAL: Final[Ranks] = tuple(tuple(range(len(ladder))) for ladder in LADDERS)
#: Every known component by its name.
COMPONENTS: Final[dict[str, Component]] = {each.name: each for ladder in LADDERS for each in ladder[1:]}


# Of these only the best word of a title belongs to its quality.
_BEST_ALONE: Final = ("resolution", "color_range")


def _claims() -> dict[str, int]:
    """How strongly each component's word claims its category when a title names several. Usually the best wins."""
    strength = {each.name: each.rank * 2 for each in COMPONENTS.values()}
    strength["dts"] = strength["dtshd"] + 1
    strength["dvdscr"] = 100
    strength.update({name: 200 - place for place, name in enumerate(_POOR_SOURCES)})
    return strength


_CLAIMS: Final = _claims()


def _scanners() -> dict[str, tuple[Callable[..., re.Match[str] | None], tuple[tuple[int, int, Component], ...]]]:
    """By the first character of a word: the matcher of all that may begin so, and what its groups mean (the category's
    place, the claim, the component).

    Within a category the best come first, and with that the longest forms: "dts-hd" is not read as "dts".
    """
    rows: dict[str, list[tuple[int, int, Component, str]]] = {}
    for place, category in enumerate(CATEGORIES):
        for name, starts, look in _TABLE[category]:
            for start in starts:
                rows.setdefault(start, []).append((place, _CLAIMS[name], COMPONENTS[name], look))
    scanners = {}
    for start, found in rows.items():
        found.sort(key=lambda row: -row[1])
        pattern = re.compile(f"(?:{'|'.join(f'({look})' for *_, look in found)})(?![^\\W_])")
        scanners[start] = pattern.match, tuple(row[:3] for row in found)
    return scanners


_SCANNERS: Final = _scanners()
_WORD: Final = re.compile(r"[^\W_]+")


class Quality:
    """What is known of a release's quality. Immutable, hashable, ordered as the reference orders.

    The order: poor sources (cam, ts, ...) lie below everything else; then resolution, source, codec, color range and
    audio count in turn, unknown below all known.
    """

    __slots__ = ("audio", "codec", "color_range", "components", "name", "ranks", "resolution", "sort_key", "source")

    resolution: Component
    source: Component
    codec: Component
    color_range: Component
    audio: Component
    #: "720p hdtv h264", or "unknown".
    name: str
    #: The five components in the order of :data:`CATEGORIES`.
    components: tuple[Component, ...]
    #: Their ranks, 0 for unknown.
    ranks: tuple[int, ...]
    #: What the order goes by.
    sort_key: tuple[int, ...]

    def __init__(self, components: Iterable[Component] = ()) -> None:
        """From components, known or not; of two in one category the later counts."""
        parts = list(_UNKNOWN)
        for component in components:
            parts[CATEGORIES.index(component.category)] = component
        for category, component in zip(CATEGORIES, parts, strict=True):
            object.__setattr__(self, category, component)
        put = object.__setattr__
        put(self, "components", tuple(parts))
        put(self, "name", " ".join(part.name for part in parts if part.rank) or "unknown")
        put(self, "ranks", tuple(part.rank for part in parts))
        poor = _POOR_SOURCES.index(parts[1].name) if parts[1].name in _POOR_SOURCES else len(_POOR_SOURCES)
        put(self, "sort_key", (poor, *self.ranks))

    @staticmethod
    def parse(title: str) -> Quality:
        """The quality a title tells of; unknown parts stay unknown."""
        return _parse(title)

    @staticmethod
    def from_name(name: str) -> Quality:
        """The quality with this name, as ``str(quality)`` gives it; raises :class:`QualityError` for unknown words."""
        words = name.lower().split()
        return _made(tuple(component_named(word) for word in words if word != "unknown"))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a quality cannot be changed")

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Quality {self.name}>"

    def __hash__(self) -> int:
        return hash(self.ranks)

    def __bool__(self) -> bool:
        return any(self.ranks)

    def __reduce__(self) -> tuple[object, ...]:
        return Quality, (tuple(part for part in self.components if part.rank),)

    def __eq__(self, other: object) -> bool:
        key = _key(other)
        return NotImplemented if key is None else _in_force(self) == key

    def __lt__(self, other: object) -> bool:
        key = _key(other)
        return NotImplemented if key is None else _in_force(self) < key

    def __le__(self, other: object) -> bool:
        key = _key(other)
        return NotImplemented if key is None else _in_force(self) <= key

    def __gt__(self, other: object) -> bool:
        key = _key(other)
        return NotImplemented if key is None else _in_force(self) > key

    def __ge__(self, other: object) -> bool:
        key = _key(other)
        return NotImplemented if key is None else _in_force(self) >= key


def _key(other: object) -> tuple[int, ...] | None:
    """The sort key of a quality; of a text as well, so that templates can say ``quality >= '720p'``."""
    if isinstance(other, Quality):
        return _in_force(other)
    return _in_force(_parse(other)) if isinstance(other, str) else None


def _in_force(quality: Quality) -> tuple[int, ...]:
    """The sort key in the order that holds for this thread."""
    return quality.sort_key if IN_FORCE.ranks is None else (quality.sort_key[0], *ranks_of(quality))


def ranks_of(quality: Quality) -> tuple[int, ...]:
    order = IN_FORCE.ranks
    if order is None:
        return quality.ranks
    return tuple(ranks[rank] for ranks, rank in zip(order, quality.ranks, strict=True))


def reorder(moves: Iterable[tuple[str, bool, str]]) -> None:
    """In this thread components stand elsewhere from now on: ``("webrip", True, "bluray")`` puts it right above, False
    right below. None at all: the usual order again.

    Raises :class:`QualityError` for unknown names and for two that are not of one kind; nothing is changed then.
    """
    order = _USUAL
    for name, above, other_name in moves:
        one, other = component_named(name.strip().lower()), component_named(other_name.strip().lower())
        if one.category != other.category:
            raise QualityError(f"'{one}' is a {one.category} and '{other}' a {other.category}", name)
        if one is not other:
            place = CATEGORIES.index(one.category)
            order = moved(order, place=place, rank=one.rank, other=other.rank, above=above)
    IN_FORCE.ranks = None if order == _USUAL else order


@lru_cache(maxsize=4096)
def _made(components: tuple[Component, ...]) -> Quality:
    return Quality(components)


@lru_cache(maxsize=16384)
def _parse(title: str) -> Quality:
    return read_quality(title.lower())[0]


def read_quality(text: str) -> tuple[Quality, list[tuple[int, int]]]:
    """The quality of a lower-case text, and the places (start, end) of the words that belong to it, in order.

    A word that another one outdid ("720p" beside "1080p") is no part of the quality, but of the name or the title.
    """
    found = list(_UNKNOWN)
    claims = [0] * len(CATEGORIES)
    words: list[tuple[int, int, int, Component]] = []
    for word in _WORD.finditer(text):
        start = word.start()
        scanner = _SCANNERS.get(text[start])
        if scanner is None:
            continue
        match = scanner[0](text, start)
        if match is not None:
            place, claim, component = scanner[1][(match.lastindex or 1) - 1]
            words.append((*match.span(), claim, component))
            if claim > claims[place]:
                claims[place] = claim
                found[place] = component
    quality = _made(tuple(found))
    if len(words) > sum(map(bool, claims)):
        words = [word for word in words if word[3] in found or _stays(word, words)]
    return quality, [word[:2] for word in words]


def _stays(word: tuple[int, int, int, Component], words: list[tuple[int, int, int, Component]]) -> bool:
    """Whether a word that lost against a better one is still one of quality: of several resolutions or colour ranges
    only the best is, of other words those that no lower one outdoes (a DVD's is one beside a Blu-ray's, but not beside
    a camera's)."""
    _, _, claim, component = word
    return component.category not in _BEST_ALONE and not any(
        other.category == component.category and other.rank < component.rank and its_claim > claim
        for _, _, its_claim, other in words
    )


class QualityError(ValueError):
    """A quality requirement that cannot be read; says which word is wrong and what may have been meant."""

    def __init__(self, message: str, word: str, suggestion: str | None = None) -> None:
        super().__init__(f"{message}, did you mean '{suggestion}'?" if suggestion else message)
        self.word = word
        self.suggestion = suggestion


def component_named(word: str) -> Component:
    """The component of a name; raises :class:`QualityError` with the most similar one."""
    found = COMPONENTS.get(word)
    if found is None:
        raise QualityError(f"'{word}' is not a quality", word, _nearest(word))
    return found


def _nearest(word: str) -> str | None:
    """The valid name for a word: how a title would be read ("x264" is h264), else the most similar name."""
    parsed = _parse(word)
    if parsed:
        return parsed.name
    import difflib

    return next(iter(difflib.get_close_matches(word, COMPONENTS, n=1, cutoff=0.5)), None)
