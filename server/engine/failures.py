"""What an exception means to the user, and the report that is kept when it is this program's fault."""

from __future__ import annotations

import os
import traceback
from datetime import datetime
from pathlib import Path

from server.config.errors import ConfigError

KEPT_REPORTS = 20


def explain(error: BaseException) -> tuple[str, bool]:
    """The reason in plain words, and whether it is a bug (else: the world's fault, such as a full disk)."""
    names = {cls.__module__.partition(".")[0] for cls in type(error).__mro__}
    if "requests" in names or "urllib3" in names:
        return f"request failed: {error}", False
    if isinstance(error, (OSError, ConfigError)):
        return str(error), False
    if type(error).__name__ in ("StorageError", "StoreRevoked"):
        return str(error), False
    return f"{type(error).__name__}: {error}", True


def write_crash_report(home: Path, what: str, error: BaseException) -> Path | None:
    """Keep ``crash_report.<time>.log`` (0600) in the config folder, without secrets; the newest twenty stay."""
    from server.engine.log import masked

    name = f"crash_report.{datetime.now().astimezone():%Y.%m.%d.%H%M%S%f}.log"
    text = masked(f"{what}\n{''.join(traceback.format_exception(error))}")
    path = home / name
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        for old in sorted(home.glob("crash_report.*.log"))[:-KEPT_REPORTS]:
            old.unlink(missing_ok=True)
    except OSError:
        return None
    return path
