"""``flexget movie-list``."""

from __future__ import annotations

import re
from typing import Any

import click

from server.features.movie_list.store import Movie, MovieListStore
from server.storage.named_lists import NamedList
from server.terminal.failures import NotThere
from server.terminal.named_lists import LIST, found_by, pairs, split
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options
from server.terminal.words import WordsCommand, flat, words_option

DEFAULT = "movies"

TITLE = re.compile(r"^(?P<title>.+?)[ .]*\(?(?P<year>(?:19|20)\d\d)\)?$")
"""``Some Movie 2019`` or ``Some Movie (2019)``."""


@click.group("movie-list")
def movie_list() -> None:
    """View and change movie lists."""


def _store(session: Session) -> MovieListStore:
    return session.services.db.store(MovieListStore)


def _named(session: Session, name: str) -> NamedList:
    found = _store(session).find(name)
    if found is None:
        raise NotThere(f"Could not find movie list with name {name}")
    return found


@movie_list.command("all")
@table_options
@current
def show_all(session: Session, /, style: Style) -> None:
    """List the lists."""
    style.show(Table(("#", "List Name"), [(one.id, one.name) for one in _store(session).lists()]))


@movie_list.command("list")
@click.argument("name", default=DEFAULT, metavar=LIST)
@table_options
@current
def show_list(session: Session, /, name: str, style: Style) -> None:
    """List the movies of a list."""
    movies = _store(session).all(_named(session, name).id)
    rows = [(one.id, _title(one), ", ".join(f"{i.id_name}={i.id_value}" for i in one.ids)) for one in movies]
    style.show(Table(("#", "Movie Name", "Identifiers"), rows))


@movie_list.command(cls=WordsCommand)
@click.argument("words", nargs=-1, required=True, metavar=f"{LIST} TITLE")
@words_option("-i", "--identifiers", metavar="NAME=VALUE...", help="imdb_id=tt..., tmdb_id=..., and so on.")
@current
def add(session: Session, /, words: tuple[str, ...], identifiers: Any) -> None:
    """Put a movie on a list; a year at the end of the title is told from it."""
    name, (text,) = split(words, 1, DEFAULT)
    found = TITLE.match(text)
    title, year = (found["title"], int(found["year"])) if found else (text, None)
    store = _store(session)
    ids = list(pairs(flat(identifiers), "--identifiers").items())
    movie = store.add(store.ensure(name).id, title, year, ids, replace=True)
    click.echo(f"Successfully added movie {_title(movie)} to movie list {name}")


@movie_list.command("del")
@click.argument("words", nargs=-1, required=True, metavar=f"{LIST} TITLE|ID")
@current
def remove(session: Session, /, words: tuple[str, ...]) -> None:
    """Take a movie off a list."""
    name, (wanted,) = split(words, 1, DEFAULT)
    of = _named(session, name)
    store = _store(session)
    movie = found_by(wanted, store.all(of.id), f"movie list {name}", key=lambda one: (one.id, _title(one)))
    store.remove(of.id, [movie.id])
    click.echo(f"Removed movie {_title(movie)} from list {name}")


@movie_list.command()
@click.argument("name", default=DEFAULT, metavar=LIST)
@current
def purge(session: Session, /, name: str) -> None:
    """Remove a list with all of its movies."""
    _store(session).delete(_named(session, name).id)
    click.echo(f"Deleted list {name}")


def _title(movie: Movie) -> str:
    return f"{movie.title} ({movie.year})" if movie.year else movie.title
