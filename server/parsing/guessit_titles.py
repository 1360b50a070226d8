"""Titles read by the library guessit (https://guessit-io.github.io/guessit/) instead of the parsers of this project.

It understands more manners of naming and is some thirty times slower, so what it made of a title is remembered. The
library is imported at the first title; without it that raises :class:`ParserMissing`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from server.parsing.movies import MovieParse
from server.parsing.names import normalize_name, title_case
from server.parsing.quality import COMPONENTS, Quality
from server.parsing.series import Options, SeriesParse

_SOURCES: Final = {
    "Web": "webdl",
    "HDTV": "hdtv",
    "Ultra HDTV": "hdtv",
    "Blu-ray": "bluray",
    "Ultra HD Blu-ray": "bluray",
    "DVD": "dvdrip",
    "Telesync": "ts",
    "HD Telesync": "ts",
    "Telecine": "tc",
    "HD Telecine": "tc",
    "Camera": "cam",
    "HD Camera": "cam",
    "Workprint": "workprint",
    "Pay-per-view": "ppvrip",
    "Digital TV": "sdtv",
    "TV": "tvrip",
    "Satellite": "dsr",
}
_CODECS: Final = {"H.264": "h264", "H.265": "h265", "Xvid": "xvid", "DivX": "divx", "VP9": "vp9", "AV1": "av1"}
_AUDIO: Final = {
    "MP3": "mp3",
    "AAC": "aac",
    "Dolby Digital": "ac3",
    "Dolby Digital Plus": "dd+5.1",
    "FLAC": "flac",
    "DTS": "dts",
    "DTS-HD": "dtshd",
    "Dolby TrueHD": "truehd",
}
_DEFAULT: Final = Options()


class ParserMissing(RuntimeError):
    """The library is not installed; the text says how to get it."""


@dataclass(frozen=True, slots=True)
class GuessitParse(SeriesParse):
    """As :class:`SeriesParse`; its fields tell of every release whether it is a season pack."""

    def fields(self, *, today: dt.date | None = None) -> dict[str, Any]:
        """The entry fields."""
        fields = SeriesParse.fields(self, today=today)
        fields["season_pack"] = self.season_pack
        return fields


def parse_series(title: str, name: str | None = None, options: Options | None = None) -> SeriesParse | None:
    """As :func:`server.parsing.series.parse_series`, by guessit."""
    options = options or _DEFAULT
    names = () if name is None else (name, *options.alternate_names)
    guess = _guess(title, "" if name is None else "episode", names, options.date_yearfirst, options.date_dayfirst)
    if guess.get("type") != "episode" or not guess.get("title"):
        return None
    found_name = _name(guess)
    if names and not {normalize_name(each) for each in names} & {
        normalize_name(found_name),
        normalize_name(f"{found_name} {_one(guess.get('year')) or ''}"),
    }:
        return None
    group = _one(guess.get("release_group"))
    if options.allow_groups and str(group).lower() not in {each.lower() for each in options.allow_groups}:
        return None
    found = _identified(title, name or title_case(found_name), guess, options)
    if found is None or options.identified_by not in ("auto", found.id_type):
        return None
    return replace(
        found,
        proper_count=int(guess.get("proper_count", 0)),
        quality=_quality(guess),
        group=group,
        guessed=name is None,
        strict_name=options.strict_name,
    )


def parse_movie(title: str) -> MovieParse:
    """As :func:`server.parsing.movies.parse_movie`, by guessit."""
    guess = _guess(title, "movie", (), None, None)
    propers = int(guess.get("proper_count", 0))
    return MovieParse(
        title=title,
        name=title_case(str(_one(guess.get("title")) or "")),
        year=_one(guess.get("year")),
        quality=Quality.parse(title),
        proper_count=propers,
        propers=propers,
        group=_one(guess.get("release_group")),
    )


def load() -> Callable[..., Mapping[str, Any]]:
    """The library's function; raises :class:`ParserMissing`."""
    try:
        function: Callable[..., Mapping[str, Any]] = import_module("guessit").guessit
    except ImportError as error:
        raise ParserMissing(
            "the parser guessit is not installed, get it with: pip install 'flexget-tray[guessit]'"
        ) from error
    return function


@lru_cache(maxsize=4096)
def _guess(
    title: str, kind: str, names: tuple[str, ...], yearfirst: bool | None, dayfirst: bool | None
) -> Mapping[str, Any]:
    wishes: dict[str, Any] = {"date_year_first": yearfirst, "date_day_first": dayfirst}
    if kind:
        wishes["type"] = kind
    if names:
        wishes["expected_title"] = list(names)
    guess = load()
    try:
        return dict(guess(title, wishes))
    except import_module("guessit.api").GuessitException:  # a fault of the library, for odd titles
        return {}


def _one(value: Any) -> Any:
    """The first where a title names several."""
    return next(iter(value), None) if isinstance(value, list) else value


def _name(guess: Mapping[str, Any]) -> str:
    """The show's name; versions of a country are shows of their own."""
    name, country = _one(guess["title"]), _one(guess.get("country"))
    return f"{name} {country.alpha2}" if country is not None else str(name)


def _identified(title: str, name: str, guess: Mapping[str, Any], options: Options) -> GuessitParse | None:
    """Which episode it is; "Part 2" and "3 of 5" are of season 1 where episodes may be without a season."""
    season = next(_numbers(guess.get("season")), None)
    episodes = list(_numbers(guess.get("episode")))
    if season is None and options.allow_seasonless and (guess.get("episode_count") or not episodes):
        episodes = episodes or list(_numbers(guess.get("part")))
        season = 1 if episodes else None
    if season is not None and episodes:
        count = max(episodes) - episodes[0] + 1
        return GuessitParse(
            title, name, "ep", (season, episodes[0]), season=season, episode=episodes[0], episodes=max(count, 1)
        )
    if season is not None and not guess.get("episode_details"):
        return GuessitParse(title, name, "ep", (season, 0), season=season, episode=0, season_pack=True)
    date = _one(guess.get("date"))
    if isinstance(date, dt.date):
        return GuessitParse(title, name, "date", date, season=date.year, episodes=0)
    if episodes:
        return GuessitParse(title, name, "sequence", episodes[0], season=0, episode=episodes[0])
    details = guess.get("episode_details")
    if details:
        text = guess.get("episode_title") or (details if isinstance(details, str) else " ".join(details))
        return GuessitParse(title, name, "special", str(text), episodes=0, special=True)
    return None


def _numbers(value: Any) -> Iterator[int]:
    return (number for number in (value if isinstance(value, list) else [value]) if isinstance(number, int))


def _quality(guess: Mapping[str, Any]) -> Quality:
    others = _texts(guess.get("other"))
    names = [*_texts(guess.get("screen_size"))]
    for source in _texts(guess.get("source")):
        names.append(_source(_SOURCES.get(source, ""), others))
    names += [_CODECS.get(codec, "") for codec in _texts(guess.get("video_codec"))]
    names += ["10bit"] if guess.get("color_depth") == "10-bit" else []
    audio = [_AUDIO.get(codec, "") for codec in _texts(guess.get("audio_codec"))]
    names += ["dd5.1" if name == "ac3" and guess.get("audio_channels") else name for name in audio]
    found = sorted((COMPONENTS[name] for name in names if name in COMPONENTS), key=lambda part: part.rank)
    return Quality(found)


def _source(name: str, others: list[str]) -> str:
    if "Screener" in others:
        return {"dvdrip": "dvdscr", "bluray": "bdscr"}.get(name, "dvdscr")
    return "webrip" if name == "webdl" and "Rip" in others else name


def _texts(value: Any) -> list[str]:
    return [str(each) for each in (value if isinstance(value, list) else [value]) if each]
