"""New YAML for a value, in the manner of the file that it goes into.

Strings that YAML 1.1 would read as something else (``yes``, ``12:30``, ``0777``) are quoted, booleans are written with
the words that the file uses, lists are indented as the file's other lists are.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from server.config import nodes
from server.config.spans import Span

if TYPE_CHECKING:
    from ruamel.yaml import YAML

_STRING_TAG = "tag:yaml.org,2002:str"

LONGEST_KEY = 1000
"""Characters of a key that stands before a `:`; the parser's limit is 1024, with all quotes and escapes."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written: ``step`` columns for a mapping in a mapping, ``dash`` columns before a list's dashes."""

    newline: str = "\n"
    step: int = 2
    dash: int = 2
    true: str = "yes"
    false: str = "no"
    blocks: bool = True
    """Whether a text of several lines may be written as a block."""
    apart: bool = False
    """Whether merge keys give way to what they bring where a key is removed, which may be one of theirs."""

    @classmethod
    def of(cls, text: str, root: Span | None) -> Style:
        """The style that a text mostly uses."""
        steps: Counter[int] = Counter()
        dashes: Counter[int] = Counter()
        if root is not None:
            _measure(text, root, steps, dashes)
        words = Counter(re.findall(r"(?m)[:\-,\[{]\s+(yes|no|true|false)\b", text))
        plain = words["true"] + words["false"] > words["yes"] + words["no"]
        return cls(
            newline="\r\n" if "\r\n" in text else "\n",
            step=_most(steps, 2),
            dash=_most(dashes, 2),
            true="true" if plain else "yes",
            false="false" if plain else "no",
        )


def column(text: str, index: int) -> int:
    """How many characters stand before a place in its line."""
    return index - (text.rfind("\n", 0, index) + 1)


def _most(found: Counter[int], default: int) -> int:
    return min(found, key=lambda width: (-found[width], width)) if found else default


def _measure(text: str, span: Span, steps: Counter[int], dashes: Counter[int]) -> None:
    for pair in span.pairs:
        value = pair.value
        below_line = value.is_block_collection and "\n" in text[pair.key.end : value.body]
        if not span.flow and below_line:
            offset = column(text, value.body) - column(text, pair.key.start)
            if value.kind == "mapping" and offset > 0:
                steps[offset] += 1
            elif value.kind == "sequence" and offset >= 0:
                dashes[offset] += 1
        _measure(text, value, steps, dashes)
    for item in span.items:
        _measure(text, item, steps, dashes)


def pair_lines(key: Any, value: Any, style: Style, quote: str | None = None) -> list[str]:
    """``key: value`` in block style, without line ends; the first line begins with the key at column 0."""
    return _dump({key: value}, style, flow=False, quote=quote, keys={key}).splitlines()


def item_lines(value: Any, style: Style, quote: str | None = None) -> list[str]:
    """``- value`` in block style, without line ends; the dash stands at column 0."""
    lines = _dump([value], style, flow=False, quote=quote).splitlines()
    dash = len(lines[0]) - len(lines[0].lstrip(" "))
    return [line[dash:] for line in lines]


def flow_text(value: Any, style: Style, quote: str | None = None) -> str:
    """A value as it stands inside of ``[ ]`` or ``{ }``, in one line."""
    # Inside of a mapping, because a list would leave the braces of a mapping with one key away.
    return _dump({"k": value}, style, flow=True, quote=quote, keys={"k"}).strip()[len("{k:") : -1].strip()


def flow_pair(key: Any, value: Any, style: Style) -> str:
    """``key: value`` as it stands inside of ``{ }``, in one line."""
    return _dump({key: value}, style, flow=True).strip()[1:-1].strip()


def is_plain_text(value: str) -> bool:
    """Whether YAML 1.1 reads these characters, written without quotes, as text."""
    return nodes.resolve_tag(value, (True, False)) == _STRING_TAG


def _dump(value: Any, style: Style, *, flow: bool, quote: str | None = None, keys: set[Any] | None = None) -> str:
    text = ""
    # Where plain and literal texts fail for some odd character, the careful form quotes all; `keys` only at last.
    for careful, plain in ((False, keys), (True, keys), (True, None)):
        text = _emit(value, style, flow=flow, quote='"' if careful else quote, careful=careful, keys=plain)
        try:
            if identical(yaml.safe_load(text), value):
                return text
        except yaml.YAMLError:
            continue
    return text


def identical(one: Any, two: Any) -> bool:
    """Equality that tells 1 from true and from 1.0, and takes NaN as itself. The order of keys does not count."""
    if type(one) is not type(two):
        return False
    if isinstance(one, dict):
        if len(one) != len(two):
            return False
        kinds = {(type(key), key): key for key in two}
        return all((type(key), key) in kinds and identical(below, two[key]) for key, below in one.items())
    if isinstance(one, list):
        return len(one) == len(two) and all(map(identical, one, two))
    return bool(one == two or (one != one and two != two))


def common_ends(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """How many items at the beginning of two lists are :func:`identical`, and how many of the others at their end."""
    most = min(len(old), len(new))
    head = 0
    while head < most and identical(old[head], new[head]):
        head += 1
    tail = 0
    while tail < most - head and identical(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return head, tail


@dataclass(frozen=True, slots=True)
class _Word:
    """A boolean, as the word to write."""

    text: str


def _emit(value: Any, style: Style, *, flow: bool, quote: str | None, careful: bool, keys: set[Any] | None) -> str:
    ready = _prepare(value, style, flow=flow, quote=quote, careful=careful, keys=keys or set(), top=True)
    out = io.StringIO()
    _yaml(style).dump(ready, out)
    return out.getvalue()


def _yaml(style: Style) -> YAML:
    from ruamel.yaml import YAML
    from ruamel.yaml.emitter import Emitter

    class LongKeys(Emitter):
        MAX_SIMPLE_KEY_LENGTH = LONGEST_KEY

    emitter = YAML(typ="rt")
    emitter.Emitter = LongKeys
    emitter.width = 1 << 30
    emitter.allow_unicode = True
    emitter.indent(mapping=style.step, sequence=style.dash + 2, offset=style.dash)
    emitter.representer.add_representer(_Word, _represent_word)
    emitter.representer.add_representer(
        type(None), lambda representer, _: representer.represent_scalar("tag:yaml.org,2002:null", "null")
    )
    emitter.representer.add_representer(float, _represent_float)
    return emitter


def _represent_float(representer: Any, value: float) -> Any:
    # YAML 1.1 knows an exponent only behind a point: `1e-05` would be a text
    digits, sign, exponent = repr(value).partition("e")
    text = f"{digits}.0e{exponent}" if sign and "." not in digits else _INFINITE.get(repr(value), repr(value))
    return representer.represent_scalar("tag:yaml.org,2002:float", text)


_INFINITE = {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}


def _represent_word(representer: Any, word: _Word) -> Any:
    # To ruamel, which thinks in YAML 1.2, `yes` is a plain text; as such it comes out without quotes.
    tag = "tag:yaml.org,2002:bool" if word.text in ("true", "false") else _STRING_TAG
    return representer.represent_scalar(tag, word.text)


def _prepare(
    value: Any, style: Style, *, flow: bool, quote: str | None, careful: bool, keys: set[Any], top: bool
) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, dict):
        mapping = CommentedMap()
        for key, below in value.items():
            name = _scalar(key, style, flow=True, quote=None, careful=careful and not (top and key in keys))
            mapping[name] = _prepare(below, style, flow=flow, quote=quote, careful=careful, keys=keys, top=False)
        if flow or not value:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, (list, tuple)):
        sequence = CommentedSeq(
            _prepare(item, style, flow=flow, quote=quote, careful=careful, keys=keys, top=False) for item in value
        )
        if flow or not value:
            sequence.fa.set_flow_style()
        return sequence
    return _scalar(value, style, flow=flow, quote=quote, careful=careful)


def _scalar(value: Any, style: Style, *, flow: bool, quote: str | None, careful: bool) -> Any:
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, SingleQuotedScalarString

    if isinstance(value, bool):
        return _Word(style.true if value else style.false)
    if not isinstance(value, str):
        return value
    if careful or quote == '"':
        return DoubleQuotedScalarString(value)
    if "\n" in value:
        block = style.blocks and not flow and _fits_literal(value)
        return LiteralScalarString(value) if block else DoubleQuotedScalarString(value)
    if quote == "'" or not is_plain_text(value) or value in ("", "<<", "="):
        return SingleQuotedScalarString(value)
    return value


def _fits_literal(value: str) -> bool:
    """Whether a text survives as a literal block: no odd white space at the edges, nothing unprintable."""
    lines = value.split("\n")
    if not value.strip() or value[0] in " \n\t" or any(line != line.rstrip() for line in lines):
        return False
    return not value.endswith("\n\n") and all(char.isprintable() or char in "\n\t" for char in value)
