"""IMDb's public GraphQL service: what it knows of one title (https://developer.imdb.com/documentation)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from server.features.lookups import imdb_names
from server.features.lookups._read import mapping, mappings, number, text, whole
from server.features.lookups.client import NothingFound, Sites

URL = "https://www.imdb.com/title/{}/"
_ID = re.compile(r"tt\d{7,10}")

CLIENT = {"Content-Type": "application/json", "x-imdb-client-name": "flexget-tray"}
"""Who asks: questions that do not tell are refused."""

KEYWORDS, PEOPLE = 50, 100
"""How many keywords and credits are asked for."""

CLOSE_ENOUGH = 0.85
"""How much a name must look like the one that is searched for, of 1."""

_QUERY = f"""
query Film($id: ID!) {{
  title(id: $id) {{
    titleText {{ text }}
    originalTitleText {{ text }}
    releaseYear {{ year }}
    ratingsSummary {{ aggregateRating voteCount }}
    metacritic {{ metascore {{ score }} }}
    certificate {{ rating }}
    primaryImage {{ url }}
    plot {{ plotText {{ plainText }} }}
    titleGenres {{ genres {{ genre {{ text }} }} }}
    spokenLanguages {{ spokenLanguages {{ text }} }}
    countriesOfOrigin {{ countries {{ text }} }}
    keywords(first: {KEYWORDS}) {{ edges {{ node {{ keyword {{ text {{ text }} }} }} }} }}
    principalCredits {{ category {{ text }} credits {{ name {{ id nameText {{ text }} }} }} }}
    credits(first: {PEOPLE}) {{ edges {{ node {{ category {{ text }} name {{ id nameText {{ text }} }} }} }} }}
  }}
}}
"""
_ROLES = {
    "imdb_actors": ("actor", "actress", "actors", "stars", "star", "cast"),
    "imdb_directors": ("director", "directors"),
    "imdb_writers": ("writer", "writers"),
}

_LIST_QUERY = """
query Titles($id: ID!, $first: Int!, $after: String) {
  wanted: WHERE {
    titleListItemSearch(first: $first, after: $after) {
      pageInfo { hasNextPage endCursor }
      edges { title { id titleText { text } releaseYear { year } titleType { id } } }
    }
  }
}
"""

PAGE, MOST_PAGES = 250, 100

Film = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A title on a list. ``kind``: ``movie``, ``tvSeries``, ``tvEpisode`` and so on."""

    imdb_id: str
    name: str
    year: int | None
    kind: str


def id_in(value: Any) -> str | None:
    """The number (``tt0133093``) in an id or an address of IMDb."""
    found = _ID.search(text(value))
    return found[0] if found else None


def find(sites: Sites, name: str, year: int | None = None) -> str:
    """The number of the movie that is called so; a year that is known must fit.

    :raises NothingFound: none looks enough like it
    """
    for movie in imdb_names.search(sites, name):
        if movie["match"] < CLOSE_ENOUGH:
            break
        if not year or not movie["year"] or abs(movie["year"] - year) <= 1:
            return text(movie["imdb_id"])
    raise NothingFound(f"IMDb knows no movie `{name}`" + (f" of {year}" if year else ""))


def film(sites: Sites, imdb_id: str) -> Film:
    """The fields ``imdb_...`` of a title, ``movie_name`` and ``movie_year``."""
    body = {"query": _QUERY, "variables": {"id": imdb_id}}
    answer = sites.get("imdb_titles", "/", body=body, vary=imdb_id, headers=CLIENT)
    data = mapping(mapping(mapping(answer.data).get("data")).get("title"))
    name = _text_of(data.get("titleText"))
    if not name:
        raise NothingFound(f"IMDb knows no title {imdb_id}")
    year = whole(mapping(data.get("releaseYear")).get("year"))
    rating = mapping(data.get("ratingsSummary"))
    return {
        "imdb_id": imdb_id,
        "imdb_url": URL.format(imdb_id),
        "imdb_name": name,
        "imdb_original_name": _text_of(data.get("originalTitleText")) or name,
        "imdb_year": year,
        "imdb_score": float(number(rating.get("aggregateRating"))),
        "imdb_votes": whole(rating.get("voteCount")),
        "imdb_meta_score": whole(mapping(mapping(data.get("metacritic")).get("metascore")).get("score")),
        "imdb_mpaa_rating": text(mapping(data.get("certificate")).get("rating")),
        "imdb_photo": text(mapping(data.get("primaryImage")).get("url")),
        "imdb_plot_outline": text(mapping(mapping(data.get("plot")).get("plotText")).get("plainText")),
        "imdb_genres": _words(data, "titleGenres", "genres", "genre"),
        "imdb_languages": _words(data, "spokenLanguages", "spokenLanguages"),
        "imdb_country_of_origin": _words(data, "countriesOfOrigin", "countries"),
        "imdb_plot_keywords": list(_keywords(data)),
        **{field: _people(data, roles) for field, roles in _ROLES.items()},
        "movie_name": name,
        "movie_year": year or None,
    }


def listed(sites: Sites, *, language: str, list_id: str = "", user_id: str = "") -> Iterator[Listed]:
    """The titles of a public list (``ls...``), or of somebody's watchlist (``ur...``)."""
    headers = {**CLIENT, "x-imdb-user-language": language}
    where = "list(id: $id)" if list_id else "predefinedList(classType: WATCH_LIST, userId: $id)"
    query = _LIST_QUERY.replace("WHERE", where)
    after = None
    for _ in range(MOST_PAGES):
        variables = {"id": list_id or user_id, "first": PAGE, "after": after}
        called = sites.call("imdb_titles", "POST", "/", headers=headers, body={"query": query, "variables": variables})
        found = mapping(mapping(mapping(called.data).get("data")).get("wanted"))
        if not found:
            raise NothingFound(f"IMDb shows no list of {list_id or user_id}: it is private, or there is none")
        page = mapping(found.get("titleListItemSearch"))
        for edge in mappings(page.get("edges")):
            title = mapping(edge.get("title"))
            if id_in(title.get("id")):
                yield Listed(
                    imdb_id=text(title["id"]),
                    name=_text_of(title.get("titleText")),
                    year=whole(mapping(title.get("releaseYear")).get("year")) or None,
                    kind=text(mapping(title.get("titleType")).get("id")),
                )
        information = mapping(page.get("pageInfo"))
        after = text(information.get("endCursor"))
        if not (after and information.get("hasNextPage")):
            return


FIELDS = (
    "imdb_id",
    "imdb_url",
    "imdb_name",
    "imdb_original_name",
    "imdb_year",
    "imdb_score",
    "imdb_votes",
    "imdb_meta_score",
    "imdb_mpaa_rating",
    "imdb_photo",
    "imdb_plot_outline",
    "imdb_genres",
    "imdb_languages",
    "imdb_country_of_origin",
    "imdb_plot_keywords",
    *_ROLES,
    "movie_name",
    "movie_year",
)
"""What :func:`film` tells."""


def _text_of(value: Any) -> str:
    return text(mapping(value).get("text"))


def _words(data: Any, outer: str, inner: str, leaf: str = "") -> list[str]:
    rows = mappings(mapping(data.get(outer)).get(inner))
    return [word.lower() for row in rows if (word := _text_of(row.get(leaf) if leaf else row))]


def _keywords(data: Any) -> Iterator[str]:
    for edge in mappings(mapping(data.get("keywords")).get("edges")):
        word = _text_of(mapping(mapping(edge.get("node")).get("keyword")).get("text"))
        if word:
            yield word.lower()


def _people(data: Any, roles: tuple[str, ...]) -> dict[str, str]:
    """Names by number (``nm...``): the principal ones first."""
    named = [
        (_text_of(group.get("category")), credit)
        for group in mappings(data.get("principalCredits"))
        for credit in mappings(group.get("credits"))
    ]
    nodes = (mapping(edge.get("node")) for edge in mappings(mapping(data.get("credits")).get("edges")))
    named.extend((_text_of(node.get("category")), node) for node in nodes)
    people = [mapping(credit.get("name")) for role, credit in named if role.lower() in roles]
    return {text(person.get("id")): _text_of(person.get("nameText")) for person in people if person.get("id")}
