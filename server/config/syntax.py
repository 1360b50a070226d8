"""YAML's own error messages in plain words: what is wrong, what was expected, what to do."""

from __future__ import annotations

import re

import yaml

from server.config.errors import Issue, KeyPath, did_you_mean

_KEY = re.compile(r"^(?P<indent> *)(?:- +)*(?P<key>[^\s#'\"{\[&*!|>%@`-][^#]*?|'[^']*'|\"[^\"]*\")\s*:(?:\s|$)")
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)")

_WORDS: tuple[tuple[str, str, str, str], ...] = (
    # part of the parser's problem, message, expected, what to do
    (
        "cannot start any token",
        "A character stands here that no value can begin with.",
        "a key, a value or a list item",
        "Put the value in quotes if the character belongs to it.",
    ),
    (
        "mapping values are not allowed",
        "There is a `:` where no key can stand.",
        "one `key: value` in a line",
        "Put the value in quotes if it contains `: `, or check the indentation of this line and the one above.",
    ),
    (
        "expected <block end>",
        "The indentation does not fit to the lines above.",
        "the same indentation as the keys or items beside it",
        "Move the line so that it stands below its neighbours.",
    ),
    (
        "did not find expected key",
        "The indentation does not fit to the lines above, or a quote or bracket is out of place.",
        "a key with the same indentation as those beside it",
        "Move the line so that it stands below its neighbours; quotes around a value must enclose all of it.",
    ),
    (
        "did not find expected '-' indicator",
        "The indentation of this list does not fit to the items above.",
        "an item that begins with `- `, at the same indentation as the others",
        "Move the line so that it stands below its neighbours.",
    ),
    (
        "could not find expected ':'",
        "A key has no `:` behind it.",
        "`key: value`",
        "Add the colon, or put text that goes over several lines in quotes.",
    ),
    (
        "unexpected end of stream",
        "A quote was opened and is never closed.",
        "the closing quote",
        "Close the quote where the text ends.",
    ),
    (
        "expected ',' or",
        "A `[` or `{` was opened and is not closed properly.",
        "`,` between the items and the closing bracket at the end",
        "Close the bracket, or add the missing comma.",
    ),
    (
        "did not find expected node content",
        "A value is missing behind `[`, `{` or `,`, or the bracket is never closed.",
        "a value, or the closing bracket",
        "Close the bracket, or add the missing value.",
    ),
    (
        "unknown escape character",
        "A backslash in double quotes stands before a character that it cannot escape.",
        "an escape that YAML knows, such as `\\n` or `\\\\`",
        "Use single quotes: in them a backslash is just a backslash (regular expressions, Windows paths).",
    ),
    (
        "expected a single document",
        "The file holds more than one YAML document.",
        "one document",
        "Remove the second `---`.",
    ),
    (
        "could not determine a constructor",
        "This tag is not known here.",
        "a plain value",
        "Remove the word that begins with `!`, or put the text in quotes.",
    ),
    (
        "unhashable key",
        "A list or mapping cannot be a key.",
        "a simple text as key",
        "Put the key in quotes; `{` and `[` at the beginning of a value begin a mapping or a list.",
    ),
    (
        "expected alphabetic or numeric character",
        "The name behind `&` or `*` is not one that YAML allows.",
        "a name of letters and digits",
        "Put a value that begins with `*` or `&` in quotes.",
    ),
    (
        "expected a mapping",
        "A merge key (`<<`) must name a mapping.",
        "`<<: *name` of a mapping, or a list of such",
        "Use a plain key here.",
    ),
)


def explain(error: yaml.YAMLError, text: str, name: str | None) -> Issue:
    """The finding for an error of the YAML parser."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unacceptable(error, text, name)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    told = [getattr(error, "context", None), getattr(error, "problem", None)]
    problem = "; ".join(part for part in told if part) or str(error)
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    lines = text.splitlines()
    if line >= len(lines) > 0:
        # libyaml tells of the end of the text as of a line that no editor shows
        line, column = len(lines) - 1, len(lines[-1])
    issue = _tab(lines, line, column, problem) or _alias(problem, text, lines, line) or _quote(error, problem)
    if issue is None:
        issue = _by_words(problem)
    if issue.line is not None:
        line, column = issue.line - 1, (issue.column or 1) - 1
    return Issue(
        issue.message,
        file=name,
        line=line + 1,
        column=column + 1,
        key_path=path_around(lines, line),
        expected=issue.expected,
        suggestion=issue.suggestion,
    )


def not_utf8(raw: bytes, error: UnicodeDecodeError, name: str | None) -> Issue:
    """The finding for a file in another encoding than UTF-8."""
    before = raw[: error.start]
    line = before.count(b"\n")
    column = len(before) - (before.rfind(b"\n") + 1)
    return Issue(
        f"The file is not UTF-8: the byte 0x{raw[error.start]:02x} cannot be read.",
        file=name,
        line=line + 1,
        column=column + 1,
        expected="a text file in UTF-8",
        suggestion="Save it as UTF-8 in your editor.",
    )


def path_around(lines: list[str], line: int) -> KeyPath:
    """The keys that a line stands below, judged by indentation: works in files that cannot be parsed."""
    path: list[str | int] = []
    limit: int | None = None
    for number in range(min(line, len(lines) - 1), -1, -1):
        match = _KEY.match(lines[number])
        if match is None:
            continue
        indent = len(match["indent"])
        if limit is None or indent < limit:
            path.append(match["key"].strip("'\""))
            limit = indent
        if limit == 0:
            break
    return tuple(reversed(path))


def _by_words(problem: str) -> Issue:
    for part, message, expected, remedy in _WORDS:
        if part in problem:
            return Issue(message, expected=expected, suggestion=remedy)
    return Issue(f"This is not valid YAML: {problem}.", suggestion="Compare the line with its neighbours.")


def _tab(lines: list[str], line: int, column: int, problem: str) -> Issue | None:
    """A tab among the indentation, be it this line's or the one before (where the parser stumbles one line late)."""
    for number in (line, line - 1):
        if not 0 <= number < len(lines):
            continue
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        if "\t" in indent:
            return Issue(
                "A tab is used for indentation.",
                line=number + 1,
                column=indent.index("\t") + 1,
                expected="spaces",
                suggestion="Replace each tab by spaces, as many as the lines beside it have.",
            )
    if "'\\t'" in problem:
        return Issue("A tab stands where a value begins.", expected="spaces", suggestion="Replace the tab by a space.")
    return None


def _alias(problem: str, text: str, lines: list[str], line: int) -> Issue | None:
    undefined = re.search(r"undefined alias(?: '([^']*)')?", problem)
    if undefined is not None:
        name = undefined[1] or _name_after(lines, line, "*")
        known = sorted(set(_ANCHOR.findall(text)))
        return Issue(
            f"The alias `*{name}` stands for an anchor that is not set above this line.",
            expected=f"`&{name}` somewhere above" if name else "an anchor somewhere above",
            suggestion=did_you_mean(name, known) or "Put the value in quotes if it is meant as text.",
        )
    if "duplicate anchor" in problem:
        name = _name_after(lines, line, "&")
        return Issue(
            f"The anchor `&{name}` is set twice.",
            expected="a name of its own for each anchor",
            suggestion="Give the second one another name.",
        )
    return None


def _name_after(lines: list[str], line: int, sign: str) -> str:
    match = re.search(re.escape(sign) + r"([^\s,\[\]{}]+)", lines[line]) if 0 <= line < len(lines) else None
    return match[1] if match else ""


def _quote(error: yaml.YAMLError, problem: str) -> Issue | None:
    """An open quote is told at the line where it was opened, not at the end of the file."""
    opened = getattr(error, "context_mark", None)
    context = getattr(error, "context", None) or ""
    if opened is None or "quoted scalar" not in context or "end of stream" not in problem:
        return None
    found = _by_words(problem)
    return Issue(
        found.message,
        line=opened.line + 1,
        column=opened.column + 1,
        expected=found.expected,
        suggestion=found.suggestion,
    )


def _unacceptable(error: yaml.reader.ReaderError, text: str, name: str | None) -> Issue:
    index = next((at for at, char in enumerate(text) if _is_control(char)), 0)
    code = ord(text[index]) if text else 0
    before = text[:index]
    return Issue(
        f"The file holds a character that YAML does not allow (U+{code:04X}).",
        file=name,
        line=before.count("\n") + 1,
        column=index - before.rfind("\n"),
        expected="printable text",
        suggestion="Remove it; most editors can show invisible characters.",
    )


def _is_control(char: str) -> bool:
    code = ord(char)
    if code < 160:
        return (code < 32 and char not in "\t\n\r") or (code >= 127 and code != 0x85)
    return 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)
