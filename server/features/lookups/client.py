"""Asks public sites: politely, patiently, and not twice for the same.

    sites = Sites.of(services)
    sites.get("tvmaze", "/shows/13").data

Answers are kept in the database. Each site is asked one thing at a time and never faster than it allows. Where it
cannot be reached an old answer is better than none. Keys and addresses of requests are never part of a message.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from server.engine.lookup_settings import SITES, SiteSettings, site_settings
from server.features.lookups.store import Kept, LookupStore

if TYPE_CHECKING:
    import requests

    from server.engine.net import Session
    from server.engine.services import Services
    from server.storage.database import Database

TIMEOUT = (5.0, 10.0)
"""Seconds to connect, and between two pieces of an answer."""

LONGEST = 30.0
"""Seconds that a whole answer may take to come."""

MAX_BODY = 8 * 1024 * 1024
NOTHING_LASTS = timedelta(hours=1)
"""How long it counts that a site knows nothing of something."""

DOWN_SECONDS = 10.0
"""How long a site that could not be reached is not asked again."""

LONGEST_WAIT = 15.0
"""Seconds that a request waits for its turn at a site."""


class LookupRefused(Exception):
    """It cannot be asked that way: a key or a parameter is missing."""


class LookupFailed(Exception):
    """The site cannot be reached, or does not answer as it should."""


class KeyRefused(LookupFailed):
    """The site does not take the key, or the token that it gave for it."""


class NothingFound(LookupFailed):
    """The site knows nothing of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. ``fresh``: not older than the settings allow."""

    data: Any
    fetched: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class Called:
    """What came of a call: status, JSON (None where there is none), and headers by their names in lower case."""

    status: int
    data: Any
    headers: Mapping[str, str]


class TokenBucket:
    """Allows ``burst`` at once and ``rate`` a second in the long run."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = float(burst), time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> float:
        """Take a turn; returns the seconds to wait for it."""
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - 1
            self._at = now
            return max(0.0, -self._tokens / self._rate)

    def give_back(self) -> None:
        """The turn was not used."""
        with self._lock:
            self._tokens += 1


class Sites:
    """All sites, for the life of the process. May be used by several threads."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._buckets = {name: TokenBucket(site.rate, site.burst) for name, site in SITES.items()}
        self._turns = {name: threading.Lock() for name in SITES}
        self._tokens: dict[tuple[str, str], str] = {}
        self._down: dict[tuple[str, str], tuple[float, str]] = {}

    @classmethod
    def of(cls, services: Services) -> Sites:
        """The one of these services."""
        found: Sites = services.extra.setdefault("lookups", cls(services))
        return found

    @property
    def db(self) -> Database:
        """Where answers and accounts are kept: the real one, in test runs and previews too."""
        return self._services.db

    def settings(self, name: str) -> SiteSettings:
        """Address, key and patience of a site, as the config in force has them."""
        return site_settings(self._services.config.data, name)

    def key(self, name: str) -> str:
        """The key of a site; raises :class:`LookupRefused` where there is none."""
        settings = self.settings(name)
        if not settings.key:
            raise LookupRefused(
                f"{settings.site.title} wants a key: get one at {settings.site.key_from} and write it into the config "
                f"as `lookups: {{{name}: {{key: ...}}}}` (or into FLEXGET_{name.upper()}_KEY)"
            )
        return settings.key

    def get(
        self,
        name: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        secret: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        token: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        vary: str = "",
        force: bool = False,
        only_cached: bool = False,
    ) -> Found:
        """The JSON at a path of a site.

        :param secret: more parameters, which are no part of what the answer is kept under
        :param token: what to sign in with (``POST /login``) for the token that the request carries
        :param body: JSON of a question that is posted
        :param vary: what else the answer depends on (a language in a header, the body)
        :param force: ask again, however fresh the kept answer is
        :raises NothingFound: it answered 404 (which is kept as well)
        :raises LookupFailed: it cannot be reached and nothing is kept
        """
        settings = self.settings(name)
        given = {key: value for key, value in (params or {}).items() if value is not None}
        request = f"{path}?{urlencode(sorted(given.items()))}#{vary}"
        store = self.db.store(LookupStore)
        kept = store.get(name, request)
        if only_cached and kept is None:
            raise NothingFound(f"nothing of it is kept from {settings.site.title}")
        if kept is not None and (only_cached or (not force and _is_fresh(kept, settings))):
            return _found(kept, settings)
        with self._turns[name]:
            again = store.get(name, request)  # it may have been asked while this waited
            if again is not None and (kept is None or again.fetched > kept.fetched):
                return _found(again, settings)
            try:
                answer = self._fetch(settings, path, {**given, **(secret or {})}, headers or {}, token, body)
            except LookupFailed:
                if kept is None:
                    raise
                return _found(kept, settings)
            return _found(store.keep(name, request, answer), settings)

    def call(
        self,
        name: str,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        answers: frozenset[int] = frozenset(),
    ) -> Called:
        """Ask for something that is not to be kept: an account's own data, or a change.

        :param answers: statuses of 400 and more that are answers, too
        :raises LookupFailed: as for ``get``
        """
        settings = self.settings(name)
        with self._turns[name]:
            more = {} if body is None else {"json": body}
            given = {key: value for key, value in (params or {}).items() if value is not None}
            response = self._send(method, settings, path, given, headers or {}, answers=answers, **more)
        data = None if response.status_code in answers or not response.content else _json(response, settings)
        return Called(response.status_code, data, {key.lower(): text for key, text in response.headers.items()})

    # -- on the wire --------------------------------------------------------------------------------------------------

    def _fetch(
        self,
        settings: SiteSettings,
        path: str,
        params: Mapping[str, Any],
        headers: Mapping[str, str],
        sign_in: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
    ) -> Any | None:
        try:
            if body is not None:
                return _json(self._send("POST", settings, path, params, headers, json=body), settings)
            if sign_in is None:
                return _json(self._send("GET", settings, path, params, headers), settings)
            try:
                signed = {**headers, **self._signed(settings, sign_in, renew=False)}
                return _json(self._send("GET", settings, path, params, signed), settings)
            except KeyRefused:  # tokens last a day
                signed = {**headers, **self._signed(settings, sign_in, renew=True)}
                return _json(self._send("GET", settings, path, params, signed), settings)
        except NothingFound:
            return None

    def _signed(self, settings: SiteSettings, sign_in: Mapping[str, str], *, renew: bool) -> dict[str, str]:
        """The header with the token that a site gives for a key; the token is kept in memory."""
        key = (settings.address, settings.key)
        if renew or key not in self._tokens:
            answer = _json(self._send("POST", settings, "/login", {}, {}, json=dict(sign_in)), settings)
            data = answer.get("data", answer) if isinstance(answer, dict) else None
            token = data.get("token") if isinstance(data, dict) else None
            if not isinstance(token, str):
                raise LookupFailed(f"{settings.site.title} gave no token for the key")
            self._tokens[key] = token
        return {"Authorization": f"Bearer {self._tokens[key]}"}

    def _send(
        self,
        method: str,
        settings: SiteSettings,
        path: str,
        params: Mapping[str, Any],
        headers: Mapping[str, str],
        *,
        answers: frozenset[int] = frozenset(),
        **more: Any,
    ) -> requests.Response:
        import requests

        title = settings.site.title
        until, why = self._down.get((settings.site.name, settings.address), (0.0, ""))
        if until > time.monotonic():
            raise LookupFailed(why)
        self._wait(settings)
        try:
            with _session() as session:
                return session.request(
                    method, settings.address + path, params=dict(params), headers=dict(headers), **more
                )
        except requests.HTTPError as error:
            if error.response.status_code in answers:
                return error.response
            raise _refused(title, error.response.status_code) from None
        except requests.Timeout:
            raise self._unreachable(settings, f"{title} did not answer in time") from None
        except requests.RequestException as error:
            raise self._unreachable(settings, f"{title} cannot be reached ({type(error).__name__})") from None

    def _unreachable(self, settings: SiteSettings, why: str) -> LookupFailed:
        self._down[settings.site.name, settings.address] = (time.monotonic() + DOWN_SECONDS, why)
        return LookupFailed(why)

    def _wait(self, settings: SiteSettings) -> None:
        bucket = self._buckets[settings.site.name]
        seconds = bucket.take()
        if seconds > LONGEST_WAIT:
            bucket.give_back()
            raise LookupFailed(f"too many questions for {settings.site.title} at once: try again in a minute")
        time.sleep(seconds)


def _session() -> Session:
    from server.engine.net import Session

    session = Session()
    session.timeout, session.longest, session.max_body, session.retries = TIMEOUT, LONGEST, MAX_BODY, 1
    session.headers["Accept"] = "application/json"
    return session


def _refused(title: str, status: int) -> LookupFailed:
    if status == 404:
        return NothingFound(f"{title} knows nothing of it")
    if status in (401, 403):
        return KeyRefused(f"{title} refused the key (status {status})")
    if status == 429:
        return LookupFailed(f"{title} was asked too often: try again later")
    return LookupFailed(f"{title} answered with an error (status {status})")


def _json(response: requests.Response, settings: SiteSettings) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError):
        raise LookupFailed(f"{settings.site.title} sent something else than JSON") from None


def _is_fresh(kept: Kept, settings: SiteSettings) -> bool:
    lasts = settings.cache if kept.answer is not None else min(settings.cache, NOTHING_LASTS)
    return datetime.now(UTC) - kept.fetched < lasts


def _found(kept: Kept, settings: SiteSettings) -> Found:
    if kept.answer is None:
        raise NothingFound(f"{settings.site.title} knows nothing of it")
    return Found(kept.answer, kept.fetched, _is_fresh(kept, settings))
