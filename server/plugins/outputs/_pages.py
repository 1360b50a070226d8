"""Templates of whole files: those of the user (``templates/`` beside the config) and those that come along."""

from __future__ import annotations

from pathlib import Path

from server.engine.errors import PluginError
from server.engine.paths import OutsideError, confined, from_home
from server.engine.task import Task

HTML = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{{ task.name|e }}</title></head>
<body>
<h1>{{ task.name|e }}</h1>
<ul>
{% for entry in task.accepted %}
<li><a href="{{ entry.url|e }}">{{ entry.title|e }}</a>{% if entry.description is defined %}
<div>{{ entry.description|striptags|e }}</div>{% endif %}</li>
{% endfor %}
</ul>
</body>
</html>
"""

RSS = """{{ title }}
{% if series_name is defined %}Series: {{ series_name }}
{% endif %}{% if movie_name is defined %}Movie: {{ movie_name }}
{% endif %}{% if quality is defined and quality %}Quality: {{ quality }}
{% endif %}{% if imdb_url is defined and imdb_url %}{{ imdb_url }}
{% endif %}{% if description is defined and description %}{{ description }}{% endif %}
"""

SHIPPED = {"html": HTML, "default": HTML, "rss": RSS}


def template_text(task: Task, name: str, *, fallback: str) -> str:
    """The template ``templates/NAME`` or ``templates/NAME.template`` of the user, else the one that comes along.

    Raises :class:`PluginError` where there is none.
    """
    folder = task.services.home / "templates"
    for file in (f"{name}.template", name):
        path = _inside(folder, file)
        if path is not None and path.is_file():
            try:
                return path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise PluginError(f"the template {path} cannot be read: {error}") from error
    if name in ("", "default"):
        return SHIPPED[fallback]
    if name in SHIPPED:
        return SHIPPED[name]
    raise PluginError(f"there is no template {name} in {folder}")


def _inside(folder: Path, name: str) -> Path | None:
    try:
        return confined(folder, name)
    except OutsideError:
        return None


def write_whole(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file so that readers see the old one or the new one; raises :class:`PluginError`."""
    partial = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding=encoding, errors="xmlcharrefreplace")
        partial.replace(path)
    except (OSError, LookupError) as error:
        partial.unlink(missing_ok=True)
        raise PluginError(f"{path} cannot be written: {error}") from error


def place_of(task: Task, file: str) -> Path:
    """The path of a file that a configuration names; relative ones count from the config's folder."""
    return from_home(file, task.services.home)
