"""Writes ``docs/plugins/``: a page for each plugin, from its class, and an index by category.

python packaging/write_plugin_docs.py
"""

from __future__ import annotations

import inspect
import json
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "plugins"
NOTE = "<!-- Written by packaging/write_plugin_docs.py from the plugin's own declaration: change it there. -->\n"

TITLES = {
    "input": "Inputs",
    "metainfo": "Metainfo",
    "filter": "Filters",
    "modify": "Changing entries",
    "output": "Outputs",
    "client": "Download clients",
    "notifier": "Notifiers",
    "operation": "How a task runs",
    "list": "Lists",
    "search": "Searches",
    "urlrewriter": "Link rewriters",
    "estimator": "Release estimates",
    "lookup": "Look-ups",
    "service": "Services",
    "internal": "Internal",
    "parser": "Parsers",
}


def pages() -> dict[str, str]:
    """File name -> text of every page, the index included."""
    sys.path.insert(0, str(ROOT))
    from server.engine.registry import Registry

    plugins = Registry().all()
    found = {file_name(plugin): page(plugin) for plugin in plugins}
    found["README.md"] = index(plugins)
    return found


def file_name(plugin: Any) -> str:
    """Its page is named after its file."""
    return f"{type(plugin).__module__.rpartition('.')[2]}.md"


def index(plugins: list[Any]) -> str:
    """All plugins by category."""
    lines = [
        "# Plugins",
        "",
        NOTE,
        f"{len(plugins)} plugins. A builtin (b) is active in every task without being named.",
    ]
    for category in sorted({plugin.category for plugin in plugins}, key=list(TITLES).index):
        lines += ["", f"## {TITLES[category]}", "", "| plugin | what it does |", "| --- | --- |"]
        lines += [
            f"| [`{plugin.name}`]({file_name(plugin)}){' b' if plugin.builtin else ''} | {summary(plugin)} |"
            for plugin in plugins
            if plugin.category == category
        ]
    return "\n".join(lines) + "\n"


def page(plugin: Any) -> str:
    """One plugin: what it does, an example, its options and its phases."""
    text, example = described(plugin)
    lines = [f"# {plugin.name}", "", NOTE, text]
    if example:
        lines += ["", "## Example", "", "```yaml", example, "```"]
    options = list(rows(plugin.schema))
    if options:
        lines += ["", "## Options", "", "| option | type | default | meaning |", "| --- | --- | --- | --- |", *options]
    lines += ["", "## Facts", "", f"- Category: {plugin.category}"]
    if plugin.builtin:
        lines.append(f"- Builtin: active in every task; `disable: [{plugin.name}]` turns it off")
    if plugin.handlers:
        phases = ", ".join(f"{phase} ({plugin.priority_of(phase)})" for phase in plugin.handlers)
        lines.append(f"- Phases, with priority: {phases}")
    if plugin.interfaces not in ((), ("task",)):
        lines.append(f"- Can be used as: {', '.join(plugin.interfaces)}")
    return "\n".join(lines) + "\n"


def summary(plugin: Any) -> str:
    """The first sentence of its description."""
    text = " ".join(described(plugin)[0].split("\n\n")[0].split())
    return text.replace("|", "\\|")


def described(plugin: Any) -> tuple[str, str]:
    """Description and example of a plugin's docstring."""
    doc = inspect.getdoc(type(plugin)) or ""
    text, _, example = doc.partition("Example::")
    lines = example.strip("\n").splitlines()
    body = []
    for line in lines:
        if line.strip() and not line.startswith(" "):
            text += "\n\n" + "\n".join(lines[len(body) :])
            break
        body.append(line)
    return text.strip(), textwrap.dedent("\n".join(body)).strip("\n")


def rows(schema: Any, prefix: str = "") -> Iterator[str]:
    """A table row for each option; those of nested mappings follow theirs."""
    for name, option in properties(schema):
        path = f"{prefix}{name}"
        default = f"`{json.dumps(option['default'])}`" if "default" in option else ""
        meaning = " ".join(str(option.get("description") or option.get("title") or "").split())
        yield f"| `{path}` | {kind(option)} | {default} | {meaning} |".replace("||", "\\|\\|")
        yield from rows(option, f"{path}.")


def properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The options that a schema names, in whichever of its branches."""
    if not isinstance(schema, dict):
        return
    seen = set()
    for name, option in (schema.get("properties") or {}).items():
        seen.add(name)
        yield name, option if isinstance(option, dict) else {}
    for word in ("oneOf", "anyOf", "allOf"):
        for branch in schema.get(word) or ():
            for name, option in properties(branch):
                if name not in seen:
                    seen.add(name)
                    yield name, option
    if isinstance(schema.get("items"), dict):
        for name, option in properties(schema["items"]):
            if name not in seen:
                seen.add(name)
                yield name, option


def kind(schema: dict[str, Any]) -> str:
    """The type of an option in a word or two."""
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return " or ".join(dict.fromkeys(kind(branch) for branch in schema[word] if isinstance(branch, dict)))
    names = schema.get("type", "any")
    names = [names] if isinstance(names, str) else names
    shown = {"boolean": "yes/no", "array": "list", "object": "mapping", "string": "text", "null": "nothing"}
    words = [shown.get(name, name) for name in names]
    if "format" in schema:
        words = [schema["format"].replace("_", " ") if word == "text" else word for word in words]
    return " or ".join(words)


def main() -> None:
    """Write what changed, delete what is gone."""
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for file in TARGET.glob("*.md"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (TARGET / name).write_text(text, encoding="utf-8")
    print(f"wrote {len(wanted)} pages")


if __name__ == "__main__":
    main()
