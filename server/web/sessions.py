"""Signed cookies: who signed in, when, and under which password.

A value is ``<user>|<generation>|<issued>|<signature>`` in URL-safe Base64 without padding. The *generation* changes
with the password, so that a new password ends every session; the signature is an HMAC-SHA-256 over the name of the
cookie as well, so that one kind of cookie cannot stand in for the other.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from email.utils import formatdate

SESSION = "session"
REMEMBER = "flexget.token"

SESSION_SECONDS = 31 * 86400
"""A session cookie ends with the browser; one that never closes is asked to sign in again after this."""
REMEMBER_SECONDS = 365 * 86400


def sign(secret: bytes, cookie: str, user: str, generation: str, now: float | None = None) -> str:
    """The value of a cookie that lets ``user`` in."""
    text = f"{user}|{generation}|{int(time.time() if now is None else now)}"
    return _encode(f"{text}|{_signature(secret, cookie, text)}".encode())


def unsign(secret: bytes, cookie: str, value: str, max_age: int, now: float | None = None) -> tuple[str, str] | None:
    """User and generation of a value; None for a forged, damaged or old one."""
    try:
        raw = _decode(value)
        text, _, signature = raw.decode("ascii").rpartition("|")
        user, generation, issued = text.split("|")
    except (ValueError, binascii.Error):
        return None
    if _encode(raw) != value or not hmac.compare_digest(signature, _signature(secret, cookie, text)):
        return None
    age = (time.time() if now is None else now) - int(issued)
    return (user, generation) if -60 <= age <= max_age else None


def cookie_header(name: str, value: str, *, secure: bool, expires: float | None = None) -> str:
    """A ``Set-Cookie`` value; ``expires`` in seconds since the epoch, None: with the browser."""
    parts = [f"{name}={value}"]
    if expires is not None:
        parts.append(f"Expires={formatdate(expires, usegmt=True)}")
    parts += ["HttpOnly", "SameSite=Lax", "Path=/"]
    if secure:
        parts.append("Secure")
    return "; ".join(parts)


def _signature(secret: bytes, cookie: str, text: str) -> str:
    return hmac.new(secret, f"{cookie}|{text}".encode(), hashlib.sha256).hexdigest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
