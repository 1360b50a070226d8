"""Who asks: token, Basic credentials, a signed cookie, or the control channel.

The quick ways (token, cookie, Basic credentials that were right a moment ago) are answered at once; only
credentials not seen before cost a bcrypt, on a thread of its own, once however many requests bring them at the same
time.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from server.web.call import Call, Identity
from server.web.errors import PlainError, TooManyAttempts, Unavailable
from server.web.sessions import REMEMBER, REMEMBER_SECONDS, SESSION, SESSION_SECONDS, cookie_header, sign, unsign
from server.web.throttle import Throttle

logger = logging.getLogger("auth")

REMEMBERED = 256
"""Verified Basic credentials kept (as keyed digests) in memory."""
WAITING = 32
"""Password checks that may wait at a time; more are refused with 503."""


class Accounts(Protocol):
    """What is asked of ``server.features.users``."""

    user: str
    cookie_secret: bytes

    @property
    def generation(self) -> str:
        """Changes with the password."""

    def identify(self, token: str) -> Identity | None:
        """Whose token this is."""

    def redeem_code(self, code: str) -> bool:
        """Whether it is a one-time sign-in code; it is used up by this."""

    def check_password(self, password: str) -> bool:
        """Whether it is the password (slow: bcrypt)."""


class Authenticator:
    """Decides who a request comes from. Lives on the loop's thread."""

    def __init__(self, accounts: Accounts) -> None:
        self.accounts = accounts
        self.throttle = Throttle()
        self._key = secrets.token_bytes(32)
        self._verified: dict[bytes, str] = {}
        self._pending: dict[bytes, asyncio.Future[bool]] = {}
        self._hasher = ThreadPoolExecutor(1, "password")

    def close(self) -> None:
        """End the hashing thread."""
        self._hasher.shutdown(wait=False, cancel_futures=True)

    def quick(self, call: Call) -> Identity | None:
        """Who this is, as far as it can be told without hashing a password."""
        if call.trusted:
            return Identity(self.accounts.user, "trusted")
        header = call.headers.get("Authorization")
        if header is not None:
            kind, _, value = header.partition(" ")
            kind = kind.lower()
            if kind == "token":
                found = self.accounts.identify(value.strip())
                if found is not None:
                    return found
            elif kind == "basic" and not self.throttle.wait(call.remote_ip) and self._is_verified(self._digest(value)):
                return Identity(self.accounts.user, "basic")
        return self._by_cookie(call)

    def session_cookie(self, call: Call) -> str:
        """``Set-Cookie`` of a session, which ends with the browser."""
        value = sign(self.accounts.cookie_secret, SESSION, self.accounts.user, self.accounts.generation)
        return cookie_header(SESSION, value, secure=call.scheme == "https")

    def remember_cookie(self, call: Call) -> str:
        """``Set-Cookie`` that keeps the sign-in for a year."""
        value = sign(self.accounts.cookie_secret, REMEMBER, self.accounts.user, self.accounts.generation)
        expires = time.time() + REMEMBER_SECONDS
        return cookie_header(REMEMBER, value, secure=call.scheme == "https", expires=expires)

    @staticmethod
    def clearing_cookies(call: Call) -> tuple[str, ...]:
        """``Set-Cookie`` headers that take both cookies away."""
        return tuple(cookie_header(name, "", secure=call.scheme == "https", expires=0) for name in (REMEMBER, SESSION))

    def may_be_slow(self, call: Call) -> bool:
        """Whether :meth:`slow` could tell more than :meth:`quick` did."""
        return call.headers.get("Authorization", "")[:6].lower() == "basic "

    async def slow(self, call: Call) -> Identity | None:
        """Check Basic credentials that were not seen before."""
        value = call.headers["Authorization"][6:].strip()
        try:
            user, colon, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
        except ValueError:  # not Base64, not even ASCII, or not UTF-8
            return None
        try:
            if not colon or not await self.sign_in(call, user, password):
                return None
        except TooManyAttempts as error:
            # whoever asks for a resource is told 401 whatever the reason; only the sign-in itself says 429
            raise PlainError(401, error.message, headers=error.headers) from None
        return Identity(self.accounts.user, "basic")

    async def sign_in(self, call: Call, user: str, password: str) -> bool:
        """Check a name and a password; failures are counted, and too many of them raise TooManyAttempts."""
        digest = self._digest(base64.b64encode(f"{user}:{password}".encode()).decode())
        # what is remembered answers guesses without a hash: an address that has to wait must not reach it
        wait = self.throttle.wait(call.remote_ip)
        if wait:
            raise TooManyAttempts(wait)
        pending = self._pending.get(digest)
        if pending is not None:
            return await asyncio.shield(pending)
        if self._is_verified(digest):
            return True
        if len(self._pending) >= WAITING:
            raise Unavailable("too many sign-ins are being checked: try again in a moment")
        loop = asyncio.get_running_loop()
        generation = self.accounts.generation
        pending = self._pending[digest] = loop.create_future()
        try:
            right = await loop.run_in_executor(self._hasher, self._check, user, password)
            pending.set_result(right)
        finally:
            del self._pending[digest]
            if not pending.done():
                pending.cancel()
        if right:
            self.throttle.succeeded(call.remote_ip)
            if len(self._verified) >= REMEMBERED:
                self._verified.clear()
            self._verified[digest] = generation
        else:
            self.throttle.failed(call.remote_ip)
            # no name: people type their password there
            logger.warning("A sign-in from %s failed", call.remote_ip)
        return right

    def _check(self, user: str, password: str) -> bool:
        # the password is hashed even for an unknown name: both answers take the same time
        right = self.accounts.check_password(password)
        return right and user.lower() == self.accounts.user

    def _is_verified(self, digest: bytes) -> bool:
        return self._verified.get(digest) == self.accounts.generation

    def _digest(self, credentials: str) -> bytes:
        return hashlib.blake2b(credentials.strip().encode("utf-8", "replace"), key=self._key, digest_size=32).digest()

    def _by_cookie(self, call: Call) -> Identity | None:
        for name, seconds in ((SESSION, SESSION_SECONDS), (REMEMBER, REMEMBER_SECONDS)):
            for value in call.cookies(name):
                found = unsign(self.accounts.cookie_secret, name, value, seconds)
                if found == (self.accounts.user, self.accounts.generation):
                    return Identity(self.accounts.user, "cookie")
        return None
