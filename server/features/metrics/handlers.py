"""``/metrics``: numbers for Prometheus, where the config switches them on (``metrics: yes`` or ``open``)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from server.web.call import Call
from server.web.endpoint import Resource, get
from server.web.errors import NotFound, not_signed_in
from server.web.replies import Content
from server.web.shapes import TEXT

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

    from server.engine.services import Services
    from server.web.endpoint import Web

OPEN = "open"


class Metrics(Resource):
    """Numbers."""

    tag = "metrics"

    def __init__(self, services: Services, web: Web) -> None:
        super().__init__(services, web)
        self._made = threading.Lock()
        self._known: CollectorRegistry | None = None
        if services.config.data.get("metrics"):  # made at the start: it counts from then on
            self._registry()

    @get(
        "Numbers for Prometheus",
        returns=TEXT,
        content_type="text/plain",
        auth=False,
        errors=(401, 404),
        hidden=True,
    )
    async def metrics(self, call: Call) -> Content:
        """At `/metrics`, not below `/api`; with the token unless the config says `metrics: open`."""
        setting = self.services.config.data.get("metrics", False)
        if not setting:
            raise NotFound("metrics are off; `metrics: yes` in the config switches them on")
        if setting != OPEN and not await self._knows(call):
            raise not_signed_in()
        told: Content = await self.run(self._told, call.headers.get("Accept", ""))
        return told

    async def _knows(self, call: Call) -> bool:
        authenticator = self.web.authenticator
        found = authenticator.quick(call)
        if found is None and authenticator.may_be_slow(call):
            found = await authenticator.slow(call)
        return found is not None

    def _told(self, accept: str) -> Content:
        from prometheus_client.exposition import choose_encoder

        encode, content_type = choose_encoder(accept)
        return Content(encode(self._registry()), content_type, headers={"Cache-Control": "no-store"})

    def _registry(self) -> CollectorRegistry:
        from server.features.metrics._collector import registry_of

        with self._made:
            if self._known is None:
                self._known = registry_of(self.services)
            return self._known
