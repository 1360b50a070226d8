"""Limits that keep one feed or page from filling the memory."""

from __future__ import annotations

MAX_BODY = 100 * 1024 * 1024
"""Bytes an answer may have when it is read into memory."""
