"""What the paths below ``/series/`` share: who belongs to whom, and what to forget."""

from __future__ import annotations

from server.features.seen.store import SeenStore
from server.features.series._shown import release_as_json
from server.features.series.store import Entity, Release, SeriesStore, Show
from server.web.endpoint import Answer, Boolean, Page, PageQuery, Paginated, Resource, success
from server.web.errors import BadRequest, NotFound

GROUPS = ("series",)
SERIES_ID = {"Series-ID": "the show's id"}
FORGET = Boolean("forget", "forget the downloaded titles in `seen` as well", default=False)
BEGIN = Boolean("begin", "tell the episode that a show begins at", default=True)
LATEST = Boolean("latest", "tell the newest download", default=True)
DOWNLOADED = Boolean("downloaded", "only releases that were downloaded (true), or were not (false)")
RELEASE_PAGES = Paginated(sort_by=("first_seen", "downloaded", "proper_count", "title"), default="first_seen")


class SeriesResource(Resource):
    """A path below ``/series/``. ``kind``: of the entities it is about, ``episode`` or ``season``."""

    atomic = True
    tag = "series"
    kind = ""

    @property
    def store(self) -> SeriesStore:
        return self.services.db.store(SeriesStore)

    # -- finding ------------------------------------------------------------------------------------------------------

    def show_of(self, show_id: int) -> Show:
        """A show by its id, or a 404."""
        found = self.store.show(show_id)
        if found is None:
            raise NotFound(f"there is no show with ID {show_id}")
        return found

    def entity_of(self, show_id: int, entity_id: int) -> Entity:
        """An episode (or season): 404 when it or the show is not there, 400 when it belongs to another show."""
        return self._owned(show_id, self._existing(show_id, entity_id))

    def release_of(self, show_id: int, entity_id: int, release_id: int) -> Release:
        """A release, as above one step further down; what is not there is told before what belongs elsewhere."""
        entity = self._existing(show_id, entity_id)
        found = self.store.release(release_id)
        if found is None:
            raise NotFound(f"there is no release with ID {release_id}")
        self._owned(show_id, entity)
        if found.entity_id != entity_id:
            raise BadRequest(f"the release with ID {release_id} does not belong to the {self.kind} {entity_id}")
        return found

    def _existing(self, show_id: int, entity_id: int) -> Entity:
        self.show_of(show_id)
        found = self.store.entity(entity_id, self.kind)
        if found is None:
            raise NotFound(f"there is no {self.kind} with ID {entity_id}")
        return found

    def _owned(self, show_id: int, entity: Entity) -> Entity:
        if entity.show_id != show_id:
            raise BadRequest(f"the {self.kind} with ID {entity.id} does not belong to the show {show_id}")
        return entity

    def headers(self, show_id: int, entity_id: int | None = None) -> dict[str, str]:
        """Who it belongs to."""
        found = {"Series-ID": str(show_id)}
        return found if entity_id is None else found | {f"{self.kind.capitalize()}-ID": str(entity_id)}

    def forget(self, titles: list[str], wanted: bool) -> None:
        """Forget titles in ``seen`` where that was asked for."""
        if wanted and titles:
            self.services.db.store(SeenStore).forget_values(titles)

    # -- releases -----------------------------------------------------------------------------------------------------

    def page_of_releases(self, show_id: int, entity_id: int, page: PageQuery, downloaded: bool | None) -> Answer:
        """One page."""
        self.entity_of(show_id, entity_id)
        rows, total = self.store.page_of_releases(
            entity_id,
            downloaded=downloaded,
            sort_by=page.sort_by,
            descending=page.descending,
            limit=page.limit,
            offset=page.offset,
        )
        shown = Page([release_as_json(row, self.kind) for row in rows], total)
        return Answer(shown, headers=self.headers(show_id, entity_id))

    def reset_releases(self, show_id: int, entity_id: int) -> Answer:
        """None of them counts as downloaded any more."""
        self.entity_of(show_id, entity_id)
        releases = self.store.releases_of([entity_id], downloaded=True).get(entity_id, [])
        self.store.mark_downloaded([release.id for release in releases], False)
        return success(f"{len(releases)} releases of the {self.kind} {entity_id} are marked as not downloaded")

    def remove_releases(self, show_id: int, entity_id: int, downloaded: bool | None, forget: bool) -> Answer:
        """All of them, or those that were downloaded (or were not)."""
        self.entity_of(show_id, entity_id)
        self.forget(self.store.remove_releases(entity_id, None, downloaded), forget)
        return success(f"successfully deleted the releases of the {self.kind} {entity_id} of the show {show_id}")

    def show_release(self, show_id: int, entity_id: int, release_id: int) -> Answer:
        """One, with who it belongs to in the headers."""
        release = self.release_of(show_id, entity_id, release_id)
        return Answer(release_as_json(release, self.kind), headers=self.headers(show_id, entity_id))

    def reset_release(self, show_id: int, entity_id: int, release_id: int) -> Answer:
        """It does not count as downloaded any more; refused when it did not."""
        if not self.release_of(show_id, entity_id, release_id).downloaded:
            raise BadRequest(f"the release with ID {release_id} is not marked as downloaded")
        self.store.mark_downloaded([release_id], False)
        return self.show_release(show_id, entity_id, release_id)

    def remove_release(self, show_id: int, entity_id: int, release_id: int, forget: bool) -> Answer:
        """One."""
        self.release_of(show_id, entity_id, release_id)
        self.forget(self.store.remove_releases(entity_id, [release_id], None), forget)
        return success(f"successfully deleted the release {release_id} of the {self.kind} {entity_id}")
