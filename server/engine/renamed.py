"""Plugins of FlexGet that have another name by now, and what to write instead."""

from __future__ import annotations

RENAMED = {
    "couchpotato": "Use `couchpotato_list`.",
    "emit_digest": "It is called `from_digest`.",
    "emit_movie_queue": "Use `movie_list` in `discover`.",
    "emit_series": "Use `next_series_episodes` in `discover`.",
    "find": "Use `filesystem`.",
    "if_condition": "It is called `if`.",
    "import_series": "It is called `configure_series`.",
    "listdir": "Use `filesystem`.",
    "metainfo_nzb_size": "It is called `nzb_size`.",
    "movie_queue": "Use `movie_list` with `list_add`, `list_match` and `list_remove`.",
    "notify_xmpp": "Use `xmpp` in `notify`.",
    "preset": "It is called `template`.",
    "queue_movies": "Use `list_add` with `movie_list`.",
    "radarr": "Use `radarr_list`.",
    "sonarr": "Use `sonarr_list`.",
    "sonarr_emit": "It is called `next_sonarr_episodes`.",
    "subtitle_queue": "Use `subtitle_list`.",
    "thetvdb_favorites": "Use `thetvdb_list`.",
    "trakt_acquired": "Use `list_add` with `trakt_list`.",
    "trakt_emit": "It is called `next_trakt_episodes`.",
    "transmissionrpc": "It is called `transmission`.",
    "xbmc_library": "It is called `kodi_library`.",
}
