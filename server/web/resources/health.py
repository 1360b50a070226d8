"""``/health/``: is it up. Needs no sign-in and tells nothing else."""

from __future__ import annotations

from server.web.endpoint import Resource, Shape, get, obj
from server.web.security import API_VERSION
from server.web.shapes import TEXT

HEALTH = Shape("health", obj({"status": {"const": "ok"}, "api_version": TEXT}))


class Health(Resource):
    """Whether the daemon answers."""

    tag = "health"

    @get("Whether the daemon answers", returns=HEALTH, auth=False, instant=True, groups=("process",))
    def state(self) -> dict[str, str]:
        """For launchers, containers and monitoring."""
        return {"status": "ok", "api_version": API_VERSION}
