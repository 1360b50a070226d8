"""``parser_internal``"""

from __future__ import annotations

from server.engine.plugin import Plugin


class ParserInternal(Plugin):
    """The parser that is built in: what reads titles unless ``parsing`` says otherwise.

    Example::

        parsing:
          series: internal
          movie: internal
    """

    interfaces = ("movie_parser", "series_parser")
    category = "parser"
