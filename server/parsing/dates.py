"""Dates in titles: ``2014.05.06``, ``06-05-14``, ``6th May 2014``.

A date that can be read in several ways is the latest of the readings that is not in the future, unless it is told
whether the year or the day comes first: dailies are released on their day, so the latest is the likeliest.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_FIRST_YEAR: Final = 1970
_DAY: Final = r"(\d{1,2})(?:st|nd|rd|th)?"


def _patterns(gap: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What dates look like with this between their parts, and what the parts are (y year, d day, m month, ? either)."""
    looks = (
        ("y??", rf"(\d{{4}})(?:{gap}|x)(\d{{1,2}}){gap}(\d{{1,2}})"),
        ("??y", rf"(\d{{1,2}}){gap}(\d{{1,2}}){gap}(\d{{4}})"),
        ("dmy", rf"{_DAY}{gap}(?:of{gap})?{_MONTH}{gap}(\d{{4}})"),
        ("mdy", rf"{_MONTH}{gap}{_DAY}{gap}(\d{{4}})"),
        ("ymd", rf"(\d{{4}}){gap}{_MONTH}{gap}(\d{{1,2}})"),
        ("???", rf"(\d{{1,2}}){gap}(\d{{1,2}}){gap}(\d{{2}})"),
        ("???", rf"(\d{{2}}){gap}(\d{{1,2}}){gap}(\d{{1,2}})"),
    )
    return tuple((order, re.compile(rf"(?<!\w){look}(?!\w)")) for order, look in looks)


_WIDE: Final = _patterns(r"\W+")
_NARROW: Final = _patterns(r"\W")
_POSSIBLE: Final = re.compile(r"\d\W+\d{1,2}\W+\d|\dx\d|\d[a-z]{0,2}\W+(?:of\W+)?[a-z]{3}|[a-z]{3}\W+\d")


class FoundDate(NamedTuple):
    """A date and where in the text it was written."""

    date: dt.date
    start: int
    end: int


def find_date(
    text: str,
    *,
    yearfirst: bool | None = None,
    dayfirst: bool | None = None,
    today: dt.date | None = None,
    narrow: bool = False,
) -> FoundDate | None:
    """The first date in a lower-case text without underscores; ``None`` when there is none up to tomorrow.

    ``narrow`` wants exactly one character between the parts. ``today`` is for tests.
    """
    if not _POSSIBLE.search(text):
        return None
    for order, pattern in _NARROW if narrow else _WIDE:
        match = pattern.search(text)
        if match is not None:
            date = read_date(match.groups(), order, yearfirst=yearfirst, dayfirst=dayfirst, today=today)
            if date is not None:
                return FoundDate(date, match.start(), match.end())
    return None


def read_date(
    parts: Iterable[str | None],
    order: str = "???",
    *,
    yearfirst: bool | None = None,
    dayfirst: bool | None = None,
    today: dt.date | None = None,
) -> dt.date | None:
    """The date that three parts mean: the latest sensible reading that is not after tomorrow (time zones)."""
    texts = [part or "" for part in parts]
    latest = (today or dt.datetime.now(dt.UTC).date()) + dt.timedelta(days=1)
    years = (True, False) if yearfirst is None else (yearfirst,)
    days = (True, False) if dayfirst is None else (dayfirst,)
    readings = [_reading(texts, order, *flags, latest) for flags in itertools.product(years, days)]
    return max((date for date in readings if date is not None and date <= latest), default=None)


def _reading(texts: list[str], order: str, yearfirst: bool, dayfirst: bool, latest: dt.date) -> dt.date | None:
    """The first valid date when the parts are taken in the preferred order, else in the others."""
    for letters in _orders(order, yearfirst, dayfirst):
        if letters == "ydm" and int(texts[1]) > 12:  # nobody writes 2014-25-12
            continue
        found = dict(zip(letters, texts, strict=True))
        month = _MONTHS.index(found["m"][:3]) + 1 if found["m"].isalpha() else int(found["m"])
        year = _year(found["y"], latest)
        try:
            date = dt.date(year, month, int(found["d"]))
        except ValueError:
            continue
        if year >= _FIRST_YEAR:
            return date
    return None


def _orders(order: str, yearfirst: bool, dayfirst: bool) -> Iterator[str]:
    if "?" not in order:
        yield order
        return
    pair = ("dm", "md") if dayfirst else ("md", "dm")
    if order == "???":
        yield from (["y" + two for two in pair] if yearfirst else [two + "y" for two in pair])
        yield from ([two + "y" for two in pair] if yearfirst else ["y" + two for two in reversed(pair)])
    else:
        yield from (order.replace("??", two) for two in pair)


def _year(text: str, latest: dt.date) -> int:
    """Two digits mean the year of that ending nearest to now, at most 49 years ahead."""
    year = int(text)
    if len(text) > 2:
        return year
    year += latest.year // 100 * 100
    return year - 100 if year >= latest.year + 50 else year
