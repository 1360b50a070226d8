"""Whatever the layout of a file, an edit changes what it should and no byte besides."""

from dataclasses import dataclass
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from server.config.document import load
from server.config.edit import delete, rename, set_value
from server.config.render import identical
from server.config.spans import Span, parse

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-5, 700)
    | st.sampled_from(
        [1.5, "yes", "12:30", "0777", "a b", "x: y", "# no", "it's", 'say "hi"', "ünï 😀", "", " lead", "- x"]
    )
    | st.sampled_from(
        ["{{ title }}", "one\ntwo\n", "a\n\n  b", "tail\n\n", "null", "~", "1e3", "http://x/?a=b#c", "\\d+"]
    )
    | st.text(alphabet="ab:#-' \"{}[],&*!|>%@`\t\\é", max_size=6)
)
keys = st.sampled_from(["tv", "films", "rss", "a b", "yes", "12", "ü", "x: y", "set", "regexp", "accept", "b"])
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
configs = st.dictionaries(keys, values, min_size=1, max_size=4)


@dataclass
class Layout:
    """A way to write YAML: drawn at random, so that edits meet every habit."""

    draw: Any
    step: int
    dash: int

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) < percent)

    def document(self, data: dict[str, Any]) -> str:
        text = self.mapping(data, 0)
        if self.chance(30):
            text = "# head\n\n" + text
        if self.chance(30):
            text += "# the end\n"
        if self.chance(30):
            text = text.replace("\n", "\r\n")
        if self.chance(20) and not text.rstrip(" ").endswith(("|\n", ">\n")):
            text = text.rstrip("\r\n")
        return text

    def mapping(self, data: dict[str, Any], indent: int) -> str:
        return "".join(self.noise(indent) + " " * indent + self.pair(key, data[key], indent) for key in data)

    def noise(self, indent: int) -> str:
        text = ""
        if self.chance(15):
            text += "\n"
        if self.chance(20):
            text += " " * indent + "# note: 'x' [\n"
        return text

    def tail(self) -> str:
        return "   # why: not\n" if self.chance(20) else "\n"

    def pair(self, key: str, value: Any, indent: int) -> str:
        name = self.flow(key)
        if isinstance(value, dict) and value and self.chance(75):
            return f"{name}:{self.tail()}{self.mapping(value, indent + self.step)}"
        if isinstance(value, list) and value and self.chance(75):
            return f"{name}:{self.tail()}{self.sequence(value, indent + self.dash)}"
        if isinstance(value, str) and self.literal(value) and self.chance(70):
            body = "".join(" " * (indent + 2) + line + "\n" for line in value.splitlines())
            return f"{name}: |{'' if value.endswith(chr(10)) else '-'}\n{body}"
        if value is None and self.chance(50):
            return f"{name}:{self.tail()}"
        return f"{name}: {self.flow(value)}{self.tail()}"

    def sequence(self, data: list[Any], indent: int) -> str:
        text = ""
        for item in data:
            text += self.noise(indent) + " " * indent + "- "
            if isinstance(item, dict) and item and self.chance(70):
                text += self.mapping_on_dash(item, indent + 2)
            elif item is None and self.chance(50):
                text += self.tail()
            else:
                text += self.flow(item) + self.tail()
        return text

    def mapping_on_dash(self, data: dict[str, Any], indent: int) -> str:
        first, *rest = data
        return self.pair(first, data[first], indent) + self.mapping({key: data[key] for key in rest}, indent)

    @staticmethod
    def literal(value: str) -> bool:
        lines = value.splitlines()
        plain = len(lines) > 1 and value[0] not in " \n" and not value.endswith("\n\n")
        return plain and value.isascii() and all(line == line.rstrip() for line in lines)

    def flow(self, value: Any) -> str:
        style = self.draw(st.sampled_from([None, "'", '"'])) if isinstance(value, str) else None
        text = yaml.safe_dump(value, default_flow_style=True, width=1 << 30, allow_unicode=True, default_style=style)
        return text.strip().removesuffix("...").strip()


@st.composite
def texts(draw: Any) -> tuple[str, dict[str, Any]]:
    data = draw(configs)
    text = Layout(draw, draw(st.sampled_from([2, 2, 4])), draw(st.sampled_from([0, 2]))).document(data)
    return text, load(text).data


def paths(data: Any, done: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [done] if done else []
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in below:
        found += paths(value, (*done, key))
    return found


def extent(text: str, path: tuple[Any, ...]) -> tuple[int, int]:
    """The lines that the top-level pair of a path covers."""
    root = parse(text)
    assert root is not None
    index = next(index for index, pair in enumerate(root.pairs) if pair.name == path[0])
    start = root.pairs[index].key.start
    return text.rfind("\n", 0, start) + 1, _end_of_line(text, root.pairs[index].value)


def _end_of_line(text: str, span: Span) -> int:
    end = text.find("\n", span.end)
    return len(text) if end < 0 else end + 1


def solid_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


bounded = settings(max_examples=120, derandomize=True, deadline=None, database=None)


@bounded
@given(made=texts(), data=st.data())
def test_setting_any_value_anywhere_leaves_the_bytes_around_alone(made: tuple[str, Any], data: Any) -> None:
    text, old = made
    path = data.draw(st.sampled_from(paths(old)))
    value = data.draw(values)
    new = set_value(text, path, value)
    got = load(new).data
    for key in path:
        got = got[key]
    assert identical(got, value)
    start, end = extent(text, path)
    assert new.startswith(text[:start])
    assert new.endswith(text[end:])


@bounded
@given(made=texts(), data=st.data())
def test_a_plain_scalar_is_changed_within_its_line(made: tuple[str, Any], data: Any) -> None:
    text, old = made
    path = data.draw(st.sampled_from(paths(old)))
    new = set_value(text, path, "fresh")
    value = old
    for key in path:
        value = value[key]
    if not isinstance(value, (dict, list)) and "\n" not in str(value):
        pairs = zip(text.splitlines(), new.splitlines(), strict=True)
        assert sum(before != after for before, after in pairs) <= 1


@bounded
@given(made=texts(), data=st.data())
def test_deleting_anything_leaves_the_rest_of_the_meaning(made: tuple[str, Any], data: Any) -> None:
    text, old = made
    path = data.draw(st.sampled_from(paths(old)))
    new = delete(text, path)
    start, end = extent(text, path)
    before, after = solid_lines(text[:start]), solid_lines(text[end:])
    left = solid_lines(new)
    assert left[: len(before)] == before
    assert left[len(left) - len(after) :] == after


@bounded
@given(made=texts(), name=st.sampled_from(["new", "no", "5:30", "a: b", "it's", "x, y"]), data=st.data())
def test_renaming_changes_one_line(made: tuple[str, Any], name: str, data: Any) -> None:
    text, old = made
    path = data.draw(st.sampled_from([path for path in paths(old) if isinstance(path[-1], str)]))
    new = rename(text, path, name)
    pairs = zip(text.splitlines(), new.splitlines(), strict=True)
    assert sum(before != after for before, after in pairs) == 1


@bounded
@given(made=texts(), data=st.data())
def test_a_new_key_adds_lines_and_takes_none(made: tuple[str, Any], data: Any) -> None:
    text, _ = made
    new = set_value(text, ("brand new",), data.draw(values))
    rest = iter(new.splitlines())
    assert all(any(line == other for other in rest) for line in text.splitlines())
