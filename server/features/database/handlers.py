"""``/database/``: clean, shrink, or empty a part of what is remembered."""

from __future__ import annotations

from typing import Any

from server.features.database import model
from server.web.endpoint import SUCCESS, Answer, Resource, Shape, get, obj, post, success
from server.web.errors import BadRequest
from server.web.shapes import NAMES, TEXT

OPERATION = Shape(
    "database_operation",
    obj(
        {
            "operation": {"type": "string", "enum": ["cleanup", "vacuum", "plugin_reset"]},
            "plugin_name": {**TEXT, "description": "what to empty, for `plugin_reset`: see `/database/plugins/`"},
        },
        required=["operation"],
        extra=False,
    ),
)


class Database(Resource):
    """The database as a whole."""

    tag = "database"

    @post("Clean, shrink or empty", body=OPERATION, returns=SUCCESS, errors=(400,))
    def operate(self, body: dict[str, Any]) -> Answer:
        """`cleanup` drops what is old, `vacuum` gives freed space back, `plugin_reset` forgets all of one plugin."""
        db = self.services.db
        if body["operation"] == "cleanup":
            count = sum(model.cleanup(db).values())
            return success(f"database cleanup finished, {count} old rows were removed")
        if body["operation"] == "vacuum":
            db.vacuum()
            return success("database VACUUM finished")
        name = body.get("plugin_name")
        if not name:
            raise BadRequest("`plugin_name` is missing: it tells what to empty")
        if name in model.KEPT:
            raise BadRequest(f"{name} cannot be emptied here: nobody could sign in any more")
        try:
            model.reset_part(db, name)
        except model.UnknownPart as error:
            raise BadRequest(str(error)) from None
        return success(f"what {name} kept was removed")


class Parts(Resource):
    """What can be emptied by itself."""

    tag = "database"

    @get("List what can be emptied", returns=NAMES, groups=("process",))
    def names(self) -> list[str]:
        """Names for `plugin_reset`."""
        return [name for name in model.parts() if name not in model.KEPT]
