"""Where plugins are found."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import threading
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from server.engine.plugin import Plugin
from server.engine.plugin_index import NAMES
from server.engine.registry import BrokenPlugin, Registry, UnknownPlugin

MINE = """
from server.engine.plugin import Plugin
class Mine(Plugin):
    '''Mine.'''
    schema = {}
"""


def user_file(folder: Path, name: str, text: str) -> None:
    (folder / "plugins").mkdir(exist_ok=True)
    (folder / "plugins" / f"{name}.py").write_text(text)


def test_the_index_agrees_with_the_classes() -> None:
    root = Path(__file__).resolve().parents[2]
    script = root / "packaging" / "write_plugin_index.py"
    code = f"import runpy; print(runpy.run_path({str(script)!r})['text'](), end='')"
    wanted = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=root).stdout
    assert (root / "server" / "engine" / "plugin_index.py").read_text() == wanted, (
        "run python packaging/write_plugin_index.py"
    )


def test_every_plugin_is_named_after_its_file_and_tells_what_it_does() -> None:
    for plugin in Registry().all():
        stem = type(plugin).__module__.rpartition(".")[2]
        assert NAMES.get(stem, stem) == plugin.name
        assert "Example::" in (type(plugin).__doc__ or ""), f"{plugin.name} has no example"
        assert plugin.handlers or plugin.interfaces != ("task",) or plugin.category == "operation", plugin.name


def test_a_plugin_is_imported_only_when_it_is_asked_for() -> None:
    code = (
        "import sys; from server.engine.registry import Registry; r = Registry(); r.names();"
        "assert not [m for m in sys.modules if m.startswith('server.plugins.') and m.count('.') > 2]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_users_own_plugins_are_found_and_win(tmp_path: Path) -> None:
    user_file(tmp_path, "accept_all", MINE)
    registry = Registry(tmp_path / "plugins")
    assert type(registry.get("accept_all")).__name__ == "Mine"
    assert "accept_all" in registry.names()


def test_a_broken_file_of_the_user_is_told_and_harms_nobody_else(tmp_path: Path) -> None:
    user_file(tmp_path, "broken", "from server.engine.plugin import Plugin\nimport nothing_of_that_name\n")
    user_file(tmp_path, "worse", "class Worse(Plugin:\n")
    user_file(tmp_path, "empty", "x = 1\n")
    registry = Registry(tmp_path / "plugins")
    assert [plugin for plugin in registry.builtins() if plugin.name in ("broken", "worse")] == []
    assert isinstance(registry.get("accept_all"), Plugin)
    assert any("worse.py" in file for file, _ in registry.problems)
    with pytest.raises(BrokenPlugin, match=r"SyntaxError"):
        registry.get("worse")


def test_a_file_that_cannot_be_read_is_told_and_harms_nobody_else(tmp_path: Path) -> None:
    user_file(tmp_path, "mine", MINE)
    (tmp_path / "plugins" / "gone.py").symlink_to(tmp_path / "nowhere.py")
    registry = Registry(tmp_path / "plugins")
    assert isinstance(registry.get("mine"), Plugin)
    assert [(Path(file).name, problem) for file, problem in registry.problems] == [
        ("gone.py", "cannot be read: No such file or directory")
    ]


def test_who_asks_while_the_plugins_of_other_packages_are_listed_waits_for_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entered, go = threading.Event(), threading.Event()

    def listed(group: str) -> list[EntryPoint]:
        entered.set()
        assert go.wait(10)
        return [EntryPoint("foreign", "foreign_package", group)]

    monkeypatch.setattr(importlib.metadata, "entry_points", listed)
    registry = Registry()
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append("foreign" in registry)) for _ in range(2)]
    threads[0].start()
    assert entered.wait(10)
    threads[1].start()
    threads[1].join(0.2)
    go.set()
    for thread in threads:
        thread.join(10)
    assert found == [True, True]


def test_an_unknown_plugin_is_an_error_with_its_name() -> None:
    with pytest.raises(UnknownPlugin, match="no plugin named 'nothing'"):
        Registry().get("nothing")


def test_a_reference_to_plugins_means_those_of_a_phase_or_interface() -> None:
    registry = Registry()
    inputs = registry.resolve("/schema/plugins?phase=input")
    assert inputs is not None
    assert inputs["properties"]["mock"] == {"$ref": "/schema/plugin/mock"}
    assert "accept_all" not in inputs["properties"]
    lists = registry.resolve("/schema/plugins?interface=list")
    assert lists is not None
    assert "entry_list" in lists["properties"]
    assert registry.resolve("/schema/plugin/mock") == registry.schema("mock")
    assert registry.resolve("/schema/plugin/nothing") is None
    assert registry.resolve("/elsewhere") is None
