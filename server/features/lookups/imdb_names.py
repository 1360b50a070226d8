"""IMDb's suggestion service: movies by a part of their title."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any
from urllib.parse import quote

from server.features.lookups._read import mapping, mappings, text, whole
from server.features.lookups.client import Sites
from server.parsing.names import normalize_name

KINDS = frozenset({"movie", "tvMovie", "tvSpecial", "short", "tvShort", "video", ""})
"""What counts as a movie; series, episodes and games do not."""


def search(sites: Sites, title: str) -> list[dict[str, Any]]:
    """Movies that fit, best first."""
    name = " ".join(title.lower().replace("/", " ").split())
    path = f"/suggestion/titles/x/{quote(name, safe='')}.json"
    found = mappings(mapping(sites.get("imdb", path, {"includeVideos": 0}).data).get("d"))
    wanted = normalize_name(title)
    rows = [_movie(item, wanted) for item in found if _is_movie(item)]
    return sorted(rows, key=lambda row: row["match"], reverse=True)


def _is_movie(item: Any) -> bool:
    return text(item.get("id")).startswith("tt") and text(item.get("qid")) in KINDS


def _movie(item: Any, wanted: str) -> dict[str, Any]:
    imdb_id, name = text(item["id"]), text(item.get("l"))
    same = imdb_id == wanted
    match = 1.0 if same else SequenceMatcher(None, wanted, normalize_name(name), autojunk=False).ratio()
    movie: dict[str, Any] = {
        "imdb_id": imdb_id,
        "name": name,
        "url": f"https://www.imdb.com/title/{imdb_id}/",
        "year": whole(item.get("y")),
        "match": round(match, 4),
    }
    picture = text(mapping(item.get("i")).get("imageUrl"))
    return movie | ({"thumbnail": picture} if picture else {})
