"""``/format_check/``: does a text have the format that a config key asks for.

Not in the API documents, as in the reference.
"""

from __future__ import annotations

from server.web.endpoint import SUCCESS, Answer, Resource, obj, post, success

FORMATS = (
    "quality",
    "quality_requirements",
    "time",
    "interval",
    "size",
    "percent",
    "regex",
    "file",
    "path",
    "url",
    "episode_identifier",
    "episode_or_season_id",
)


class FormatCheck(Resource):
    """Checks values by the names of their formats."""

    tag = "format_check"

    @post(
        "Check values by the names of their formats",
        body=obj({name: {"type": "string", "format": name} for name in FORMATS}, required=()),
        returns=SUCCESS,
        hidden=True,
    )
    async def check(self) -> Answer:
        """Keys that name no format pass."""
        return success("every value has its format")
