"""Passwords: strong enough, hashed with bcrypt, compared without telling how wrong they were."""

from __future__ import annotations

import base64
import hashlib
import unicodedata

LONGEST = 72
"""Bytes that bcrypt looks at; a longer password goes through SHA-256 first instead of being cut."""

STRONG = 3
"""zxcvbn's score (0 to 4) that a password needs."""

COST = 12


class WeakPassword(ValueError):
    """The password is too easy to guess; the message says why and what helps, without repeating it."""


def require_strong(password: str) -> None:
    """Raise WeakPassword below :data:`STRONG`."""
    from zxcvbn import zxcvbn

    # zxcvbn takes no more than 72 characters; what follows could only make the password stronger
    found = zxcvbn(password[:72], user_inputs=["flexget"]) if password else None
    if found is not None and found["score"] >= STRONG:
        return
    advice = found["feedback"] if found else {"warning": "", "suggestions": []}
    words = [advice["warning"], *advice["suggestions"]]
    hints = " ".join(word.rstrip(".") + "." for word in words if word)
    raise WeakPassword(f"the password is not strong enough. {hints or 'Use a few uncommon words.'}")


def hash_password(password: str, cost: int = COST) -> str:
    """A bcrypt hash to keep."""
    import bcrypt

    return bcrypt.hashpw(_material(password), bcrypt.gensalt(cost)).decode("ascii")


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether this is the password of a hash; never where there is none."""
    import bcrypt

    if not password_hash:
        return False
    return bcrypt.checkpw(_material(password), password_hash.encode("ascii"))


def _material(password: str) -> bytes:
    # the same text may be typed in composed or in separate characters
    raw = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return raw if len(raw) <= LONGEST else base64.b64encode(hashlib.sha256(raw).digest())
