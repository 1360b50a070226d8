"""The config in force: questions, edits, reloads."""

from __future__ import annotations

import contextlib
import textwrap
from pathlib import Path

import pytest

from server.config.compose import EffectiveTask
from server.config.document import Document, load
from server.config.errors import ConfigError
from server.engine import config_service
from server.engine.config_service import ConfigService
from server.engine.events import ConfigChanged, EventBus
from server.engine.registry import Registry

CONFIG = """\
# my config
templates:
  base:
    accept_all: yes   # everything
variables: {secret: hunter2-very, place: /tv}
tasks:
  tv:
    template: base
    # the feed
    mock: [{title: one, path: '{? place ?}', key: '{? secret ?}'}]
  2019: {mock: [{title: two}]}
  _hidden: {mock: []}
"""


@pytest.fixture
def config(tmp_path: Path) -> ConfigService:
    return made(tmp_path, CONFIG)


def made(home: Path, text: str) -> ConfigService:
    path = home / "config.yml"
    path.write_text(textwrap.dedent(text))
    service = ConfigService.read(path, Registry())
    service.events = EventBus()
    return service


def text_of(config: ConfigService) -> str:
    return config.path.read_text()


def test_a_task_comes_with_template_and_variables_filled_in(config: ConfigService) -> None:
    task = config.task("tv")
    assert task["accept_all"] is True
    assert task["mock"][0]["path"] == "/tv"
    assert config.raw_task("tv")["mock"][0]["path"] == "{? place ?}"
    assert config.task_names() == ["tv", "2019"]
    assert config.templates_of("tv") == ["base"]


def test_secrets_are_masked_where_the_config_is_shown(config: ConfigService) -> None:
    shown = config.validated()
    assert shown["tasks"]["tv"]["mock"][0]["key"] == "***"
    assert shown["variables"] == {"secret": "***", "place": "***"}
    assert config.mask("the key is hunter2-very") == "the key is ***"


def test_an_edit_touches_its_own_lines_only(config: ConfigService) -> None:
    config.add_task("films", {"mock": [{"title": "x"}]})
    assert text_of(config).startswith(CONFIG)
    assert config.task("films") == {"mock": [{"title": "x"}]}
    config.change_task("2019", {"mock": [{"title": "three"}]}, "2020")
    assert config.task("2020")["mock"][0]["title"] == "three"
    config.delete_task("films")
    config.delete_task("2020")
    assert text_of(config) == CONFIG.replace("  2019: {mock: [{title: two}]}\n", "")


def test_the_last_task_can_be_deleted_too(tmp_path: Path) -> None:
    config = made(tmp_path, "tasks:\n  a: {mock: []}\n")
    config.delete_task("a")
    assert config.task_names() == []
    assert text_of(config) == "tasks: {}\n"
    config.add_task("b", {"accept_all": True})
    assert config.task_names() == ["b"]


def test_an_edit_that_would_not_be_valid_writes_nothing(config: ConfigService) -> None:
    with pytest.raises(ConfigError, match="accept_al"):
        config.add_task("bad", {"accept_al": True})
    assert text_of(config) == CONFIG
    assert "bad" not in config.task_names()


def test_an_edit_builds_on_what_somebody_else_wrote_meanwhile(config: ConfigService) -> None:
    config.path.write_text(CONFIG.replace("title: two", "title: changed"))
    config.add_task("films", {"mock": [{"title": "x"}]})
    assert config.task("2019")["mock"][0]["title"] == "changed"
    assert "films" in config.task_names()


def test_a_broken_file_leaves_the_old_config_in_force_and_is_told_once(config: ConfigService) -> None:
    config.path.write_text("tasks: [")
    assert config.changed_on_disk()
    with pytest.raises(ConfigError):
        config.reload()
    assert config.task_names() == ["tv", "2019"]
    assert not config.changed_on_disk()
    config.path.write_text(CONFIG)
    config.reload()
    assert not config.changed_on_disk()


@pytest.mark.parametrize("half", ["tasks: {half: {mock: []}}", "tasks: {half: ["])
def test_a_file_that_is_written_to_while_it_is_loaded_is_loaded_once_more(
    config: ConfigService, monkeypatch: pytest.MonkeyPatch, half: str
) -> None:
    def load_half(path: Path) -> Document:
        try:
            return load(path)
        finally:
            path.write_text(CONFIG.replace("title: one", "title: whole"))

    config.path.write_text(half)
    with monkeypatch.context() as patch, contextlib.suppress(ConfigError):
        patch.setattr(config_service, "load", load_half)
        config.reload()
    assert config.changed_on_disk()
    config.reload()
    assert config.task("tv")["mock"][0]["title"] == "whole"
    assert not config.changed_on_disk()


def test_a_task_that_is_put_together_while_the_config_changes_does_not_stay(config: ConfigService) -> None:
    before = config._now
    merge = before.effective_task

    def slowly(name: str) -> EffectiveTask:
        merged = merge(name)
        config.path.write_text(CONFIG.replace("title: one", "title: other"))
        config.reload()
        return merged

    before.effective_task = slowly  # type: ignore[method-assign]
    assert config.task("tv")["mock"][0]["title"] == "one"
    assert config.task("tv")["mock"][0]["title"] == "other"


def test_a_change_says_which_tasks_it_touched(config: ConfigService) -> None:
    events: list[ConfigChanged] = []
    assert config.events is not None
    config.events.subscribe(events.append)  # type: ignore[arg-type]
    version = config.version
    config.path.write_text(CONFIG.replace("accept_all: yes ", "accept_all: no ").replace("  2019:", "  2021:"))
    config.reload()
    (event,) = events
    assert (event.added, event.changed, event.removed) == (("2021",), ("tv",), ("2019",))
    assert config.version > version


def test_variables_are_written_where_the_config_keeps_them(config: ConfigService, tmp_path: Path) -> None:
    config.set_variables({"secret": "another-secret", "place": "/films"})
    assert config.task("tv")["mock"][0]["path"] == "/films"
    assert text_of(config) == CONFIG.replace("hunter2-very", "another-secret").replace("/tv}", "/films}")
    with pytest.raises(ConfigError, match="place"):
        config.set_variables({"secret": "x"})
    assert config.variables()["place"] == "/films"


def test_variables_in_a_file_of_their_own_stay_there(tmp_path: Path) -> None:
    (tmp_path / "variables.yml").write_text("# mine\nplace: /tv\n")
    config = made(tmp_path, "variables: yes\ntasks: {a: {mock: [{title: '{? place ?}'}]}}\n")
    config.set_variables({"place": "/films"})
    assert (tmp_path / "variables.yml").read_text() == "# mine\nplace: /films\n"
    assert config.task("a")["mock"][0]["title"] == "/films"
    with pytest.raises(ConfigError):
        config.set_variables({"other": 1})
    assert (tmp_path / "variables.yml").read_text() == "# mine\nplace: /films\n"


def test_variables_of_a_config_without_any_get_a_private_file(tmp_path: Path) -> None:
    config = made(tmp_path, "tasks: {a: {mock: []}}\n")
    config.set_variables({"token": "abcdef"})
    assert config.variables() == {"token": "abcdef"}
    assert (tmp_path / "variables.yml").stat().st_mode & 0o777 == 0o600
    assert text_of(config) == "tasks: {a: {mock: []}}\nvariables: variables.yml\n"


def test_every_edit_keeps_the_version_before_it(config: ConfigService) -> None:
    config.add_task("films", {"mock": [{"title": "x"}]})
    _, oldest = config.versions()
    assert config.read_version(oldest.id) == CONFIG
    assert "+  films:" in config.diff(oldest.id)
    config.restore(oldest.id)
    assert text_of(config) == CONFIG
    assert "films" not in config.task_names()


def test_a_text_is_checked_without_being_saved(config: ConfigService) -> None:
    errors, _ = config.check(CONFIG.replace("accept_all", "acept_all"))
    assert [issue.line for issue in errors] == [4]
    assert config.check(CONFIG) == ([], [])
    assert config.candidate(CONFIG.replace("title: two", "title: new")).task("2019")["mock"][0]["title"] == "new"
    assert config.task("2019")["mock"][0]["title"] == "two"


def test_qualities_in_a_config_are_checked(tmp_path: Path) -> None:
    config = made(tmp_path, "tasks: {a: {mock: [], quality: 720p+}}\n")
    errors, _ = config.check("tasks:\n  a:\n    quality: 729p\n")
    assert errors
    assert errors[0].line == 3


def test_a_time_limit_is_read_as_span_or_seconds(tmp_path: Path) -> None:
    assert made(tmp_path, "tasks: {}\n").task_limit == 3600
    assert made(tmp_path, "tasks: {}\ntask_limit: 5 minutes\n").task_limit == 300
    assert made(tmp_path, "tasks: {}\ntask_limit: 0\n").task_limit == 0
    assert made(tmp_path, "tasks: {}\ntask_limit: 90.0\n").task_limit == 90


@pytest.mark.parametrize("url", ["secretword", "mysql://me:secretword@host/x", "postgresql://me:secretword@host:x/y"])
def test_a_database_that_cannot_be_used_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"config\.yml:1") as caught:
        made(tmp_path, f"database: {url}\ntasks: {{}}\n")
    (issue,) = caught.value.issues
    assert issue.key_path == ("database",)
    assert "secretword" not in str(issue)


def test_a_file_that_is_nested_too_deeply_is_told(config: ConfigService) -> None:
    text = f"tasks: {{a: {{mock: {'[' * 700}{']' * 700}}}}}\n"
    errors, _ = config.check(text)
    assert "nested too deeply" in str(errors[0])


@pytest.mark.parametrize("schema", ['{"type": "string", "pattern": "("}', '"text"', '{"properties": 3}'])
def test_a_plugin_whose_schema_is_broken_is_told_by_name(tmp_path: Path, schema: str) -> None:
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "mine.py").write_text(
        f"from server.engine.plugin import Plugin\nclass Mine(Plugin):\n    schema = {schema}\n"
    )
    (tmp_path / "config.yml").write_text("tasks: {a: {mine: x}}\n")
    with pytest.raises(ConfigError, match="The options of `mine` cannot be checked, its schema is broken"):
        ConfigService.read(tmp_path / "config.yml", Registry(tmp_path / "plugins"))
