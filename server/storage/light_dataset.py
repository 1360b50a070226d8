"""``dataset`` without what nobody here uses of it.

It brings alembic, whose rules for altering tables of PostgreSQL, MySQL, SQL Server and Oracle bring SQLAlchemy's
dialects of all of them; and alembic brings mako, which imports pygments wherever that is installed, to colour
tracebacks nobody sees. That is a quarter of every start. Migrations here are plain statements (see ``Schema``), so
neither is needed: while dataset is imported, those modules are empty. SQLAlchemy still loads the dialect that a
database URL names.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_MISSING: Any = object()
_UNUSED = ("pygments", *(f"alembic.ddl.{dialect}" for dialect in ("mssql", "mysql", "oracle", "postgresql")))

_before = {name: sys.modules.get(name, _MISSING) for name in _UNUSED}
for _name, _module in _before.items():
    if _module is _MISSING:
        # None makes an import fail, which mako is prepared for; alembic is not, it gets an empty module
        sys.modules[_name] = None if _name == "pygments" else ModuleType(_name)  # type: ignore[assignment]
try:
    import dataset
finally:
    for _name, _module in _before.items():
        if _module is _MISSING:
            del sys.modules[_name]

__all__ = ["dataset"]
