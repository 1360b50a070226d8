"""Sizes as configs hold them, and as people read them."""

from __future__ import annotations

from server.parsing.size import MIB, parse_size


def size(value: int | float | str) -> int:
    """Bytes of a size: a bare number counts MiB, ``700 MB`` says it itself. Raises ``ValueError``."""
    try:
        return int(float(value) * MIB)
    except ValueError:
        return parse_size(str(value))


def size_text(number: float) -> str:
    """Bytes for people: ``734003200`` -> ``700.0 MiB``."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if abs(number) < 1024:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1024
    return f"{number:.2f} TiB"
