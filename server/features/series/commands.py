"""``flexget series``: what is known of shows, where they begin, what was downloaded of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import click

from server.features.series._progress import Begin, begins, read_begin, set_begins
from server.features.series.store import (
    EPISODE,
    SEASON,
    Entity,
    Release,
    SeriesStore,
    Show,
    Sighting,
)
from server.parsing.names import normalize_name
from server.parsing.quality import Quality
from server.terminal.session import Session, current
from server.terminal.tables import Style, Table, table_options

CONFIGURED = {"configured": True, "unconfigured": False, "all": None}


@click.group()
def series() -> None:
    """View and change what is known of shows."""


def _store(session: Session) -> SeriesStore:
    return session.services.db.store(SeriesStore)


def _show(store: SeriesStore, name: str) -> Show | None:
    """The show of that name; says so when there is none."""
    found = store.shows_by_name([normalize_name(name)]).get(normalize_name(name))
    if found is None:
        click.echo(f"There is no show named {name}.")
    return found


@series.command("list")
@click.argument("which", type=click.Choice(tuple(CONFIGURED)), default="configured")
@click.option("--premieres", is_flag=True, help="Only shows of which nothing but the first episodes was downloaded.")
@click.option("--sort-by", type=click.Choice(("name", "age")), default="name", help="What the order goes by.")
@click.option("--descending/--ascending", default=False, help="The order.")
@table_options
@current
def list_shows(session: Session, /, which: str, premieres: bool, sort_by: str, descending: bool, style: Style) -> None:
    """List shows: those that the config names, those that it does not, or all."""
    store = _store(session)
    shows, _ = store.page(configured=CONFIGURED[which], premieres=premieres, descending=False, limit=1_000_000)
    ids = [show.id for show in shows]
    seen, latest = _newest_seen(store, ids), store.latest(ids)
    starts = begins(store, {show.id: show.begin_id for show in shows if show.begin_id is not None})
    rows = []
    for show in shows:
        entity, release = seen.get(show.id, (None, None))
        start = starts.get(show.id)
        rows.append(
            (
                release.first_seen if release else datetime.min.replace(tzinfo=UTC),
                show.name + _behind(entity, latest.get(show.id)),
                start.identifier if start else "-",
                entity.identifier if entity else "-",
                age(release.first_seen) if release else "-",
                latest[show.id][1].quality if show.id in latest else "-",
                show.identified_by or "auto",
            )
        )
    if sort_by == "age":
        rows.sort(key=lambda row: row[0], reverse=descending)
    elif descending:
        rows.reverse()
    columns = ("Name", "Begin", "Last Encountered", "Age", "Downloaded", "Identified By")
    style.show(Table(columns, [row[1:] for row in rows]))


def _newest_seen(store: SeriesStore, ids: Iterable[int]) -> dict[int, tuple[Entity, Release]]:
    """By show: the furthest episode that a release was seen of, with its newest release."""
    entities = store.entities_of(ids)
    releases = store.releases_of(entity.id for items in entities.values() for entity in items)
    found = {}
    for show_id, items in entities.items():
        with_releases = [entity for entity in items if entity.id in releases]
        if with_releases:
            entity = max(with_releases, key=lambda item: item.order)
            found[show_id] = entity, releases[entity.id][-1]
    return found


def _behind(seen: Entity | None, latest: tuple[Entity, Release] | None) -> str:
    """How many episodes of the season were seen after the last download."""
    if seen is None or latest is None or seen.season != latest[0].season:
        return ""
    missing = (seen.number or 0) - (latest[0].number or 0)
    return f" ({missing} behind)" if missing > 0 and latest[0].kind == EPISODE else ""


def age(moment: datetime, now: datetime | None = None) -> str:
    """How long ago: ``3d 4h``, ``5h``."""
    passed = (now or datetime.now(UTC)) - moment
    hours = passed.seconds // 3600
    return f"{passed.days}d {hours}h" if passed.days else f"{hours}h"


@series.command()
@click.argument("name")
@click.option("--sort-by", type=click.Choice(("age", "identifier")), default="age", help="What the order goes by.")
@click.option("--descending/--ascending", default=False, help="The order.")
@table_options
@current
def show(session: Session, /, name: str, sort_by: str, descending: bool, style: Style) -> None:
    """Show the releases that were seen of a show; a part of its name is enough."""
    store = _store(session)
    key = normalize_name(name)
    exact = store.shows_by_name([key]).get(key)
    found = [exact] if exact else store.search(key)
    if not found:
        click.echo(f"There is no show named {name}.")
        return
    if len(found) > 1:
        click.echo(f"Several shows fit: {', '.join(each.name for each in found)}. This is the first of them.")
    of = found[0]
    entities = store.entities_of([of.id]).get(of.id, [])
    releases = store.releases_of(entity.id for entity in entities)
    listed = [entity for entity in entities if entity.id in releases]
    if sort_by == "identifier":
        listed.sort(key=lambda entity: entity.order, reverse=descending)
    else:
        listed.sort(key=lambda entity: releases[entity.id][0].first_seen, reverse=descending)
    rows = [
        (
            entity.identifier if number == 0 else "",
            age(release.first_seen) if number == 0 else "",
            f"{release.title} *" if release.downloaded else release.title,
            release.quality,
            "yes" if release.proper_count > 0 else "",
        )
        for entity in listed
        for number, release in enumerate(releases[entity.id])
    ]
    style.show(Table(("Identifier", "Last seen", "Release titles", "Quality", "Proper"), rows, title=of.name))
    if style.kind == "porcelain":
        return
    click.echo("* downloaded")
    click.echo(f"{of.name} is identified by {of.identified_by or 'auto'}.")
    start = begins(store, {of.id: of.begin_id} if of.begin_id is not None else {}).get(of.id)
    if start:
        click.echo(f"It begins at {start.identifier}.")
    names = store.alternate_names([of.id]).get(of.id)
    if names:
        click.echo(f"Other names: {', '.join(names)}.")


@series.command()
@click.argument("name")
@click.argument("episode", required=False)
@click.option("--forget", is_flag=True, help="Let it begin anywhere.")
@current
def begin(session: Session, /, name: str, episode: str | None, forget: bool) -> None:
    """Set where a show begins: S02E01, S02, 2013-12-11 or 9."""
    store = _store(session)
    if forget:
        of = _show(store, name)
        if of is not None:
            store.set_begin(of.id, None)
            click.echo(f"{of.name} begins anywhere now.")
        return
    if episode is None:
        raise click.UsageError("give an episode, or --forget")
    try:
        wanted = read_begin(episode)
    except ValueError as error:
        click.echo(str(error))
        return
    with store.db.transaction():
        key = normalize_name(name)
        of = store.add_shows([(name, key)])[key]
        if of.identified_by not in (None, "auto", wanted.identified_by):
            click.echo(f"{of.name} is identified by {of.identified_by}, so it cannot begin at {wanted.identifier}.")
            return
        set_begins(store, {of.id: wanted})
    click.echo(f"{of.name} begins at {wanted.identifier}.")


@series.command()
@click.argument("name")
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...")
@current
def forget(session: Session, /, name: str, episodes: tuple[str, ...]) -> None:
    """Forget a show or some of its episodes, their titles in `seen` too, so that they are new again."""
    titles = _remove(_store(session), name, episodes)
    if titles:
        from server.features.seen.store import SeenStore

        session.services.db.store(SeenStore).forget_values(titles)


@series.command()
@click.argument("name")
@click.argument("episodes", nargs=-1, metavar="[EPISODE]...")
@current
def remove(session: Session, /, name: str, episodes: tuple[str, ...]) -> None:
    """Remove a show or some of its episodes; their titles stay known to `seen`."""
    _remove(_store(session), name, episodes)


def _remove(store: SeriesStore, name: str, identifiers: tuple[str, ...]) -> list[str]:
    """The titles of the downloaded releases that went."""
    of = _show(store, name)
    if of is None:
        return []
    if not identifiers:
        titles = store.remove_show(of.id)
        click.echo(f"Removed {of.name} with all of its episodes.")
        return titles
    titles = []
    with store.db.transaction():
        for given in identifiers:
            found = store.find_entities((of.id, kind, each) for kind in (EPISODE, SEASON) for each in _written(given))
            if not found:
                click.echo(f"{of.name} has no episode {given}.")
            for (_, kind, identifier), entity in found.items():
                titles += store.remove_entities(of.id, [entity.id], kind)
                click.echo(f"Removed {identifier} of {of.name}.")
    return titles


def _written(identifier: str) -> set[str]:
    """How an identifier may be written in the store: as given, or as it is understood."""
    found = {identifier, identifier.upper(), identifier.lower()}
    try:
        found.add(read_begin(identifier).identifier)
    except ValueError:
        return found
    return found - {_season_start(identifier)}


def _season_start(identifier: str) -> str | None:
    """``S02`` is a season, not the episode that it begins with."""
    text = identifier.upper()
    return read_begin(text).identifier if text.startswith("S") and "E" not in text else None


@series.command()
@click.argument("name")
@click.argument("episodes", nargs=-1, required=True, metavar="EPISODE...")
@click.option("--quality", default="", help="The quality that was downloaded.")
@current
def add(session: Session, /, name: str, episodes: tuple[str, ...], quality: str) -> None:
    """Add episodes or seasons as if they had been downloaded."""
    store = _store(session)
    with store.db.transaction():
        key = normalize_name(name)
        known = store.shows_by_name([key]).get(key)
        sightings = []
        for given in episodes:
            try:
                wanted = read_begin(given)
            except ValueError as error:
                click.echo(str(error))
                return
            if known and known.identified_by not in (None, "auto", wanted.identified_by):
                click.echo(f"{known.name} is identified by {known.identified_by}; {given} is of another kind.")
                return
            sightings.append((given, wanted))
        of = known or store.add_shows([(name, key)])[key]
        releases = store.remember([_sighting(of, *each, quality) for each in sightings])
        titles = {_title(of, given, quality) for given in episodes}
        store.mark_downloaded(release.id for key_, release in releases.items() if key_[3] in titles)
    click.echo(f"Added {', '.join(episodes)} to {of.name}.")


def _title(of: Show, identifier: str, quality: str) -> str:
    return f"{of.name} {identifier.upper()} {quality}".strip()


def _sighting(of: Show, given: str, begin_at: Begin, quality: str) -> Sighting:
    season_only = _season_start(given) is not None
    return Sighting(
        show_id=of.id,
        kind=SEASON if season_only else EPISODE,
        identifier=f"S{begin_at.season:02}" if season_only else begin_at.identifier,
        identified_by=begin_at.identified_by,
        season=begin_at.season,
        number=None if season_only else begin_at.number,
        title=_title(of, given, quality),
        quality=str(Quality.parse(quality)),
        proper_count=0,
    )
