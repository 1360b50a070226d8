"""Looking through folders whose links are followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """``os.walk`` that follows links and looks into no folder twice, for links may lead in circles."""
    met: set[tuple[int, int]] = set()
    for base, folders, names in os.walk(folder, followlinks=True):
        try:
            facts = Path(base).stat()
        except OSError:  # it went meanwhile
            continue
        if (facts.st_dev, facts.st_ino) in met:
            folders.clear()
            continue
        met.add((facts.st_dev, facts.st_ino))
        yield base, folders, names
