"""Imports only go down the floors of docs/architecture.md."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FLOORS = [
    ("server.config", 0),
    ("server.storage", 0),
    ("server.parsing", 0),
    ("server.engine", 1),
    ("server.terminal", 1),
    ("server.plugins", 2),
    ("server.web", 3),
    ("server.features", 3),
    ("server.cli", 5),
    ("server.sample", 0),
    ("server", 4),
    ("flexget_tray", 5),
]


def floor(module: str) -> int:
    """The floor of a module: the first place that it lies in."""
    return next(level for place, level in FLOORS if module == place or module.startswith(f"{place}."))


def modules() -> list[tuple[str, Path]]:
    """Every module of the product."""
    found = []
    for top in ("server", "flexget_tray"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append((".".join(parts[:-1] if parts[-1] == "__init__" else parts), path))
    return found


def imports(tree: ast.AST) -> set[str]:
    """Names of the project's modules that a file imports, those for type checking left out."""
    hidden: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            hidden |= set(ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if node in hidden:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {name for name in found if name.partition(".")[0] in ("server", "flexget_tray")}


@pytest.mark.parametrize(("module", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_a_module_imports_nothing_of_a_higher_floor(module: str, path: Path) -> None:
    own = floor(module)
    for name in imports(ast.parse(path.read_text(encoding="utf-8"))):
        if name == "server":  # only its version
            continue
        if module.startswith("flexget_tray"):
            assert name.startswith("flexget_tray"), f"{module} imports {name}; it may know only the daemon's version"
        assert floor(name) <= own, f"{module} (floor {own}) imports {name} (floor {floor(name)})"
