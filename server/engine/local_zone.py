"""The time zone of this machine as a ``tzinfo``, by the rules of the operating system."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """Wall time as ``datetime.now()`` tells it, summer time included; follows a change of the system's zone."""

    def utcoffset(self, moment: datetime | None) -> timedelta | None:
        """The offset of a wall time; ``fold`` chooses between the two of a time that comes twice."""
        if moment is None:
            return None
        wall = moment.replace(tzinfo=None)
        return wall - datetime.fromtimestamp(wall.timestamp(), UTC).replace(tzinfo=None, fold=0)

    def dst(self, moment: datetime | None) -> timedelta | None:
        """Not told: the system's rules give the whole offset only."""
        return None

    def tzname(self, moment: datetime | None) -> str:
        """The system's name of the zone at that time."""
        return "local" if moment is None else moment.replace(tzinfo=None).astimezone().tzname() or "local"

    def fromutc(self, moment: datetime) -> datetime:
        """The wall time of a moment in UTC."""
        return datetime.fromtimestamp(moment.replace(tzinfo=UTC).timestamp()).replace(tzinfo=self)
