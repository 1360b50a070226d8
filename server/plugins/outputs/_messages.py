"""The texts of messages where the config says nothing else, and templates of the user's own."""

from __future__ import annotations

from pathlib import Path

from server.engine.errors import PluginError
from server.engine.paths import OutsideError, confined

ENTRY_TITLE = "{{ title }}"

ENTRY_MESSAGE = (
    "{%- if series_name is defined -%}"
    "{{ tvdb_series_name|default(series_name) }} {{ series_id|default('') }} {{ tvdb_ep_name|default('') }}"
    "{%- elif imdb_name is defined -%}{{ imdb_name }} {{ imdb_year|default('') }}"
    "{%- else -%}{{ title }}{%- endif -%}"
)

TASK_TITLE = (
    "{{ task.name }}: {{ task.accepted|length }} accepted"
    "{% if task.failed %}, {{ task.failed|length }} failed{% endif %}"
)

TASK_MESSAGE = """\
{%- for entry in task.accepted %}
+ {{ entry.title }}
{%- endfor %}
{%- for entry in task.failed %}
! {{ entry.title }}{% if entry.reason is defined %}: {{ entry.reason }}{% endif %}
{%- endfor %}
{%- if not task.accepted and not task.failed %}
Nothing new.
{%- endif %}
"""

ABORT_TITLE = "{{ task.name }} was aborted"

ABORT_MESSAGE = "{{ task.abort_reason }}"

_SHIPPED = {"entry": ENTRY_MESSAGE, "task": TASK_MESSAGE, "abort": ABORT_MESSAGE}


def message_template(home: Path, name: str, kind: str) -> str:
    """The template of that name for a kind of message (``entry``, ``task``, ``abort``).

    Looked for in ``templates/<kind>/``, then ``templates/``, with or without ``.template``; ``default`` is ours where
    the user has none of that name. Raises :class:`PluginError`.
    """
    folder = home / "templates"
    for place in (folder / kind, folder):
        for file in (f"{name}.template", name):
            try:
                path = confined(place, file)
            except OutsideError:
                continue
            if path.is_file():
                try:
                    return path.read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    raise PluginError(f"the template {path} cannot be read: {error}") from error
    if name.removesuffix(".template") == "default":
        return _SHIPPED[kind]
    raise PluginError(f"there is no template {name} in {folder}")
