"""Texts with ``{{ fields }}``, in a Jinja sandbox; each text is compiled once.

    render("{{ series_name }}/Season {{ series_season }}", entry)

Filters carry the reference's names (``pathscrub``, ``re_search``, ``formatdate``, ...). Values of a template can
come from strangers' feeds, so attributes that lead out of the data are closed, loops and output are bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, UndefinedError
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from server.engine.errors import RenderError
from server.engine.moments import Moment
from server.engine.template_filters import FILTERS, TESTS
from server.engine.template_marks import is_template

MAX_OUTPUT = 1_000_000
"""Characters that one rendering may give."""


class MissingField(RenderError):
    """An expression names a field that is not there."""


class _Fields(Context):
    """Looks names up in the entry itself, so that a lazy field is found out only when a template names it."""

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        try:
            return self.parent[key]
        except KeyError:
            if key == "now":
                return Moment.now().astimezone()
            if key == "has_field":
                return self.parent.__contains__
            return _GLOBALS.get(key, missing)


class _Sandbox(SandboxedEnvironment):
    context_class = _Fields
    # Jinja's own bound for range(); repeated strings are bounded below.

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "*" and any(isinstance(side, (str, bytes, list, tuple)) for side in (left, right)):
            size = max((len(side) for side in (left, right) if isinstance(side, (str, bytes, list, tuple))), default=0)
            times = left if isinstance(left, int) else right
            if isinstance(times, int) and size * times > MAX_OUTPUT:
                raise RenderError("the template repeats a text too often")
        if operator == "**" and isinstance(right, (int, float)) and abs(right) > 1000:
            raise RenderError("the template raises a number to too high a power")
        return super().call_binop(context, operator, left, right)

    intercepted_binops = frozenset({"*", "**"})


def _globals() -> dict[str, Any]:
    return {
        "timedelta": timedelta,
        "utcnow": lambda: datetime.utcnow(),
        **{function.__name__: function for function in (all, any, float, int, len, sorted, str)},
        "unicode": str,
    }


def _environment(undefined: type[Undefined]) -> SandboxedEnvironment:
    environment = _Sandbox(undefined=undefined, keep_trailing_newline=True, extensions=["jinja2.ext.loopcontrols"])
    environment.filters.update(FILTERS)
    environment.tests.update(TESTS)
    return environment


_STRICT = _environment(StrictUndefined)
_GLOBALS: dict[str, Any] = {**_STRICT.globals, **_globals()}


@lru_cache(maxsize=2048)
def compile_template(text: str) -> Template:
    """The compiled template; raises :class:`RenderError` that says where it is wrong."""
    try:
        return _STRICT.from_string(text)
    except TemplateSyntaxError as error:
        raise RenderError(f"the template {text!r} is wrong at line {error.lineno}: {error.message}") from error


def render(text: str, fields: Mapping[str, Any], **extra: Any) -> str:
    """The text with its fields filled in. A missing field raises :class:`RenderError`."""
    if not is_template(text):
        return text
    template = compile_template(text)
    names: Mapping[str, Any] = _Layered(extra, fields) if extra else fields
    context = template.new_context(names, shared=True)  # type: ignore[arg-type]
    parts: list[str] = []
    size = 0
    try:
        for part in template.root_render_func(context):
            parts.append(part)
            size += len(part)
            if size > MAX_OUTPUT:
                raise RenderError(f"the template {text[:60]!r} gives more than {MAX_OUTPUT} characters")
    except RenderError:
        raise
    except TemplateError as error:
        raise RenderError(f"cannot fill in {text!r}: {error.message or error}") from error
    except Exception as error:  # a filter met a value it cannot use: the template's fault, not the program's
        raise RenderError(f"cannot fill in {text!r}: {type(error).__name__}: {error}") from error
    return "".join(parts)


class _Layered(dict[str, Any]):
    """Extra names before an entry's own fields."""

    def __init__(self, extra: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
        super().__init__(extra)
        self._fields = fields

    def __missing__(self, key: str) -> Any:
        return self._fields[key]


@lru_cache(maxsize=2048)
def compile_expression(text: str) -> Callable[[Mapping[str, Any]], Any]:
    """An expression such as ``title == 'x' and imdb_score > 7`` as a function of the fields.

    The function gives the value; it raises :class:`MissingField` where a field is missing, else :class:`RenderError`.
    """
    try:
        template = _STRICT.from_string("{% set result = (" + text + ") %}")
        _STRICT.compile_expression(text)
    except TemplateSyntaxError as error:
        raise RenderError(f"the expression {text!r} is wrong: {error.message}") from error

    def evaluate(fields: Mapping[str, Any]) -> Any:
        context = template.new_context(fields, shared=True)  # type: ignore[arg-type]
        try:
            for _ in template.root_render_func(context):
                pass
        except RenderError:
            raise
        except UndefinedError as error:
            raise MissingField(str(error.message or error)) from error
        except TemplateError as error:
            raise RenderError(str(error.message or error)) from error
        except Exception as error:
            raise RenderError(f"{type(error).__name__}: {error}") from error
        value = context.vars.get("result")
        if isinstance(value, Undefined):
            raise MissingField(value._undefined_message)
        return value

    return evaluate
