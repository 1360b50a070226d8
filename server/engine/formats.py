"""The text formats of schemas that need other libraries or the title parsers; each imported at its first use."""

from __future__ import annotations

from server.config.formats import register_format


def _quality(value: str) -> None:
    from server.parsing.quality import Quality

    Quality.from_name(value)


def _requirements(value: str) -> None:
    from server.parsing.quality_requirements import Requirements

    Requirements(value)


DATABASES = ("sqlite", "postgresql")


def _database_url(value: str) -> None:
    """The messages leave the URL out: it may hold a password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(value)
    except (ArgumentError, ValueError) as error:
        raise ValueError("This is not the URL of a database.") from error
    if url.get_backend_name() not in DATABASES:
        raise ValueError(f"`{url.drivername}` is no database that can be used.")
    try:
        url.get_dialect().import_dbapi()
    except (ArgumentError, ImportError) as error:
        remedy = "Write `postgresql+psycopg://` and install the extra `postgresql`."
        raise ValueError(f"The driver of `{url.drivername}` is not there ({error}). {remedy}") from error


def register() -> None:
    """Make the formats known."""
    register_format(
        "database_url", _database_url, expected="a URL such as `postgresql+psycopg://user:password@host/name`"
    )
    register_format("quality", _quality, expected="a quality such as `720p hdtv`")
    register_format("quality_requirements", _requirements, expected="requirements such as `720p-1080p webdl+ !cam`")
