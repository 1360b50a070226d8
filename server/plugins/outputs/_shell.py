"""Values of strangers in shell commands, such that no value ever becomes syntax.

A command is a template. Its values are not written into the command's text: each is put into a variable of the
command's environment, and the text refers to the variable in the way that fits the quotes around it::

    prepare('echo "{{title}}" {{url}}', {"title": 'x"; rm -rf ~', "url": "http://example.com/"})
    # text: echo "${FLEXGET_1}" "${FLEXGET_2}"     variables: {'FLEXGET_1': 'x"; rm -rf ~', 'FLEXGET_2': 'http:...'}

A shell expands a variable after it has parsed the line, so whatever the value holds is data. (Windows: ``cmd /v:on``,
where ``!FLEXGET_1!`` is expanded after parsing too.) What a program does with its arguments is its own business: a
value handed to ``sh -c`` or ``eval`` is run by that, as everywhere.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined
from jinja2.sandbox import SandboxedEnvironment

from server.engine.errors import RenderError
from server.engine.templates import compile_template

BEGIN, END = "\ue000\ue001", "\ue001\ue000"
"""Marks around a value in the rendered text: private use characters, which are taken out of the values themselves."""

_MARKS = re.compile("[\ue000\ue001]")
_NUMBER = re.compile(r"-?\d+")

WORD_ENDS = frozenset(" \t\n;&|()")
"""Behind one of these a ``#`` begins a comment."""


@dataclass(frozen=True)
class Command:
    """A command's text for the shell, and the variables that it refers to. ``plain``: for the log."""

    text: str
    variables: dict[str, str] = field(default_factory=dict)
    plain: str = ""


class UnsafePlace(RenderError):
    """A value stands where the shell would take it for syntax whatever is done."""


def prepare(template: str, names: Mapping[str, Any], *, windows: bool = sys.platform == "win32") -> Command:
    """The command of a template; raises ``RenderError`` where a field is missing."""
    marked = _render(template, names)
    pieces = list(_pieces(marked))
    plain = "".join(text for text, _ in pieces)
    write = _for_cmd if windows else _for_sh
    text, variables = write(pieces)
    return Command(text, variables, plain)


def _render(template: str, names: Mapping[str, Any]) -> str:
    compiled = _compiled(template)
    try:
        return "".join(compiled.root_render_func(compiled.new_context(names, shared=True)))  # type: ignore[arg-type]
    except TemplateError as error:
        raise RenderError(f"cannot fill in {template!r}: {error.message or error}") from error
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise RenderError(f"cannot fill in {template!r}: {type(error).__name__}: {error}") from error


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    environment = compile_template("").environment
    if not isinstance(environment, SandboxedEnvironment):
        raise RenderError("commands are filled in by the sandbox only")
    marking = environment.overlay(finalize=_marked, undefined=StrictUndefined)
    try:
        return marking.from_string(template)
    except TemplateSyntaxError as error:
        raise RenderError(f"the command {template!r} is wrong at line {error.lineno}: {error.message}") from error


def _marked(value: Any) -> Any:
    if isinstance(value, Undefined):
        return value
    return f"{BEGIN}{_MARKS.sub('', str(value))}{END}"


def _pieces(marked: str) -> Iterator[tuple[str, bool]]:
    """(text, whether it is a value) in order."""
    depth = 0
    for part in re.split(f"({BEGIN}|{END})", marked):
        if part == BEGIN:
            depth += 1
        elif part == END:
            depth -= 1
        elif part:
            yield part, depth > 0


def _for_sh(pieces: list[tuple[str, bool]]) -> tuple[str, dict[str, str]]:
    written: list[str] = []
    variables: dict[str, str] = {}
    place = _Place()
    for text, is_value in pieces:
        if not is_value:
            place.read(text)
            written.append(text)
            continue
        name = f"FLEXGET_{len(variables) + 1}"
        variables[name] = text.replace("\0", "")
        written.append(place.reference(name, text))
    return "".join(written), variables


class _Place:
    """Where in a shell's text we are, as a stack.

    ``n`` no quotes, single, double or back quotes, ``a`` arithmetic, ``#`` a comment.
    """

    def __init__(self) -> None:
        self._stack = ["n"]
        self._escaped = False
        self._fresh = True  # a word may begin here
        self._depths = [0]

    def read(self, text: str) -> None:
        """Go on over text of the command itself."""
        position = 0
        while position < len(text):
            char = text[position]
            position += self._step(text, position)
            self._fresh = char in WORD_ENDS

    def _step(self, text: str, at: int) -> int:
        char, top = text[at], self._stack[-1]
        if self._escaped:
            self._escaped = False
            return 1
        if top in ("'", "#"):
            if char == ("'" if top == "'" else "\n"):
                self._stack.pop()
            return 1
        if char == "\\":
            self._escaped = True
        elif char == "#" and top == "n" and self._fresh:
            self._stack.append("#")
        elif char == "`":
            self._toggle("`")
        elif char == '"':
            self._toggle('"')
        elif char == "'" and top != '"':
            self._stack.append("'")
        elif text.startswith("$((", at):
            self._open("a")
            return 3
        elif text.startswith("$(", at):
            self._open("n")
            return 2
        elif char == "(" and top in "na":
            self._depths[-1] += 1
        elif char == ")" and top in "na":
            return self._close(text, at)
        return 1

    def _toggle(self, quote: str) -> None:
        if self._stack[-1] == quote:
            self._stack.pop()
            if quote == "`":
                self._depths.pop()
        else:
            self._stack.append(quote)
            if quote == "`":
                self._depths.append(0)

    def _open(self, kind: str) -> None:
        self._stack.append(kind)
        self._depths.append(0)

    def _close(self, text: str, at: int) -> int:
        if self._depths[-1]:
            self._depths[-1] -= 1
        elif len(self._stack) > 1:
            kind = self._stack.pop()
            self._depths.pop()
            return 2 if kind == "a" and text.startswith("))", at) else 1
        return 1

    def reference(self, name: str, value: str) -> str:
        """What stands for a value at this place."""
        top = self._stack[-1]
        if "a" in self._stack:
            if not _NUMBER.fullmatch(value):
                raise UnsafePlace(f"{value!r} stands inside $(( )), where the shell takes numbers only")
            return value
        lead = "\\" if self._escaped else ""  # a backslash before the value stays a backslash
        self._escaped = self._fresh = False
        if top == "'":
            return f"'\"${{{name}}}\"'"
        if top == '"':
            return f"{lead}${{{name}}}"
        return f'{lead}"${{{name}}}"'


def _for_cmd(pieces: list[tuple[str, bool]]) -> tuple[str, dict[str, str]]:
    written: list[str] = []
    variables: dict[str, str] = {}
    quoted = False
    for text, is_value in pieces:
        if is_value:
            name = f"FLEXGET_{len(variables) + 1}"
            variables[name] = re.sub(r"[\0\r\n]", " ", text)
            written.append(f"!{name}!")
            continue
        for char in text:
            quoted ^= char == '"'
            written.append(("^!" if quoted else "^^!") if char == "!" else char)
    return "".join(written), variables
