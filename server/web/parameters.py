"""Query and path parameters: typed, described once, read and refused in one place.

>>> Boolean("remember", "keep the sign-in for a year").read("TRUE")
True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote_to_bytes

from server.web.errors import QueryInvalid

LARGEST = 2**63 - 1
"""Beyond this SQLite has no integers: such an ID cannot exist, such a number is refused."""

_TRUE = frozenset({"1", "true"})
_FALSE = frozenset({"0", "false", ""})


@dataclass(frozen=True)
class Parameter:
    """A text in the query string; the other kinds below refine it. ``default=None`` means: absent."""

    name: str
    description: str = ""
    default: Any = field(default=None, kw_only=True)
    required: bool = field(default=False, kw_only=True)

    def read(self, text: str) -> Any:
        """The value of ``text``; raises ValueError with what was expected."""
        return text

    def schema(self) -> dict[str, Any]:
        """JSON schema of the value, for the documents."""
        return {"type": "string"} | ({} if self.default is None else {"default": self.default})


class Text(Parameter):
    """Any text."""


class Boolean(Parameter):
    """``1``, ``true``, ``0``, ``false`` in any case; a name without a value is false."""

    def read(self, text: str) -> bool:
        word = text.lower()
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        raise ValueError(f"expected one of 1, true, 0, false; got `{text}`")

    def schema(self) -> dict[str, Any]:
        return {**super().schema(), "type": "boolean"}


@dataclass(frozen=True)
class Integer(Parameter):
    """A whole number of at least ``minimum``; larger ones than ``cap`` count as ``cap``."""

    minimum: int | None = field(default=None, kw_only=True)
    cap: int | None = field(default=None, kw_only=True)

    def read(self, text: str) -> int:
        digits = text[1:] if text[:1] in ("-", "+") else text
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 19:
            raise ValueError(f"expected a whole number, got `{text[:40]}`")
        value = int(text)
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"expected a number of at most {LARGEST}")
        if self.minimum is not None and value < self.minimum:
            raise ValueError(f"expected {self.minimum} or more, got {value}")
        return value if self.cap is None else min(value, self.cap)

    def schema(self) -> dict[str, Any]:
        bounds = {} if self.minimum is None else {"minimum": self.minimum}
        return {**super().schema(), "type": "integer", "maximum": LARGEST, **bounds}


@dataclass(frozen=True)
class Choice(Parameter):
    """One of a few words."""

    options: Sequence[str] = field(default=(), kw_only=True)

    def read(self, text: str) -> str:
        if text not in self.options:
            raise ValueError(f"expected one of {', '.join(self.options)}; got `{text[:40]}`")
        return text

    def schema(self) -> dict[str, Any]:
        return {**super().schema(), "enum": list(self.options)}


@dataclass(frozen=True)
class Choices(Choice):
    """Any of a few words, each by the parameter once more (``lookup=a&lookup=b``). Read as a tuple."""

    def read_all(self, texts: Sequence[str]) -> tuple[str, ...]:
        """The distinct values, in the order given."""
        return tuple(dict.fromkeys(self.read(text) for text in texts))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(self.options)}}


class Date(Parameter):
    """A date or date and time in ISO 8601; without a zone it is UTC. Read as an aware datetime."""

    def read(self, text: str) -> datetime:
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"expected a date like {date(2026, 11, 23).isoformat()}, got `{text[:40]}`") from None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value

    def schema(self) -> dict[str, Any]:
        # a default of a date is told in the description: it moves with the day
        return {"type": "string", "format": "date"}


def parse_query(raw: str) -> dict[str, str]:
    """The query string as texts, percent-decoded; of a repeated name the first counts.

    Bad UTF-8 and NUL are refused.
    """
    return {name: texts[0] for name, texts in _parse(raw).items()}


def _parse(raw: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    bad: dict[str, str] = {}
    for piece in raw.split("&"):
        if not piece:
            continue
        name, _, value = piece.partition("=")
        try:
            key, text = decode(name.replace("+", " ")), decode(value.replace("+", " "))
        except ValueError as error:
            bad[name[:100]] = str(error)
            continue
        values.setdefault(key, []).append(text)
    if bad:
        raise QueryInvalid(bad)
    return values


def decode(text: str) -> str:
    """Percent-decode UTF-8; raises ValueError where it is none or holds a NUL."""
    if "%" not in text and text.isascii():
        return text
    try:
        # the request line was read as latin-1: bytes beyond ASCII are taken back as they came
        value = unquote_to_bytes(text.encode("latin-1")).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("expected text in UTF-8, percent-encoded") from None
    if "\0" in value:
        raise ValueError("a NUL character is not allowed")
    return value


def read_query(raw: str, declared: Sequence[Parameter]) -> dict[str, Any]:
    """Values of the declared parameters; unknown ones are passed over. Raises QueryInvalid naming each bad one."""
    given = _parse(raw) if raw else {}
    values: dict[str, Any] = {}
    bad: dict[str, str] = {}
    for parameter in declared:
        texts = given.get(parameter.name)
        if texts is None:
            if parameter.required:
                bad[parameter.name] = "is missing and required"
            values[parameter.name] = () if isinstance(parameter, Choices) else parameter.default
            continue
        try:
            if isinstance(parameter, Choices):
                values[parameter.name] = parameter.read_all(texts)
            else:
                values[parameter.name] = parameter.read(texts[0])
        except ValueError as error:
            bad[parameter.name] = str(error)
    if bad:
        raise QueryInvalid(bad)
    return values
