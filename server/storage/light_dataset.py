"""``dataset`` without what nobody here uses of it.

It brings alembic, that brings mako, and that imports pygments wherever it is installed, to colour tracebacks nobody
sees: 70 ms and some MiB of every start. Told that there is no pygments, mako does without.
"""

from __future__ import annotations

import sys
from typing import Any

_MISSING: Any = object()

_before = sys.modules.get("pygments", _MISSING)
if _before is _MISSING:
    sys.modules["pygments"] = None  # type: ignore[assignment]
try:
    import dataset
finally:
    if _before is _MISSING:
        del sys.modules["pygments"]

__all__ = ["dataset"]
