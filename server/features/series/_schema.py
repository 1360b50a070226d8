"""Schemas of the options that the plugins of the series family share."""

from __future__ import annotations

import copy
from typing import Any

from server.engine.plugin import text_or_list


def _option(title: str, description: str, example: Any, **rules: Any) -> dict[str, Any]:
    return {**rules, "title": title, "description": description, "examples": [example]}


def _text(**rules: Any) -> dict[str, Any]:
    return {"type": "string", **rules}


def _regexps(title: str, description: str, example: Any) -> dict[str, Any]:
    return _option(title, description, example, **text_or_list(type="string", format="regex"))


_PROPERTIES: dict[str, Any] = {
    "path": _option("Path", "Sets the field `path`; may be a template.", "~/tv/{{ series_name }}", type="string"),
    "set": _option("Fields", "Sets these fields on the show's entries.", {"tag": "tv"}, type="object"),
    "alternate_name": _option("Other names", "Titles may use these names too.", ["TFN"], **text_or_list()),
    "name_regexp": _regexps("Name pattern", "Finds the show in titles, in place of its name.", "^doctor.who"),
    "ep_regexp": _regexps("Episode pattern", "Two groups: season and episode.", r"season.(\d+).ep.(\d+)"),
    "date_regexp": _regexps("Date pattern", "Three groups: the parts of the date.", r"(\d{4})-(\d\d)-(\d\d)"),
    "sequence_regexp": _regexps("Number pattern", "One group: the number.", r"vol(\d+)"),
    "id_regexp": _regexps("Identifier pattern", "Its groups are the episode's identifier.", r"part-([a-z]+)"),
    "date_yearfirst": _option("Year first", "Whether dates begin with the year.", True, type="boolean"),
    "date_dayfirst": _option("Day first", "Whether the day stands before the month.", True, type="boolean"),
    "quality": _option("Quality", "Only releases like this.", "720p+ hdtv+", **_text(format="quality_requirements")),
    "qualities": _option(
        "Qualities",
        "One release in each of these.",
        ["480p", "1080p"],
        type="array",
        items=_text(format="quality_requirements"),
    ),
    "timeframe": _option(
        "Time to wait", "How long to wait for the target quality.", "12 hours", **_text(format="interval")
    ),
    "upgrade": _option("Upgrade", "Whether better releases are taken later on.", True, type="boolean"),
    "target": _option("Target quality", "What is best.", "1080p webdl+", **_text(format="quality_requirements")),
    "specials": _option("Specials", "Whether specials are wanted.", False, type="boolean"),
    "propers": _option(
        "Propers",
        "Whether corrected releases are taken, or for how long after the first release.",
        "3 days",
        type=["boolean", "string"],
        format="interval",
    ),
    "identified_by": _option(
        "Identified by",
        "How episodes are told apart. `auto` learns it from the first releases.",
        "ep",
        type="string",
        enum=["ep", "date", "sequence", "id", "auto"],
    ),
    "exact": _option("Exact name", "Whether nothing may stand between name and identifier.", True, type="boolean"),
    "begin": _option(
        "Begin",
        "The first wanted episode: `S02E05`, `S02`, a date or a number.",
        "S02E05",
        type=["string", "integer"],
        format="episode_or_season_id",
    ),
    "from_group": _option("Release groups", "Only releases of these groups.", ["grp"], **text_or_list()),
    "parse_only": _option("Only read", "Whether entries only get their fields, no decision.", True, type="boolean"),
    "special_ids": _option("Words of specials", "Words that mark a special.", ["holiday"], **text_or_list()),
    "prefer_specials": _option(
        "Prefer specials", "Whether an episode that is called a special is one.", True, type="boolean"
    ),
    "assume_special": _option("Assume specials", "Whether what has no identifier is a special.", True, type="boolean"),
    "season_packs": _option(
        "Season packs",
        "`yes`, `no`, `always` (however many episodes there are), `only` (no single episodes), or the number of "
        "downloaded episodes above which packs of that season are refused.",
        "always",
        oneOf=[
            {"type": "boolean"},
            {"type": "integer"},
            {"type": "string", "enum": ["always", "only"]},
            {
                "type": "object",
                "properties": {
                    "threshold": _option(
                        "Threshold", "Downloaded episodes above which a pack is refused.", 3, type="integer", minimum=0
                    ),
                    "reject_eps": _option("Only packs", "Whether single episodes are refused.", True, type="boolean"),
                },
                "required": ["threshold", "reject_eps"],
                "additionalProperties": False,
            },
        ],
    ),
    "tracking": _option(
        "Tracking",
        "Where a show without `begin` begins: `yes` at the season that was downloaded first, `no` or `backfill` "
        "anywhere; `strict` also takes nothing beyond the next episode.",
        "backfill",
        enum=[True, False, "strict", "backfill"],
    ),
}


OPTION_NAMES = tuple(_PROPERTIES)
"""What can be said of a show."""


def options_schema(**more: dict[str, Any]) -> dict[str, Any]:
    """The options of a show, with those that a plugin adds."""
    return {
        "type": "object",
        "title": "Options",
        "description": "What is wanted of a show.",
        "properties": {**copy.deepcopy(_PROPERTIES), **more},
        "dependentSchemas": {
            "timeframe": {
                "anyOf": [{"required": ["target"]}, {"required": ["qualities"]}],
                "error": "`timeframe` says how long to wait for a `target`: give one.",
            }
        },
        "additionalProperties": False,
    }


def shows_schema() -> dict[str, Any]:
    """The configuration of ``series``: a list of shows, or such lists in groups."""
    options = options_schema()
    shows = {
        "type": "array",
        "title": "Shows",
        "description": "Names, each perhaps with options.",
        "items": {
            "type": ["string", "number", "object"],
            "title": "Show",
            "description": "A name, or a name with its options.",
            "additionalProperties": options,
        },
        "examples": [["Some Show", {"Other Show": {"quality": "720p"}}]],
    }
    return {
        "type": ["array", "object"],
        "title": "Series",
        "description": "Shows, or groups of shows that have settings in common.",
        "items": shows["items"],
        "properties": {
            "settings": {
                "type": "object",
                "title": "Settings of groups",
                "description": "Options by the group's name. A group named as a quality has it as its target.",
                "additionalProperties": options,
                "examples": [{"hd": {"quality": "720p+"}}],
            }
        },
        "additionalProperties": shows,
        "examples": [["Some Show", {"Other Show": {"quality": "720p"}}]],
    }
