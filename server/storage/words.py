"""Rows that hold all words of what somebody typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

MOST_WORDS = 20
"""More words than this are passed over: nobody types them, and each costs a look at every row."""


def words_of(text: str) -> list[str]:
    """The words of a text in lower case; dots, underscores and dashes are blanks, as in names of releases."""
    return text.lower().replace(".", " ").replace("_", " ").replace("-", " ").split()[:MOST_WORDS]


def holds_words(column: ColumnElement[Any], text: str) -> list[ColumnElement[bool]]:
    """Conditions for ``where``: the column holds every word, in any order and case."""
    return [column.icontains(word, autoescape=True) for word in words_of(text)]
