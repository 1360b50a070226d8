"""``metainfo_series``"""

from __future__ import annotations

import re
from dataclasses import replace

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.parsing.names import title_case
from server.parsing.quality import Quality
from server.parsing.series import Options, SeriesParse, parse_series
from server.plugins._parsers import SeriesParser, parsers_of

_STRICT = Options(allow_seasonless=False)
_NUMBER_ALONE = re.compile(
    r"(?<![^\W_])(?:(?:e|ep|episode|part|pt)[\W_]*(?:\d|[ivx]+(?![^\W_]))|\d{1,3}[\W_]*of[\W_]*\d)", re.IGNORECASE
)
# Known of every episode, so that templates may ask for them: not a pack, no group that was looked for.
_ALWAYS = ("season_pack", "release_group")
_NOT_WORD = re.compile(r"[\W_]+")


class MetainfoSeries(Plugin):
    """Reads show, season and episode from titles that look like episodes, whatever show it is.

    Example::

        metainfo_series: yes
    """

    schema = {
        "type": "boolean",
        "title": "Series fields",
        "description": "Whether to read them.",
        "examples": [True],
    }
    category = "metainfo"

    @priority(120)
    def on_task_metainfo(self, task: Task, config: bool) -> None:
        """Entries that have a show already keep it."""
        if config is False:
            return
        parser = parsers_of(task).series
        for entry in task.entries:
            guess(entry, parser)


def guess(entry: Entry, parser: SeriesParser = parse_series, *, allow_seasonless: bool = False) -> SeriesParse | None:
    """Set the fields of an entry whose title looks like an episode; None where it does not, or is known already."""
    if entry.get("series_name", None, False) and not entry.get("series_guessed", None, False):
        return None
    parse = parser(entry["title"], None, _STRICT)
    if parse is None and allow_seasonless and parser is parse_series:
        parse = _guess_seasonless(entry["title"])
    if parse is None:
        return None
    set_series_fields(entry, parse, parse.id_type if parser is parse_series else "auto")
    return parse


def _guess_seasonless(title: str) -> SeriesParse | None:
    """The show is what stands before "Part 2", "E03" or "1of4"."""
    match = _NUMBER_ALONE.search(title)
    name = title_case(_NOT_WORD.sub(" ", title[: match.start()])) if match else ""
    parse = parse_series(title, name) if name else None
    return replace(parse, guessed=True) if parse is not None and parse.id_type == "ep" else None


def set_series_fields(entry: Entry, parse: SeriesParse, identified_by: str) -> None:
    """The fields that templates and other plugins know an episode by."""
    fields = {name: value for name, value in parse.fields().items() if value is not None or name in _ALWAYS}
    fields["series_identified_by"] = identified_by
    if not parse.quality and isinstance(entry.get("quality", None, False), Quality):
        del fields["quality"]
    entry["series_name"], entry["series_id"] = fields.pop("series_name"), fields.pop("series_id")
    entry.put_quietly(fields)
