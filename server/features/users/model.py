"""The user, the tokens and the one-time codes, as the web server and the command line ask for them.

::

    accounts = Accounts(db, home / ".config-token")
    accounts.set_password("some uncommon words")
    accounts.token                      # for `web showtoken`
    accounts.new_code()                 # for the link that signs in once

The main token stands in a file of mode 0600, everything else knows its digest only. That file's time stamp is also
how a running daemon sees what a command line changed that could not tell it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.features.users.store import SCHEMA, StoredToken, UserStore
from server.storage.database import Database
from server.web.call import Identity
from server.web.passwords import COST, hash_password, is_password, require_strong

USER = "flexget"
MAIN = "main"
"""Name of the token that every installation has."""

LOOK_SECONDS = 1.0
"""How often the file's time stamp is looked at."""
CODE_SECONDS = 24 * 3600
CODES = 32
"""One-time codes that may wait to be used at a time."""


class NoToken(Exception):
    """The main token cannot be shown because its file is gone; the message says what to do."""


@dataclass(frozen=True)
class _State:
    """What is known, and how counter and file stood *before* it was read: what changed meanwhile is read again."""

    version: int
    stamp: tuple[int, int] | None
    password_hash: str | None
    generation: str
    cookie_secret: bytes
    tokens: dict[str, Identity]


class Accounts:
    """Everything about signing in. Safe to use from several threads."""

    def __init__(
        self, db: Database, token_file: Path, *, cost: int = COST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.user = USER
        self.token_file = token_file
        self._store = db.store(UserStore)
        self._cost = cost
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, float] = {}
        self._db = db
        self._next_look = 0.0
        self._prepare()
        self._state = self._load()

    # -- what the web server asks -------------------------------------------------------------------------------------

    @property
    def generation(self) -> str:
        """Changes with the password, and so ends every session."""
        return self._current().generation

    @property
    def cookie_secret(self) -> bytes:
        """What cookies are signed with."""
        return self._current().cookie_secret

    @property
    def has_password(self) -> bool:
        """Whether anybody can sign in with a password at all."""
        return self._current().password_hash is not None

    def identify(self, token: str) -> Identity | None:
        """Whose token this is: tokens are looked up by their digest, which tells nothing to a stopwatch."""
        return self._current().tokens.get(_digest(token))

    def check_password(self, password: str) -> bool:
        """Whether it is the password. Takes some 200 ms on purpose."""
        return is_password(password, self._current().password_hash)

    def new_code(self) -> str:
        """A code for one sign-in, good for a day or until the program ends."""
        code = secrets.token_urlsafe(24)
        now = self._clock()
        with self._lock:
            self._codes = {key: end for key, end in self._codes.items() if end > now}
            while len(self._codes) >= CODES:
                del self._codes[next(iter(self._codes))]
            self._codes[_digest(code)] = now + CODE_SECONDS
        return code

    def redeem_code(self, code: str) -> bool:
        """Whether this is a code that waits to be used; it is used up by this."""
        with self.using_code(code) as good:
            return good

    @contextmanager
    def using_code(self, code: str) -> Iterator[bool]:
        """As :meth:`redeem_code`, around what the code is for: where that raises, it can be used again."""
        digest = _digest(code)
        with self._lock:
            end = self._codes.pop(digest, None)
        good = end is not None and end > self._clock()
        try:
            yield good
        except Exception:
            if good and end is not None:
                with self._lock:
                    self._codes[digest] = end
            raise

    # -- what changes them --------------------------------------------------------------------------------------------

    def set_password(self, password: str) -> None:
        """Keep another password and end every session; raises WeakPassword."""
        require_strong(password)
        self._store.set_password(USER, hash_password(password, self._cost))
        self._changed()

    @property
    def token(self) -> str:
        """The main token in full; raises NoToken."""
        try:
            return self.token_file.read_text(encoding="ascii").strip()
        except OSError as error:
            raise NoToken(
                f"the token cannot be read from {self.token_file} ({error.strerror}): renew it by `web gentoken`"
            ) from error

    def renew_token(self) -> str:
        """Another main token; the old one is good for nothing from now on."""
        token = secrets.token_hex(28)
        _write_secret(self.token_file, token)
        self._store.put_token(MAIN, _digest(token), read_only=False)
        self._changed()
        return token

    def add_token(self, name: str, *, read_only: bool) -> str:
        """A token besides the main one; it is told here and never again. ValueError when the name is in use."""
        token = secrets.token_hex(28)
        with self._db.transaction():
            if any(known.name == name for known in self._store.tokens()):
                raise ValueError(f"there is a token called `{name}`")
            self._store.put_token(name, _digest(token), read_only=read_only)
        self._changed()
        return token

    def remove_token(self, name: str) -> bool:
        """Forget a named token; whether there was one. The main token is renewed instead."""
        if name == MAIN or not self._store.forget_token(name):
            return False
        self._changed()
        return True

    def tokens(self) -> list[StoredToken]:
        """All tokens, without what would let one use them."""
        return self._store.tokens()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        self._store.user(USER)
        known = {token.name: token.digest for token in self._store.tokens()}
        try:
            token = self.token
        except NoToken:
            if MAIN not in known:
                self.renew_token()
            return
        # the file is what its owner sees: a database that was restored from a backup follows it
        if token and known.get(MAIN) != _digest(token):
            self._store.put_token(MAIN, _digest(token), read_only=False)

    def _current(self) -> _State:
        written = self._state.version != self._db.version(SCHEMA.name)
        if written or (self._clock() >= self._next_look and self._file_changed()):
            self._state = self._load()
        return self._state

    def _file_changed(self) -> bool:
        self._next_look = self._clock() + LOOK_SECONDS
        return self._state.stamp != self._file_stamp()

    def _load(self) -> _State:
        version, stamp = self._db.version(SCHEMA.name), self._file_stamp()
        user = self._store.user(USER)
        tokens = {token.digest: Identity(USER, "token", token.read_only) for token in self._store.tokens()}
        secret = bytes.fromhex(user.cookie_secret)
        return _State(version, stamp, user.password_hash, user.generation, secret, tokens)

    def _file_stamp(self) -> tuple[int, int] | None:
        try:
            found = self.token_file.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _changed(self) -> None:
        if self.token_file.exists():
            os.utime(self.token_file)
        self._state = self._load()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
