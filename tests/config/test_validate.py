"""Findings of the schema check: all of them, in order, in plain words, at their place."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from server.config.document import load
from server.config.errors import Issue
from server.config.formats import complaint, register_format
from server.config.validate import SchemaValidator, fill_defaults, validate

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "regexp": {
            "type": "object",
            "properties": {
                "accept": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {"type": "string", "format": "regex"},
                            {"type": "object", "additionalProperties": {"type": "object"}},
                        ]
                    },
                },
                "reject": {},
            },
            "additionalProperties": False,
        },
        "interval": {"type": "string", "format": "interval"},
        "template": {"anyOf": [{"const": False}, {"type": "string"}, {"type": "array", "minItems": 1}]},
        "rss": {
            "anyOf": [
                {"type": "string", "format": "url"},
                {
                    "type": "object",
                    "properties": {
                        "url": {"type": "string", "format": "url"},
                        "link": {"enum": ["auto", "guid"]},
                    },
                    "required": ["url"],
                    "additionalProperties": False,
                },
            ]
        },
        "count": {"type": "integer", "minimum": 1},
        "text": {"type": "string"},
        "flag": {"type": "boolean"},
        "on": {"type": "string"},
        "series": {
            "type": "array",
            "items": {
                "oneOf": [
                    {"type": ["string", "integer"]},
                    {"type": "object", "additionalProperties": {"type": "object", "properties": {"begin": {}}}},
                ]
            },
        },
        "tls": {"type": "object", "dependentRequired": {"certificate": ["key"]}},
        "names": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}


def issues_of(text: str) -> list[Issue]:
    document = load(text, path=Path("config.yml"))
    return validate(document.data, SCHEMA, document=document)


@pytest.mark.parametrize(
    ("text", "column", "path", "words"),
    [
        ("regexp: {acept: []}\n", 10, ("regexp", "acept"), "Did you mean `accept`?"),
        ("regexp: {accept: ['(']}\n", 19, ("regexp", "accept", 0), "regular expression `(` is broken"),
        ("interval: 5 minutess\n", 11, ("interval",), "`weeks`"),
        ("template: yes\n", 11, ("template",), "`no`, text or a list"),
        ("rss: {url: 'http://x', link: gud}\n", 30, ("rss", "link"), "Did you mean `guid`?"),
        ("rss: {link: auto}\n", 1, ("rss",), "`url` is missing"),
        ("rss: nothing\n", 6, ("rss",), "is not a URL"),
        ("count: '5'\n", 8, ("count",), "Remove the quotes"),
        ("count: 0\n", 8, ("count",), "1 or more"),
        ("text: no\n", 7, ("text",), "put the word in quotes"),
        ("text: 2013-01-01\n", 7, ("text",), "reads this as a date"),
        ("text:\n", 6, ("text",), "Nothing stands behind the colon"),
        ("flag: ye\n", 7, ("flag",), "Did you mean `yes`?"),
        ("on: stop\n", 1, (True,), "put the key in quotes"),
        ("series: [[x]]\n", 10, ("series", 0), "text, a whole number or a mapping"),
        ("tls: {certificate: a}\n", 1, ("tls",), "`certificate` needs `key`"),
        ("template: []\n", 11, ("template",), "1 or more items"),
        ("names: {5: 6}\n", 12, ("names", 5), "Put the number in quotes"),
    ],
)
def test_a_finding_tells_place_expectation_and_remedy(
    text: str, column: int, path: tuple[Any, ...], words: str
) -> None:
    (issue,) = issues_of(text)
    assert (issue.line, issue.column, issue.key_path) == (1, column, path)
    assert words in str(issue)


def test_all_findings_are_told_in_the_order_of_the_file() -> None:
    issues = issues_of("text: 5\nregexp: {acept: 1, rejct: 2}\ncount: x\n")
    assert [(issue.line, issue.key_path[-1]) for issue in issues] == [
        (1, "text"),
        (2, "acept"),
        (2, "rejct"),
        (3, "count"),
    ]


def test_valid_data_has_no_findings() -> None:
    assert issues_of("series: [A, 24, {B: {begin: S01E01}}, {24: {}}]\nrss: http://x/\ntemplate: no\n") == []


def test_the_facts_have_the_shape_of_the_api() -> None:
    (issue,) = issues_of("count: x\n")
    assert issue.fact is not None
    fact = issue.fact.as_dict()
    assert list(fact) == ["message", "cause", "validator", "validator_value", "path", "schema_path", "parent"]
    assert fact["path"] == ["count"]
    assert fact["schema_path"] == ["properties", "count", "type"]
    assert (fact["validator"], fact["validator_value"], fact["cause"], fact["parent"]) == (
        "type",
        "integer",
        "None",
        "None",
    )


def test_the_root_path_stands_before_every_path() -> None:
    document = load("tasks:\n  tv:\n    text: 5\n")
    (issue,) = validate(document.data["tasks"]["tv"], SCHEMA, document=document, root_path=("tasks", "tv"))
    assert issue.key_path == ("tasks", "tv", "text")
    assert issue.line == 3


def test_a_reference_leads_to_the_schema_that_the_caller_knows() -> None:
    schema = {"$ref": "/schema/plugins"}
    known = {"/schema/plugins": {"type": "object", "properties": {"a": {"type": "integer"}}}}
    assert validate({"a": 1}, schema, resolve=known.get) == []
    (issue,) = validate({"a": "x"}, schema, resolve=known.get)
    assert issue.key_path == ("a",)


def test_schemas_behind_references_are_fetched_only_when_they_are_met() -> None:
    asked: list[str] = []
    known = {
        "/list": {"type": "object", "properties": {"a": {"$ref": "/a"}, "b": {"$ref": "/b"}}},
        "/a": {"$defs": {"n": {"properties": {"x": {"default": 7}}}}, "anyOf": [{"$ref": "#/$defs/n"}]},
    }

    def resolve(ref: str) -> Any:
        asked.append(ref)
        return known.get(ref)

    schema = {"items": {"allOf": [{"$ref": "/list"}, {"maxProperties": 1}]}}
    assert validate([{"a": {}}], schema, resolve=resolve) == []
    assert fill_defaults([{"a": {}}], schema, resolve=resolve) == [{"a": {"x": 7}}]
    assert "/b" not in asked


def test_a_keyword_that_only_the_full_check_knows_is_checked_all_the_same() -> None:
    schema = {"properties": {"a": {"$ref": "/a"}}}
    known = {"/a": {"type": "array", "prefixItems": [{"type": "integer"}], "contains": {"const": 2}}}
    assert validate({"a": [1, 2]}, schema, resolve=known.get) == []
    assert len(validate({"a": ["x", 3]}, schema, resolve=known.get)) == 2


def test_a_format_can_be_registered_and_says_why() -> None:
    def even(value: str) -> None:
        if len(value) % 2:
            raise ValueError(f"`{value}` is odd.")

    register_format("even-test", even, expected="an even text")
    (issue,) = validate("abc", {"type": "string", "format": "even-test"})
    assert "`abc` is odd." in str(issue)
    assert "an even text" in str(issue)


def test_a_relative_file_counts_from_the_folder_of_the_document(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("x")
    document = load("a: cert.pem\n", path=tmp_path / "config.yml")
    schema = {"properties": {"a": {"type": "string", "format": "file"}}}
    assert validate(document.data, schema, document=document) == []
    assert validate({"a": "cert.pem"}, schema) != []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "url",
            ["http://x/", "{{ url }}", "magnet:?xt=urn:btih:a", "http://x/feed?q=a b"],
            ["x", "htp:/x", "http:// x", "http://x ", "http://x/\ny", "http://"],
        ),
        ("interval", ["5 minutes", "1 hour"], ["", "5", "5m", "1.5 hours", "1 month", "every day"]),
        ("regex", ["a|b"], ["(", "a{2,1}"]),
        ("time", ["18:30", "6:30 PM", "00:00:59"], ["25:00", "13:00 pm", "noon", "10:99"]),
        ("percent", ["80%", "12.5 %", "80"], ["-5%", "x%", ""]),
        ("size", ["700 MB", "1.4GiB", "12", "1,4 GB", "1,500.5 MB"], ["5x", "", "GB", "1.500,5 MB", "1,500"]),
        ("json", ["{}"], ["{"]),
        ("email", ["a@b.c"], ["a", "a@"]),
        ("date", ["2026-03-01"], ["2026-13-01"]),
        ("date-time", ["2026-03-01T18:30:00"], ["yesterday"]),
        ("ipv4", ["127.0.0.1"], ["::1", "localhost", "1.2.3"]),
        ("template", ["{{ title }}", "plain", "{{ x|our_own_filter }}"], ["{{ x", "{% if %}"]),
        ("episode_identifier", ["S01E02", "s1e2", "2026-03-01", "12"], ["x", "S01", "0", "2026-13-40", "1234567890"]),
        ("episode_or_season_id", ["S01", "S01E02"], ["x", "2026-02-30"]),
        ("path", ["/nowhere/{{ x }}"], ["a\x00b"]),
        ("nobody-registered-this", ["anything"], []),
    ],
)
def test_formats_tell_good_from_bad(name: str, good: list[str], bad: list[str]) -> None:
    assert [text for text in good if complaint(name, text) is not None] == []
    assert [text for text in bad if complaint(name, text) is None] == []


@pytest.mark.parametrize(
    ("items", "good"),
    [
        ([1, True, 0, False, "1", None, [1], [True], {"a": 1}, {"a": True}], True),
        ([1, 1.0], False),
        ([{"a": [1, 2], "b": None}, {"b": None, "a": [1, 2]}], False),
        ([*range(60_000)], True),  # would take minutes if each were compared with each
        ([*({"a": number} for number in range(20_000)), {"a": 0}], False),
    ],
)
def test_equal_values_in_a_list_are_found_however_long_it_is(items: list[object], good: bool) -> None:
    assert (validate(items, {"uniqueItems": True}) == []) is good


def test_valid_data_is_checked_without_loading_jsonschema() -> None:
    code = (
        "import sys\nfrom server.config.validate import validate\n"
        "assert validate({'a': 'x'}, {'properties': {'a': {'type': 'string'}}}) == []\n"
        "assert not {'jsonschema', 'jinja2', 'ruamel'} & set(sys.modules), sorted(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b", "ab", "5 minutes"]) | st.just(1.0),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


def schemas() -> st.SearchStrategy[Any]:
    types = st.sampled_from(["string", "integer", "number", "boolean", "null", "object", "array"])
    leaf = st.fixed_dictionaries(
        {},
        optional={
            "type": types | st.lists(types, min_size=1, max_size=2, unique=True),
            "enum": st.lists(json_values, min_size=1, max_size=3),
            "const": json_values,
            "minimum": st.integers(-2, 2),
            "exclusiveMaximum": st.integers(-2, 2),
            "minLength": st.integers(0, 2),
            "pattern": st.sampled_from(["^a", "b$"]),
            "minItems": st.integers(0, 2),
            "maxProperties": st.integers(0, 2),
            "uniqueItems": st.booleans(),
            "required": st.lists(st.sampled_from("abc"), max_size=2, unique=True),
            "dependentRequired": st.just({"a": ["b"]}),
        },
    )
    return st.recursive(
        leaf | st.booleans(),
        lambda inner: st.fixed_dictionaries(
            {},
            optional={
                "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
                "patternProperties": st.dictionaries(st.sampled_from(["^a", "c"]), inner, max_size=1),
                "additionalProperties": inner,
                "items": inner,
                "anyOf": st.lists(inner, min_size=1, max_size=3),
                "oneOf": st.lists(inner, min_size=1, max_size=3),
                "allOf": st.lists(inner, min_size=1, max_size=2),
                "not": inner,
                "propertyNames": inner,
            },
        ),
        max_leaves=6,
    )


@settings(max_examples=300, derandomize=True, deadline=None, database=None)
@given(schema=schemas(), value=json_values)
def test_the_quick_check_agrees_with_jsonschema(schema: Any, value: Any) -> None:
    assert SchemaValidator(schema).fits(value) == Draft202012Validator(schema).is_valid(value)


@settings(max_examples=200, derandomize=True, deadline=None, database=None)
@given(schema=schemas(), value=json_values)
def test_whatever_does_not_fit_gets_a_finding(schema: Any, value: Any) -> None:
    validator = SchemaValidator(schema)
    assert bool(validate(value, validator)) is not validator.fits(value)


def test_defaults_are_filled_into_a_copy_along_the_branch_that_fits() -> None:
    schema = {
        "properties": {
            "a": {"properties": {"x": {"default": 5}}},
            "b": {"default": 3},
            "c": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/options"}]},
            "d": {"items": {"properties": {"y": {"default": 1}}}},
        },
        "$defs": {"options": {"type": "object", "properties": {"w": {"default": 9}}}},
    }
    data = {"a": {}, "c": {"z": 1}, "d": [{}, {"y": 2}]}
    assert fill_defaults(data, schema) == {
        "a": {"x": 5},
        "b": 3,
        "c": {"z": 1, "w": 9},
        "d": [{"y": 1}, {"y": 2}],
    }
    assert data == {"a": {}, "c": {"z": 1}, "d": [{}, {"y": 2}]}
