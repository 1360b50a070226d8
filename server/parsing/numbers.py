"""Numbers as titles write them: digits, Roman numerals, words."""

from __future__ import annotations

from typing import Final

WORDS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
#: Pattern for a Roman numeral up to thirty-nine, lower case, at least one character.
ROMAN: Final = r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})"
_VALUES: Final = {"i": 1, "v": 5, "x": 10}


def number(text: str) -> int:
    """The value of digits, of a Roman numeral or of a number word ("12", "iv", "three"), lower case.

    Raises ValueError for anything else.
    """
    if text.isdecimal():
        return int(text)
    if text in WORDS:
        return WORDS.index(text) + 1
    values = [_VALUES.get(letter, 0) for letter in text]
    if not values or 0 in values:
        raise ValueError(f"not a number: {text!r}")
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))
