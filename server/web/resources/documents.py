"""``/swagger.json`` and ``/openapi.json``: what this API offers, made from the declarations at the first request."""

from __future__ import annotations

from typing import Any

from server.web.endpoint import Resource, get
from server.web.openapi import openapi, swagger
from server.web.shapes import ANY_OBJECT


class Swagger(Resource):
    """The Swagger 2.0 document."""

    tag = "documents"

    @get("This API as Swagger 2.0", returns=ANY_OBJECT, auth=False, hidden=True, groups=("process",))
    def document(self) -> dict[str, Any]:
        """The version of the format that the reference has."""
        return swagger(self.web.router.mounted, self.web.base)


class OpenApi(Resource):
    """The OpenAPI 3.1 document."""

    tag = "documents"

    @get("This API as OpenAPI 3.1", returns=ANY_OBJECT, auth=False, hidden=True, groups=("process",))
    def document(self) -> dict[str, Any]:
        """With everything that the older format cannot say."""
        return openapi(self.web.router.mounted, self.web.base)
