"""``/variables/``: the values that the config's ``{? name ?}`` stand for."""

from __future__ import annotations

from typing import Any

from server.web.call import Call
from server.web.endpoint import Resource, get, patch, put
from server.web.resources.config_edits import editing
from server.web.shapes import ANY_OBJECT


class Variables(Resource):
    """All variables."""

    tag = "variables"

    @get("The variables", returns=ANY_OBJECT, full_access=True, groups=("config",))
    def show(self) -> dict[str, Any]:
        """With their values, which may be secrets: tokens that may only read do not see them."""
        return self.services.config.variables()

    @put("Replace all variables", body=ANY_OBJECT, returns=ANY_OBJECT, status=201, errors=(412,))
    def replace(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """They are written where the config keeps them."""
        return self._write(call, body, keep=False)

    @patch("Change some variables", body=ANY_OBJECT, returns=ANY_OBJECT, errors=(412,))
    def change(self, call: Call, body: dict[str, Any]) -> dict[str, Any]:
        """Those that are not named stay; a value that is a mapping is replaced as a whole."""
        return self._write(call, body, keep=True)

    def _write(self, call: Call, variables: dict[str, Any], *, keep: bool) -> dict[str, Any]:
        with editing(self.services, call, answer=self.show) as config:
            config.set_variables({**config.variables(), **variables} if keep else variables)
            return config.variables()
