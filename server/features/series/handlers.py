"""``/series/``: shows with their episodes, seasons and releases. A show is looked for first, then what is below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from server.features.series._paths import (
    BEGIN,
    DOWNLOADED,
    FORGET,
    GROUPS,
    LATEST,
    RELEASE_PAGES,
    SERIES_ID,
    SeriesResource,
)
from server.features.series._progress import read_begin
from server.features.series._shown import (
    EPISODE_RELEASE,
    EPISODE_SHAPE,
    SEASON,
    SEASON_RELEASE,
    SHOW,
    entities_as_json,
    shows_as_json,
)
from server.features.series.store import SeriesError, Show
from server.parsing.names import normalize_name
from server.web.endpoint import (
    SUCCESS,
    Answer,
    Boolean,
    Choice,
    Page,
    PageQuery,
    Paginated,
    Shape,
    Text,
    array,
    delete,
    get,
    post,
    put,
    success,
)
from server.web.errors import BadRequest, Conflict
from server.web.parameters import Choices
from server.web.shapes import TEXT

CHANGE_FIELDS = {
    "begin_episode": {
        "type": ["string", "integer"],
        "format": "episode_or_season_id",
        "minimum": 1,
        "maximum": 999_999_999,
        "description": "`S02E05`, `S02` (its first episode), a date, or a number",
    },
    "alternate_names": {**array(TEXT), "description": "other names; an empty list takes them away"},
}
NEW_SHOW = Shape(
    "series_new_show", {"type": "object", "properties": {**CHANGE_FIELDS, "name": TEXT}, "required": ["name"]}
)
CHANGED_SHOW = Shape(
    "series_changed_show",
    {
        "type": "object",
        "properties": CHANGE_FIELDS,
        "anyOf": [{"required": ["begin_episode"]}, {"required": ["alternate_names"]}],
    },
)
IN_CONFIG = {"configured": True, "unconfigured": False, "all": None}
NOT_THERE = (400, 404)
EPISODE_ID = {**SERIES_ID, "Episode-ID": "the episode's id"}
SEASON_ID = {**SERIES_ID, "Season-ID": "the season's id"}
ENTITY_PAGES = Paginated()


class _Shows(SeriesResource):
    def changed(self, show_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
        """A show after a change: its begin is told only where it was in the body."""
        show = self.show_of(show_id)
        return shows_as_json(self.store, [show], begin="begin_episode" in body, latest=False)[0]

    def change(self, show_id: int, body: Mapping[str, Any]) -> None:
        """Set begin and alternate names as the body tells; nothing of it where one does not fit."""
        names = _names(body["alternate_names"]) if "alternate_names" in body else None
        try:
            begin = read_begin(body["begin_episode"]) if "begin_episode" in body else None
        except ValueError as error:
            raise BadRequest(str(error)) from None
        try:
            if begin is not None:
                episode = (begin.identifier, begin.identified_by, begin.season, begin.number)
                self.store.set_begin(show_id, self.store.add_entity(show_id, "episode", *episode))
            if names is not None:
                self.store.set_alternate_names(show_id, names)
        except SeriesError as error:
            raise Conflict(str(error)) from None


class Shows(_Shows):
    """All shows."""

    @get(
        "List the shows",
        query=[
            BEGIN,
            LATEST,
            Choice("in_config", "shows of the config, others, or all", default="configured", options=tuple(IN_CONFIG)),
            Boolean("premieres", "only shows of which nothing but a premiere was downloaded", default=False),
            Choices("lookup", "sites to ask for more about each show", options=("tvdb", "tvmaze")),
            Text("query", "part of the name"),
        ],
        paginated=Paginated(sort_by=("show_name", "last_download_date"), default="show_name"),
        returns=array(SHOW),
        groups=GROUPS,
    )
    async def list(
        self,
        page: PageQuery,
        begin: bool,
        latest: bool,
        in_config: str,
        premieres: bool,
        lookup: tuple[str, ...],
        query: str | None,
    ) -> Answer:
        """Shows with their newest download, and what they are called elsewhere."""
        found = await self.run(self._page, page, begin, latest, IN_CONFIG[in_config], premieres, query)
        if lookup:
            from server.features.lookups.shows import look_up_shows

            await self.web.wait_for(look_up_shows, self.services, found.items, lookup)
        return Answer(found, lasting=not lookup)

    def _page(
        self, page: PageQuery, begin: bool, latest: bool, configured: bool | None, premieres: bool, query: str | None
    ) -> Page:
        shows, total = self.store.page(
            configured=configured,
            query=normalize_name(query) if query else None,
            premieres=premieres,
            sort_by=page.sort_by,
            descending=page.descending,
            limit=page.limit,
            offset=page.offset,
        )
        return Page(shows_as_json(self.store, shows, begin=begin, latest=latest), total)

    @post("Add a show", body=NEW_SHOW, returns=SHOW, status=201, errors=(400, 409))
    def add(self, body: dict[str, Any]) -> dict[str, Any]:
        """Names compare without case and signs; unknown keys are passed over."""
        name = body["name"].strip()
        normalized = normalize_name(name)
        if not normalized:
            raise BadRequest("a show needs a name")
        there = self.store.shows_by_name([normalized])
        if there:
            raise Conflict(f"the show `{there[normalized].name}` is there already")
        show_id = self.store.add_shows([(name, normalized)])[normalized].id
        self.change(show_id, body)
        return self.changed(show_id, body)


class Search(SeriesResource):
    """Shows by a part of their names."""

    @get("Search shows", query=[BEGIN, LATEST], returns=array(SHOW), groups=GROUPS)
    def search(self, name: str, begin: bool, latest: bool) -> list[dict[str, Any]]:
        """In names and alternate names, configured or not."""
        return shows_as_json(self.store, self.store.search(normalize_name(name)), begin=begin, latest=latest)


class OneShow(_Shows):
    """One show."""

    @get("Show a show", query=[BEGIN, LATEST], returns=SHOW, errors=(404,), groups=GROUPS)
    def show(self, show_id: int, begin: bool, latest: bool) -> dict[str, Any]:
        """By its id."""
        return shows_as_json(self.store, [self.show_of(show_id)], begin=begin, latest=latest)[0]

    @put("Change where a show begins, or its names", body=CHANGED_SHOW, returns=SHOW, errors=(400, 404, 409))
    def update(self, show_id: int, body: dict[str, Any]) -> dict[str, Any]:
        """A begin of another kind than the show's is refused."""
        self.show_of(show_id)
        self.change(show_id, body)
        return self.changed(show_id, body)

    @delete("Remove a show", query=[FORGET], returns=SUCCESS, errors=(404,))
    def remove(self, show_id: int, forget: bool) -> Answer:
        """With its episodes, seasons and releases."""
        show: Show = self.show_of(show_id)
        self.forget(self.store.remove_show(show_id), forget)
        return success(f"successfully removed the show {show.name}")


class _Entities(SeriesResource):
    def page(self, show_id: int, page: PageQuery) -> Answer:
        """One page of a show's episodes (or seasons)."""
        self.show_of(show_id)
        rows, total = self.store.page_of_entities(
            show_id, self.kind, descending=page.descending, limit=page.limit, offset=page.offset
        )
        return Answer(Page(entities_as_json(self.store, rows), total), headers=self.headers(show_id))

    def remove_all(self, show_id: int, forget: bool) -> Answer:
        """All of a show."""
        self.show_of(show_id)
        self.forget(self.store.remove_entities(show_id, None, self.kind), forget)
        return success(f"successfully removed all {self.kind}s of the show {show_id}")

    def show_one(self, show_id: int, entity_id: int) -> Answer:
        """One, with its show in the headers."""
        entity = self.entity_of(show_id, entity_id)
        return Answer(entities_as_json(self.store, [entity])[0], headers=self.headers(show_id))

    def remove_one(self, show_id: int, entity_id: int, forget: bool) -> Answer:
        """One, with its releases."""
        self.entity_of(show_id, entity_id)
        self.forget(self.store.remove_entities(show_id, [entity_id], self.kind), forget)
        return success(f"successfully removed the {self.kind} {entity_id} of the show {show_id}")


class Episodes(_Entities):
    """The episodes of a show."""

    kind = "episode"

    @get(
        "List the episodes of a show",
        paginated=ENTITY_PAGES,
        returns=array(EPISODE_SHAPE),
        errors=(404,),
        headers=SERIES_ID,
        groups=GROUPS,
    )
    def list(self, show_id: int, page: PageQuery) -> Answer:
        """By season and number, dates by date."""
        return self.page(show_id, page)

    @delete("Remove all episodes of a show", query=[FORGET], returns=SUCCESS, errors=(404,))
    def clear(self, show_id: int, forget: bool) -> Answer:
        """With their releases."""
        return self.remove_all(show_id, forget)


class OneEpisode(_Entities):
    """One episode."""

    kind = "episode"

    @get("Show an episode", returns=EPISODE_SHAPE, errors=NOT_THERE, headers=SERIES_ID, groups=GROUPS)
    def show(self, show_id: int, ep_id: int) -> Answer:
        """By its id."""
        return self.show_one(show_id, ep_id)

    @delete("Remove an episode", query=[FORGET], returns=SUCCESS, errors=NOT_THERE)
    def remove(self, show_id: int, ep_id: int, forget: bool) -> Answer:
        """With its releases."""
        return self.remove_one(show_id, ep_id, forget)


class EpisodeReleases(SeriesResource):
    """The releases of an episode."""

    kind = "episode"

    @get(
        "List the releases of an episode",
        query=[DOWNLOADED],
        paginated=RELEASE_PAGES,
        returns=array(EPISODE_RELEASE),
        errors=NOT_THERE,
        headers=EPISODE_ID,
        groups=GROUPS,
    )
    def list(self, show_id: int, ep_id: int, page: PageQuery, downloaded: bool | None) -> Answer:
        """Downloaded or not."""
        return self.page_of_releases(show_id, ep_id, page, downloaded)

    @put("Mark the releases of an episode as not downloaded", returns=SUCCESS, errors=NOT_THERE)
    def reset(self, show_id: int, ep_id: int) -> Answer:
        """The episode is wanted again."""
        return self.reset_releases(show_id, ep_id)

    @delete("Remove the releases of an episode", query=[DOWNLOADED, FORGET], returns=SUCCESS, errors=NOT_THERE)
    def clear(self, show_id: int, ep_id: int, downloaded: bool | None, forget: bool) -> Answer:
        """All, or those that were downloaded (or were not)."""
        return self.remove_releases(show_id, ep_id, downloaded, forget)


class OneEpisodeRelease(SeriesResource):
    """One release of an episode."""

    kind = "episode"

    @get("Show a release", returns=EPISODE_RELEASE, errors=NOT_THERE, headers=EPISODE_ID, groups=GROUPS)
    def show(self, show_id: int, ep_id: int, rel_id: int) -> Answer:
        """By its id."""
        return self.show_release(show_id, ep_id, rel_id)

    @put("Mark a release as not downloaded", returns=EPISODE_RELEASE, errors=NOT_THERE, headers=EPISODE_ID)
    def reset(self, show_id: int, ep_id: int, rel_id: int) -> Answer:
        """Refused when it was not downloaded."""
        return self.reset_release(show_id, ep_id, rel_id)

    @delete("Remove a release", query=[FORGET], returns=SUCCESS, errors=NOT_THERE)
    def remove(self, show_id: int, ep_id: int, rel_id: int, forget: bool) -> Answer:
        """By its id."""
        return self.remove_release(show_id, ep_id, rel_id, forget)


class Seasons(_Entities):
    """The seasons of a show that came as packs."""

    kind = "season"

    @get(
        "List the seasons of a show",
        paginated=ENTITY_PAGES,
        returns=array(SEASON),
        errors=(404,),
        headers=SERIES_ID,
        groups=GROUPS,
    )
    def list(self, show_id: int, page: PageQuery) -> Answer:
        """By number."""
        return self.page(show_id, page)

    @delete("Remove all seasons of a show", query=[FORGET], returns=SUCCESS, errors=(404,))
    def clear(self, show_id: int, forget: bool) -> Answer:
        """With their releases; episodes stay."""
        return self.remove_all(show_id, forget)


class OneSeason(_Entities):
    """One season."""

    kind = "season"

    @get("Show a season", returns=SEASON, errors=NOT_THERE, headers=SERIES_ID, groups=GROUPS)
    def show(self, show_id: int, season_id: int) -> Answer:
        """By its id."""
        return self.show_one(show_id, season_id)

    @delete("Remove a season", query=[FORGET], returns=SUCCESS, errors=NOT_THERE)
    def remove(self, show_id: int, season_id: int, forget: bool) -> Answer:
        """With its releases."""
        return self.remove_one(show_id, season_id, forget)


class SeasonReleases(SeriesResource):
    """The releases of a season."""

    kind = "season"

    @get(
        "List the releases of a season",
        query=[DOWNLOADED],
        paginated=RELEASE_PAGES,
        returns=array(SEASON_RELEASE),
        errors=NOT_THERE,
        headers=SEASON_ID,
        groups=GROUPS,
    )
    def list(self, show_id: int, season_id: int, page: PageQuery, downloaded: bool | None) -> Answer:
        """Downloaded or not."""
        return self.page_of_releases(show_id, season_id, page, downloaded)

    @put("Mark the releases of a season as not downloaded", returns=SUCCESS, errors=NOT_THERE)
    def reset(self, show_id: int, season_id: int) -> Answer:
        """The season is wanted again."""
        return self.reset_releases(show_id, season_id)

    @delete("Remove the releases of a season", query=[DOWNLOADED, FORGET], returns=SUCCESS, errors=NOT_THERE)
    def clear(self, show_id: int, season_id: int, downloaded: bool | None, forget: bool) -> Answer:
        """All, or those that were downloaded (or were not)."""
        return self.remove_releases(show_id, season_id, downloaded, forget)


class OneSeasonRelease(SeriesResource):
    """One release of a season."""

    kind = "season"

    @get("Show a release", returns=SEASON_RELEASE, errors=NOT_THERE, headers=SEASON_ID, groups=GROUPS)
    def show(self, show_id: int, season_id: int, rel_id: int) -> Answer:
        """By its id."""
        return self.show_release(show_id, season_id, rel_id)

    @put("Mark a release as not downloaded", returns=SEASON_RELEASE, errors=NOT_THERE, headers=SEASON_ID)
    def reset(self, show_id: int, season_id: int, rel_id: int) -> Answer:
        """Refused when it was not downloaded."""
        return self.reset_release(show_id, season_id, rel_id)

    @delete("Remove a release", query=[FORGET], returns=SUCCESS, errors=NOT_THERE)
    def remove(self, show_id: int, season_id: int, rel_id: int, forget: bool) -> Answer:
        """By its id."""
        return self.remove_release(show_id, season_id, rel_id, forget)


def _names(names: Iterable[str]) -> list[tuple[str, str]]:
    """Names with their normalized form; a name without letters or digits is refused."""
    found = [(name.strip(), normalize_name(name)) for name in names]
    if not all(normalized for _, normalized in found):
        raise BadRequest("an alternate name is empty")
    return found
