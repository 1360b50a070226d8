"""``parser_guessit``"""

from __future__ import annotations

from server.engine.plugin import Plugin


class ParserGuessit(Plugin):
    """Reads titles by the library guessit, where ``parsing`` chooses it.

    It needs the extra: ``pip install flexget-tray[guessit]``.

    Example::

        parsing:
          series: guessit
          movie: guessit
    """

    interfaces = ("movie_parser", "series_parser")
    category = "parser"
