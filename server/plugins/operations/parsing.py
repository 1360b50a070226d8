"""``parsing``"""

from __future__ import annotations

from server.engine.errors import PluginError
from server.engine.plugin import NOWHERE, Plugin
from server.engine.task import Task
from server.parsing.guessit_titles import ParserMissing, load

_PARSER = {"type": "string", "enum": ["internal", "guessit"], "examples": ["guessit"]}


class Parsing(Plugin):
    """Chooses what reads titles in a task: the parser that is built in, or the library guessit.

    guessit understands more manners of naming, and is some thirty times slower. It needs the extra:
    ``pip install flexget-tray[guessit]``.

    Example::

        parsing:
          series: guessit
          movie: internal
    """

    schema = {
        "type": "object",
        "properties": {
            "series": {**_PARSER, "title": "Series", "description": "Reads shows and episodes."},
            "movie": {**_PARSER, "title": "Movies", "description": "Reads names and years of movies."},
        },
        "additionalProperties": False,
        "title": "Parsers",
        "description": "What reads titles; `internal` unless said.",
        "examples": [{"series": "guessit"}],
    }
    category = "operation"
    acts_in = NOWHERE

    def on_task_start(self, task: Task, config: dict[str, str]) -> None:
        """See to it that the parser is there."""
        if "guessit" in config.values():
            try:
                load()
            except ParserMissing as error:
                raise PluginError(str(error)) from error
