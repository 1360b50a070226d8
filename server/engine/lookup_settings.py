"""Where lookups ask for movies and shows: addresses, keys, and how long answers are kept.

The config's ``lookups``, then the environment (``FLEXGET_TMDB_KEY``, ``FLEXGET_TMDB_ADDRESS``), then the defaults::

    lookups:
      tmdb: {key: "{? tmdb_key ?}", cache: 3 days}
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from server.parsing.timedelta import parse_timedelta

CACHE = "1 day"

MORE = {
    "secret": ("Secret", "The secret that belongs to the key: accounts are authorized with both."),
    "pin": ("PIN", "Of a subscriber, where the key asks for one."),
}
"""Title and description of secrets besides keys."""


@dataclass(frozen=True)
class Site:
    """A public API. ``rate``: requests a second that it allows in the long run; ``burst``: at once."""

    name: str
    title: str
    address: str
    rate: float
    burst: int
    key_from: str = ""
    """Where people get a key; empty where none is needed."""

    more: tuple[str, ...] = ()
    """Other secrets that it takes besides the key."""


SITES = {
    site.name: site
    for site in (
        Site("imdb", "IMDb", "https://v3.sg.media-imdb.com", 2, 5),
        Site("imdb_titles", "IMDb", "https://caching.graphql.imdb.com", 2, 5),
        Site("tmdb", "TMDB", "https://api.themoviedb.org/3", 4, 20, "https://www.themoviedb.org/settings/api"),
        Site("trakt", "Trakt", "https://api.trakt.tv", 3, 20, "https://trakt.tv/oauth/applications", ("secret",)),
        Site("tvdb", "TheTVDB", "https://api4.thetvdb.com/v4", 4, 20, "https://thetvdb.com/api-information", ("pin",)),
        Site("tvmaze", "TVmaze", "https://api.tvmaze.com", 2, 20),
    )
}


@dataclass(frozen=True)
class SiteSettings:
    """A site as it is to be asked. ``cache``: how long an answer counts as fresh. ``more``: its other secrets."""

    site: Site
    address: str
    key: str
    cache: timedelta
    more: Mapping[str, str] = field(default_factory=dict)


def site_settings(config: Mapping[str, Any], name: str, environment: Mapping[str, str] = os.environ) -> SiteSettings:
    """The settings of a site, by the config as a whole."""
    site = SITES[name]
    given = (config.get("lookups") or {}).get(name) or {}
    prefix = f"FLEXGET_{name.upper()}_"
    address = given.get("address") or environment.get(f"{prefix}ADDRESS") or site.address
    key = given.get("key") or environment.get(f"{prefix}KEY") or ""
    more = {word: str(given.get(word) or environment.get(f"{prefix}{word.upper()}") or "") for word in site.more}
    return SiteSettings(site, str(address).rstrip("/"), str(key), parse_timedelta(given.get("cache", CACHE)), more)


def _schema_of(site: Site) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "address": {
            "type": "string",
            "format": "url",
            "title": "Address",
            "description": "Where its API is.",
            "default": site.address,
            "examples": ["http://localhost:8000"],
        },
        "cache": {
            "type": "string",
            "format": "interval",
            "title": "Cache",
            "description": "How long its answers count as fresh.",
            "default": CACHE,
            "examples": ["3 days"],
        },
    }
    if site.key_from:
        properties["key"] = {
            "type": "string",
            "title": "Key",
            "description": f"Your own key of its API: {site.key_from}",
            "examples": ["{? key ?}"],
        }
    for word in site.more:
        title, description = MORE[word]
        properties[word] = {
            "type": "string",
            "title": title,
            "description": description,
            "examples": [f"{{? {word} ?}}"],
        }
    return {
        "type": "object",
        "title": site.title,
        "description": f"How {site.title} is asked.",
        "properties": properties,
        "additionalProperties": False,
    }


LOOKUPS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Lookups",
    "description": "How the sites that know movies and shows are asked.",
    "properties": {name: _schema_of(site) for name, site in SITES.items()},
    "additionalProperties": False,
}
