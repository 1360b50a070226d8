"""``/cached/``: files of other web servers (posters, say), fetched once and served from here."""

from __future__ import annotations

from server.config.errors import ConfigError
from server.features.cached.model import NotFetched, ResourceCache
from server.web.endpoint import Boolean, Resource, Text, get
from server.web.errors import BadRequest, Unavailable
from server.web.replies import FileAnswer

FOLDER = "cached_resources"

HARMLESS = {"Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"}
"""What comes from elsewhere may be looked at; a page must not run as if it were one of ours."""


class Cached(Resource):
    """One file."""

    tag = "cached"

    @get(
        "Fetch a file once",
        query=[
            Text("url", "its address, http or https", required=True),
            Boolean("force", "fetch it again", default=False),
        ],
        returns={"type": "string", "format": "binary"},
        errors=(400, 503),
        content_type="*/*",
    )
    async def file(self, url: str, force: bool) -> FileAnswer:
        """With the content type that its server told, an ETag, `Last-Modified` and ranges."""
        cache = ResourceCache(self.services.home / FOLDER)
        found = None if force else await self.run(cache.find, url)
        if found is None:
            try:
                found = await self.web.wait_for(cache.fetch, url)
            except NotFetched as error:
                raise BadRequest(str(error)) from None
            except (ConfigError, OSError) as error:
                raise Unavailable(str(error)) from None
        return FileAnswer(found.path, found.content_type, headers=HARMLESS)
