"""What must be known of plugins before they are imported.

Written by ``packaging/write_plugin_index.py``; a test keeps it true.
"""

from __future__ import annotations

# fmt: off

FEATURES: tuple[str, ...] = (
    "server.features.entry_list.entry_list",
    "server.features.feeds.rss",
    "server.features.movie_list.movie_list",
    "server.features.pending_list.pending_list",
    "server.features.regexp_list.regexp_list",
)
BUILTINS: tuple[str, ...] = (
    "dump",
    "dump_config",
    "include",
    "template",
)
INTERFACES: dict[str, tuple[str, ...]] = {
    "list": (
        "entry_list",
        "movie_list",
        "pending_list",
        "regexp_list",
    ),
}
PHASES: dict[str, tuple[str, ...]] = {
    "abort": (
        "sleep",
    ),
    "download": (
        "list_clear",
        "sleep",
    ),
    "exit": (
        "exec",
        "list_clear",
        "sleep",
    ),
    "filter": (
        "accept",
        "accept_all",
        "exec",
        "limit_new",
        "list_clear",
        "list_match",
        "manipulate",
        "quality",
        "reject",
        "require_field",
        "sleep",
        "sort_by",
    ),
    "input": (
        "csv",
        "entry_list",
        "exec",
        "filesystem",
        "html",
        "inputs",
        "json",
        "limit",
        "list_clear",
        "mock",
        "movie_list",
        "pending_list",
        "regexp_list",
        "rerun",
        "rss",
        "sleep",
        "text",
    ),
    "learn": (
        "list_clear",
        "list_match",
        "sleep",
    ),
    "metainfo": (
        "list_clear",
        "manipulate",
        "set",
        "sleep",
    ),
    "modify": (
        "list_clear",
        "manipulate",
        "sleep",
    ),
    "output": (
        "copy",
        "delete",
        "dump",
        "exec",
        "list_add",
        "list_clear",
        "list_remove",
        "move",
        "sleep",
    ),
    "prepare": (
        "list_clear",
    ),
    "start": (
        "disable",
        "disable_phases",
        "dump_config",
        "exec",
        "list_add",
        "list_clear",
        "list_remove",
        "manual",
        "max_reruns",
        "rerun",
        "sleep",
    ),
    "urlrewrite": (
        "list_clear",
    ),
}
