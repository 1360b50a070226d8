"""``regexp_parse``"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin
from server.engine.task import Task
from server.plugins.inputs._source import decode, names_local_file, read

logger = logging.getLogger("regexp_parse")

FLAGS = {
    "DEBUG": re.NOFLAG,  # would print to the console
    "I": re.I,
    "IGNORECASE": re.I,
    "L": re.NOFLAG,  # Python takes it for bytes only
    "LOCALE": re.NOFLAG,
    "M": re.M,
    "MULTILINE": re.M,
    "S": re.S,
    "DOTALL": re.S,
    "U": re.U,
    "UNICODE": re.U,
    "X": re.X,
    "VERBOSE": re.X,
}

_REGEXPS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "regexp": {
                "type": "string",
                "format": "regex",
                "title": "Regular expression",
                "description": "What it matches as a whole is taken.",
                "examples": ["(?<=<title>).*?(?=</title>)"],
            },
            "flags": {
                "type": "string",
                "pattern": rf"^(\s?({'|'.join(FLAGS)})\s?(,|$))+$",
                "title": "Flags",
                "description": "Flags of Python's regular expressions, with commas between them.",
                "examples": ["DOTALL,IGNORECASE"],
            },
        },
        "required": ["regexp"],
        "additionalProperties": False,
    },
}


class RegexpParse(Plugin):
    """Entries cut out of any text by regular expressions.

    `sections` cut the text into pieces, one for each entry; `keys` find the values of its fields there.

    Example::

        regexp_parse:
          source: http://example.com/list.html
          sections:
            - {regexp: '<li>.*?</li>', flags: 'DOTALL,IGNORECASE'}
          keys:
            title:
              regexps:
                - {regexp: '(?<=title=").*?(?=")'}
            url:
              regexps:
                - {regexp: '(?<=href=").*?(?=")'}
    """

    schema = {
        "type": "object",
        "properties": {
            "source": {
                "anyOf": [{"type": "string", "format": "url"}, {"type": "string", "format": "file"}],
                "title": "Source",
                "description": "Address or path of the text.",
                "examples": ["http://example.com/list.html"],
            },
            "encoding": {
                "type": "string",
                "title": "Encoding",
                "description": "The text's character set; as the server says, else UTF-8.",
                "examples": ["latin-1"],
            },
            "sections": {
                **_REGEXPS,
                "title": "Sections",
                "description": "Each match of one of them is a piece with one entry; without any the text is one.",
                "examples": [[{"regexp": "<li>.*?</li>", "flags": "DOTALL"}]],
            },
            "keys": {
                "type": "object",
                "title": "Fields",
                "description": "Field: how its value is found in a piece.",
                "additionalProperties": {
                    "type": "object",
                    "properties": {
                        "regexps": {
                            **_REGEXPS,
                            "title": "Regular expressions",
                            "description": "The first that matches counts.",
                            "examples": [[{"regexp": "(?<=<title>).*?(?=</title>)"}]],
                        },
                        "required": {
                            "type": "boolean",
                            "title": "Required",
                            "description": "Leave a piece out that lacks this field.",
                            "examples": [True],
                        },
                    },
                    "required": ["regexps"],
                    "additionalProperties": False,
                },
                "required": ["title", "url"],
                "examples": [{"title": {"regexps": [{"regexp": "^.*$", "flags": "M"}]}}],
            },
        },
        "required": ["source", "keys"],
        "additionalProperties": False,
    }
    category = "input"

    def on_task_input(self, task: Task, config: dict[str, Any]) -> Iterator[Entry]:
        """One entry for each piece that has a title, a url and all that is required."""
        keys = {name: _compiled(key["regexps"]) for name, key in config["keys"].items()}
        needed = {"title", "url"} | {name for name, key in config["keys"].items() if key.get("required")}
        body, charset = read(task, config["source"])
        text = decode(body, config.get("encoding") or charset)
        for piece in _pieces(text, _compiled(config.get("sections") or ())):
            task.check_cancelled()
            found = {name: value for name, patterns in keys.items() if (value := _first(patterns, piece)) is not None}
            missing = sorted(name for name in needed if not found.get(name))
            if missing:
                logger.debug("A piece of %s without %s was left out", config["source"], ", ".join(missing))
            elif names_local_file(config["source"], found["url"]):
                logger.warning("%s of %s names a local file; left out", found["title"], config["source"])
            else:
                yield Entry(found)


def _compiled(regexps: Any) -> list[re.Pattern[str]]:
    patterns = []
    for item in regexps:
        flags = re.NOFLAG
        for name in item.get("flags", "").split(","):
            flags |= FLAGS.get(name.strip(), re.NOFLAG)
        patterns.append(re.compile(item["regexp"], flags))
    return patterns


def _pieces(text: str, sections: list[re.Pattern[str]]) -> Iterator[str]:
    if not sections:
        yield text
    for pattern in sections:
        yield from (match.group() for match in pattern.finditer(text))


def _first(patterns: list[re.Pattern[str]], piece: str) -> str | None:
    """What the first expression that matches finds; None where none does."""
    return next((match.group() for pattern in patterns if (match := pattern.search(piece))), None)
