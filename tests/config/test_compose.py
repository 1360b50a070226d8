"""The whole way from a file to tasks that can run."""

from pathlib import Path
from typing import Any

import pytest

from server.config.compose import ValidatedConfig, build
from server.config.document import load
from server.config.errors import ConfigError
from server.config.merge import Origin

TEXTS = {"type": "array", "items": {"type": "string"}}
SCHEMAS: dict[str, Any] = {
    "mock": {"type": "array"},
    "rss": {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"silent": {"default": False}}}]},
    "regexp": {"type": "object", "properties": {"accept": TEXTS, "reject": TEXTS}, "additionalProperties": False},
    "set": {"type": "object"},
    "limit_new": {"type": "integer"},
    "accept_all": {"type": "boolean"},
    "template": {"anyOf": [{"const": False}, {"type": "string"}, {"type": "array"}]},
    "include": {"anyOf": [{"type": "string"}, {"type": "array"}]},
    "quality": {"anyOf": [{"type": "string"}, {"type": "array"}]},
    "series": {},
    "broken": {"items": {"$ref": "#/$defs/forgotten"}},
}
TOP = {"schedules": {"anyOf": [{"type": "boolean"}, {"type": "array"}]}}


def config_of(text: str, folder: Path = Path()) -> ValidatedConfig:
    document = load(text, path=folder / "config.yml")
    return build(document, plugin_schema=SCHEMAS.get, plugin_names=lambda: SCHEMAS, top_level=TOP)


def errors_of(text: str, folder: Path = Path()) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        config_of(text, folder)
    return [str(issue).removeprefix(f"{folder / 'config.yml'}:") for issue in caught.value.issues]


TEMPLATES = """\
variables: {who: robert, nested: {a: hello}, secret: hunter22}
templates:
  global: {set: {g: global, x: global}}
  base:
    set: {b: base, x: base, y: base}
    limit_new: 5
    regexp: {accept: [base1, base2]}
  kid:
    template: base
    set: {k: kid, x: kid}
    regexp: {accept: [kid1]}
  kid2: {template: base, regexp: {accept: [kid2]}}
  listy: {mock: [{title: fromtemplate}]}
  same: {regexp: {accept: [task1, same]}}
  text: {rss: 'http://y/', quality: 1080p}
  mapping: {rss: {url: 'http://x/'}}
  loop: {template: loop2, limit_new: 1}
  loop2: {template: loop, set: {a: 1}}
  nested_no_global: {template: no_global}
tasks:
"""


def effective(task: str) -> dict[str, Any]:
    config = config_of(TEMPLATES + f"  t: {task}\n").effective_task("t").config
    config.pop("template", None)
    return config


@pytest.mark.parametrize(
    ("task", "result"),
    [
        (
            "{template: kid, set: {t: task, x: task}, regexp: {accept: [task1]}}",
            {
                "set": {"g": "global", "b": "base", "k": "kid", "t": "task", "x": "task", "y": "base"},
                "limit_new": 5,
                "regexp": {"accept": ["task1", "kid1", "base1", "base2"]},
            },
        ),
        (
            "{template: [listy, base, same], mock: [{title: t}], regexp: {accept: [task1]}, limit_new: 7}",
            {
                "set": {"g": "global", "x": "base", "b": "base", "y": "base"},
                "limit_new": 7,
                "mock": [{"title": "t"}, {"title": "fromtemplate"}],
                "regexp": {"accept": ["task1", "base1", "base2", "task1", "same"]},
            },
        ),
        ("{template: no, set: {x: task}}", {"set": {"x": "task"}}),
        ("{template: no_global, set: {x: task}}", {"set": {"x": "task"}}),
        ("{set: {x: task}}", {"set": {"g": "global", "x": "task"}}),
        (
            "{template: [no_global, kid, kid2, base], regexp: {accept: [t]}}",
            {
                "set": {"b": "base", "k": "kid", "x": "kid", "y": "base"},
                "limit_new": 5,
                "regexp": {"accept": ["t", "kid1", "kid2", "base1", "base2"]},
            },
        ),
        ("{template: [no_global, text], quality: [480p]}", {"quality": ["480p"], "rss": "http://y/"}),
        ("{template: [no_global, loop]}", {"limit_new": 1, "set": {"a": 1}}),
        ("{template: [no_global, mapping]}", {"rss": {"url": "http://x/", "silent": False}}),
        (
            "{template: no, set: {v: '{? who ?} {? nested.a ?} {{ title }}'}}",
            {"set": {"v": "robert hello {{ title }}"}},
        ),
    ],
)
def test_templates_are_merged_as_flexget_does(task: str, result: dict[str, Any]) -> None:
    assert effective(task) == result


def test_the_templates_of_templates_come_after_the_global_one() -> None:
    config = config_of(TEMPLATES + "  t: {template: kid}\n")
    assert config.templates_of("t") == ["kid", "global", "base"]


def test_a_mapping_that_meets_something_else_is_told_with_both_places() -> None:
    config = config_of(TEMPLATES + "  t:\n    template: [no_global, mapping]\n    rss: 'http://z/'\n")
    with pytest.raises(ConfigError) as caught:
        config.effective_task("t")
    (issue,) = caught.value.issues
    assert (issue.line, issue.key_path) == (23, ("tasks", "t", "rss"))
    assert "the task (config.yml, line 23) has a single value" in issue.message
    assert "template `mapping` (config.yml, line 16) has a mapping" in issue.message


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("{template: kit}", "Did you mean `kid`?"),
        ("{template: nested_no_global}", "in tasks only"),
        ("{template: [text, mapping]}", "template `text`"),
    ],
)
def test_a_task_whose_templates_do_not_fit_fails_alone(task: str, words: str) -> None:
    config = config_of(TEMPLATES + f"  good: {{mock: []}}\n  t: {task}\n")
    assert config.effective_task("good").config["mock"] == []
    with pytest.raises(ConfigError, match=words):
        config.effective_task("t")
    assert any(words in str(issue) for issue in config.check_tasks())


def test_missing_templates_and_files_are_warnings_at_load() -> None:
    config = config_of("tasks:\n  a: {template: gone}\n  b: {include: gone.yml}\n")
    assert [(issue.severity, issue.line) for issue in config.warnings] == [("warning", 2), ("warning", 3)]


def test_origins_tell_where_every_option_came_from() -> None:
    text = (
        TEMPLATES + "  t:\n    template: kid\n    set: {x: '{? who ?}'}\n    rss: {url: u}\n    regexp: {accept: [t]}\n"
    )
    origins = config_of(text).effective_task("t").origins()

    def short(*path: str | int) -> tuple[str, str | None, int | None]:
        origin = origins[path]
        return origin.kind, origin.name, origin.position.line if origin.position else None

    assert short("set", "x") == ("task", "t", 23)
    assert origins["set", "x"].variables == ("who",)
    assert short("set", "k") == ("template", "kid", 10)
    assert short("set", "y") == ("template", "base", 5)
    assert short("set", "g") == ("template", "global", 3)
    assert short("regexp", "accept", 0) == ("task", "t", 25)
    assert short("regexp", "accept", 1) == ("template", "kid", 11)
    assert short("regexp", "accept", 3) == ("template", "base", 7)
    assert origins["rss", "silent"] == Origin("default", None)


def test_included_files_are_merged_last_and_may_include_others(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text("limit_new: 9\nset: {x: '{? who ?}', z: 1}\ninclude: [sub/two.yml, one.yml]\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "two.yml").write_text("mock: [{title: two}]\n")
    text = "variables: {who: robert}\ntasks:\n  t: {include: one.yml, set: {z: 2}, mock: [{title: t}]}\n"
    config = config_of(text, tmp_path)
    task = config.effective_task("t")
    task.config.pop("include")
    assert task.config == {
        "limit_new": 9,
        "set": {"x": "robert", "z": 2},
        "mock": [{"title": "t"}, {"title": "two"}],
    }
    assert task.files == config.files() == [tmp_path / "one.yml", tmp_path / "sub" / "two.yml"]
    assert task.origins()["limit_new",].name == str(tmp_path / "one.yml")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "does not exist"),
        ("- a\n", "a mapping"),
        ("", "a mapping"),
        ("nosuch: 1\n", r"inc\.yml:1:1.*no plugin `nosuch`"),
        ("regexp: [a]\n", r"inc\.yml:1:9"),
        ("a: [\n", r"inc\.yml:1:5"),
    ],
)
def test_a_bad_include_is_told_by_its_own_file(tmp_path: Path, content: str | None, words: str) -> None:
    if content is not None:
        (tmp_path / "inc.yml").write_text(content)
    config = config_of("tasks: {t: {include: inc.yml}}\n", tmp_path)
    with pytest.raises(ConfigError, match=words):
        config.effective_task("t")


def test_merging_does_not_change_the_config() -> None:
    config = config_of(TEMPLATES + "  t: {template: kid, regexp: {accept: [t]}}\n")
    config.effective_task("t").config["regexp"]["accept"].append("x")
    assert config.effective_task("t").config["regexp"]["accept"] == ["t", "kid1", "base1", "base2"]
    assert config.task("t")["regexp"] == {"accept": ["t"]}


def test_all_errors_of_a_file_are_told_in_order() -> None:
    text = (
        "task: {}\nweb_server: {port: 99999, prot: 1}\ntasks:\n  a:\n    regexp: {acept: []}\n    mok: []\n"
        "  b:\nschedules: maybe\nrss: http://x/\n"
    )
    found = errors_of(text)
    assert [line.split(":")[0] for line in found] == ["1", "2", "2", "5", "6", "7", "8", "9"]
    assert "Did you mean `tasks`?" in found[0]
    assert "Did you mean `accept`?" in found[3]
    assert "There is no plugin `mok`. Expected: the name of a plugin. Did you mean `mock`?" in found[4]
    assert "plugins and their options" in found[5]
    assert "`rss` is a plugin: it belongs in a task" in found[7]


def test_a_plugin_that_is_missing_is_not_taken_for_a_typo() -> None:
    hints = {"deluge": "Install the extra `deluge`."}
    document = load("tasks: {a: {deluge: yes}}\n")
    with pytest.raises(ConfigError, match=r"plugin `deluge` is missing\. Install"):
        build(
            document,
            plugin_schema=SCHEMAS.get,
            plugin_names=lambda: SCHEMAS,
            top_level=TOP,
            plugin_hint=hints.get,
        )


def test_a_plugin_with_a_broken_schema_is_named() -> None:
    assert "schema is broken: `#/$defs/forgotten` is not there" in errors_of("tasks: {a: {broken: [1]}}\n")[0]


def test_secrets_do_not_show_in_findings() -> None:
    text = "variables: {pw: hunter22}\ntasks: {a: {limit_new: '{? pw ?}'}}\n"
    with pytest.raises(ConfigError) as caught:
        config_of(text)
    (issue,) = caught.value.issues
    assert "hunter22" not in str(issue)
    assert "hunter22" not in str(issue.as_dict())


@pytest.mark.parametrize("text", ["", "tasks: {}\n", "tasks: {}\nschedules: no\n", "variables: no\n"])
def test_a_config_without_tasks_is_fine(text: str) -> None:
    assert config_of(text).task_names() == []


@pytest.mark.parametrize("text", ["- a\n", "just words\n"])
def test_a_config_must_be_a_mapping(text: str) -> None:
    assert "mapping" in errors_of(text)[0]


def test_hidden_tasks_and_names_that_are_numbers() -> None:
    config = config_of("tasks:\n  _hidden: {mock: []}\n  2019: {mock: [], template: gone}\n  b: {accept_all: no}\n")
    assert config.task_names() == ["2019", "b"]
    assert config.task_names(hidden=True) == ["_hidden", "2019", "b"]
    with pytest.raises(ConfigError, match=r"config\.yml:3:"):
        config.effective_task("2019")
    assert config.effective_task("b").config == {"accept_all": False}
    with pytest.raises(KeyError):
        config.effective_task("nothing")


def test_variables_reach_every_part_of_the_config() -> None:
    config = config_of("variables: {port: 5051, n: 3}\nweb_server: '{? port ?}'\nschedules: [{every: '{? n ?}'}]\n")
    assert config.web_server is not None
    assert config.web_server.port == 5051
    assert config.data["schedules"] == [{"every": 3}]
    assert config.mask("5051") == "***"
