"""Writes ``server/engine/plugin_index.py``: what must be known of plugins before they are imported.

python packaging/write_plugin_index.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "server" / "engine" / "plugin_index.py"

HEAD = '''"""What must be known of plugins before they are imported.

Written by ``packaging/write_plugin_index.py``; a test keeps it true.
"""

from __future__ import annotations

# fmt: off
'''


def text() -> str:
    """The module as it should be."""
    sys.path.insert(0, str(ROOT))
    from server.engine import plugin_index, registry
    from server.engine.plugin import ALL_PHASES

    plugin_index.FEATURES = registry.FEATURES = tuple(features())
    named = {_stem(plugin): type(plugin).name for plugin in registry.Registry().all() if type(plugin).name}
    plugin_index.NAMES = registry.NAMES = named
    plugins = registry.Registry().all()
    builtins = [plugin.name for plugin in plugins if plugin.builtin]
    interfaces = {name: [] for plugin in plugins for name in sorted(plugin.interfaces) if name != "task"}
    phases: dict[str, list[str]] = {phase: [] for phase in ALL_PHASES}
    for plugin in plugins:
        for interface in plugin.interfaces:
            if interface != "task":
                interfaces[interface].append(plugin.name)
        for phase in plugin.handlers:
            phases[phase].append(plugin.name)
    parts = [
        HEAD,
        f"FEATURES: tuple[str, ...] = {_names(list(plugin_index.FEATURES))}",
        f"NAMES: dict[str, str] = {_pairs(named)}",
        f"BUILTINS: tuple[str, ...] = {_names(builtins)}",
        f"INTERFACES: dict[str, tuple[str, ...]] = {_table(interfaces)}",
        f"PHASES: dict[str, tuple[str, ...]] = {_table(phases)}",
    ]
    return "\n".join(parts) + "\n"


def _stem(plugin: object) -> str:
    """The name of a plugin's file."""
    return type(plugin).__module__.rpartition(".")[2]


def features() -> Iterator[str]:
    """Modules in the folders of features that hold a plugin."""
    from server.engine.registry import holds_plugin

    for file in sorted((ROOT / "server" / "features").glob("*/*.py")):
        if not file.name.startswith("_") and holds_plugin(file):
            yield ".".join(file.relative_to(ROOT).with_suffix("").parts)


def _pairs(named: dict[str, str]) -> str:
    lines = "".join(f'    "{stem}": "{name}",\n' for stem, name in sorted(named.items()))
    return f"{{\n{lines}}}" if lines else "{}"


def _names(names: list[str], indent: str = "") -> str:
    lines = "".join(f'{indent}    "{name}",\n' for name in sorted(names))
    return f"(\n{lines}{indent})" if lines else "()"


def _table(table: dict[str, list[str]]) -> str:
    lines = "".join(f'    "{name}": {_names(members, "    ")},\n' for name, members in sorted(table.items()))
    return f"{{\n{lines}}}" if lines else "{}"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")
