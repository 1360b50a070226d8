"""``imdb``"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server.engine.entry import Entry
from server.engine.plugin import Plugin, priority
from server.engine.task import Task
from server.features.lookups._lazy import Asked, Fields, put_missing
from server.features.lookups.client import LookupFailed, LookupRefused
from server.features.lookups.imdb_lookup import film_of

LIMITS = {
    "min_score": ("imdb_score", "Least score", "Of ten.", 6.5),
    "min_votes": ("imdb_votes", "Least votes", "How many people voted at least.", 5000),
    "min_meta_score": ("imdb_meta_score", "Least Metascore", "Of a hundred, by critics.", 60),
    "min_year": ("imdb_year", "First year", "Of the earliest movie that is taken.", 1990),
    "max_year": ("imdb_year", "Last year", "Of the latest movie that is taken.", 2020),
}
PEOPLE = {"actors": "imdb_actors", "directors": "imdb_directors", "writers": "imdb_writers"}
NO_RATING = "none"
"""How a config names movies without a rating."""


def _number(title: str, description: str, example: float, kind: str) -> dict[str, Any]:
    return {"type": kind, "title": title, "description": description, "examples": [example]}


def _words(title: str, description: str, *example: str) -> dict[str, Any]:
    item = {"type": "string"}
    return {"type": "array", "items": item, "title": title, "description": description, "examples": [list(example)]}


class Imdb(Plugin):
    """Accepts movies by what IMDb knows of them; those that a rule speaks against are left as they are.

    Fields that an entry has already (`imdb_score`, `imdb_votes`, `imdb_genres` ...) are taken as they are; IMDb is
    asked only where one that a rule needs is missing. `accept_actors`, `accept_directors` and `accept_writers` take
    their movies whatever the other rules say.

    Example::

        imdb:
          min_score: 6.5
          min_votes: 5000
          reject_genres:
            - horror
    """

    schema = {
        "type": "object",
        "properties": {
            **{
                name: _number(title, text, example, "number" if name == "min_score" else "integer")
                for name, (_, title, text, example) in LIMITS.items()
            },
            "accept_genres": _words("Genres", "Only movies with one of these.", "drama"),
            "reject_genres": _words("No genres", "No movies with one of these.", "horror"),
            "accept_languages": _words("Languages", "Only movies whose first language is one of these.", "english"),
            "reject_languages": _words("No languages", "No movies with one of these.", "klingon"),
            "accept_actors": _words("Actors", "All movies with one of them, by name or number.", "nm0000206"),
            "reject_actors": _words("No actors", "No movies with one of them.", "nm0000206"),
            "accept_directors": _words("Directors", "All movies by one of them.", "nm0905154"),
            "reject_directors": _words("No directors", "No movies by one of them.", "nm0905154"),
            "accept_writers": _words("Writers", "All movies by one of them.", "nm0905152"),
            "reject_writers": _words("No writers", "No movies by one of them.", "nm0905152"),
            "accept_mpaa_ratings": _words("Ratings", "Only these; NONE is a movie without one.", "PG", "PG_13"),
            "reject_mpaa_ratings": _words("No ratings", "None of these; NONE is a movie without one.", "R"),
        },
        "additionalProperties": False,
        "title": "IMDb",
        "description": "Rules; all must agree.",
    }
    category = "filter"

    @priority(120)
    def on_task_filter(self, task: Task, config: dict[str, Any]) -> None:
        """A movie of which IMDb tells nothing is left as it is."""
        rules = [_rule(name, value) for name, value in config.items()]
        log = task.log(self.name)
        asked = Asked.of(task, self)
        for entry in task.undecided:
            fields, why = _known(asked, entry, rules)
            verdicts = [] if fields is None else [rule.judge(fields[rule.field]) for rule in rules]
            taken = next((verdict.why for verdict in verdicts if verdict.forces), None)
            against = [verdict.why for verdict in verdicts if verdict.against]
            if fields is None:
                log.info("%s is left as it is: %s", entry["title"], why)
            elif taken or not against:
                entry.accept(taken or "no rule speaks against it")
            else:
                log.info("%s is left as it is: %s", entry["title"], ", ".join(against))


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What a rule says of a movie. ``forces``: it is taken whatever other rules say."""

    why: str = ""
    against: bool = False
    forces: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    field: str
    judge: Callable[[Any], _Verdict]


def _known(asked: Asked, entry: Entry, rules: list[_Rule]) -> tuple[Fields | None, str]:
    """The fields that the rules look at; None where not all can be had, with the reason."""
    names = {rule.field for rule in rules} or {"imdb_id"}
    if any(entry.get(name) is None for name in names):
        try:
            put_missing(entry, film_of(asked, entry))
        except (LookupFailed, LookupRefused) as error:
            return None, str(error)
    return {name: entry.get(name) for name in names}, ""


def _rule(name: str, value: Any) -> _Rule:
    verb, _, what = name.partition("_")
    if name in LIMITS:
        return _Rule(LIMITS[name][0], lambda found: _limit(name, value, found))
    wanted = frozenset(_plain(word) for word in value)
    if what in PEOPLE:
        return _Rule(PEOPLE[what], lambda found: _people(verb, what, wanted, found))
    if what == "mpaa_ratings":
        return _Rule("imdb_mpaa_rating", lambda found: _listed(verb, name, wanted, [found or NO_RATING]))
    if name == "accept_languages":  # the first one is what it was made in; a movie without any passes
        return _Rule("imdb_languages", lambda found: _listed(verb, name, wanted, _items(found)[:1] or wanted))
    return _Rule(f"imdb_{what}", lambda found: _listed(verb, name, wanted, _items(found)))


def _plain(word: Any) -> str:
    return str(word).strip().casefold().replace("_", "-")


def _items(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [*value, *value.values()]
    return list(value) if isinstance(value, (list, tuple, set)) else [value] if value else []


def _limit(name: str, limit: float, found: Any) -> _Verdict:
    try:
        number = float(found or 0)
    except (TypeError, ValueError):
        number = 0.0
    against = number > limit if name.startswith("max") else number < limit
    return _Verdict(f"{number:g} is {'more' if name.startswith('max') else 'less'} than {name} ({limit:g})", against)


def _listed(verb: str, name: str, wanted: frozenset[str], found: Iterable[Any]) -> _Verdict:
    words = [str(word) for word in found]
    hits = [word for word in words if _plain(word) in wanted]
    shown = ", ".join(hits if verb == "reject" else words) or "nothing"
    return _Verdict(f"{name} ({shown})", bool(hits) if verb == "reject" else not hits)


def _people(verb: str, what: str, wanted: frozenset[str], found: Any) -> _Verdict:
    hits = [str(person) for person in _items(found) if _plain(person) in wanted]
    names = [str(found[hit]) if isinstance(found, Mapping) and hit in found else hit for hit in hits]
    if verb == "accept":
        return _Verdict(f"{names[0]} is one of its {what}" if hits else "", forces=bool(hits))
    return _Verdict(f"reject_{what} ({', '.join(names)})", against=bool(hits))
