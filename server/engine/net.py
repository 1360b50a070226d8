"""The HTTP session of a task: a ``requests`` session that is polite and cannot hang or fill the memory.

    response = task.requests.get("http://example.com/feed.xml")

Every request has a time-out, transient failures are tried again with growing pauses, ``Retry-After`` is kept, hosts can
be given a pause between requests (``domain_delay``), and a body that is larger than the limit is refused.
``file://`` addresses are read too, but only below the folders that were allowed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ContentDecodingError, InvalidURL, RequestException, Timeout
from requests.exceptions import ConnectionError as RequestsConnectionError
from urllib3 import HTTPResponse
from urllib3.exceptions import DecodeError, HTTPError, ProtocolError

from server import __version__
from server.engine.limits import MAX_BODY

TIMEOUT = (10.0, 30.0)
"""Seconds to connect, and between two pieces of the answer."""

RETRIES = 2
RETRY_STATUS = frozenset({429, 502, 503, 504})
LONGEST_PAUSE = 30.0
UNRESPONSIVE_SECONDS = 300.0


class TooLarge(RequestException):
    """The answer is larger than the limit."""


class Unresponsive(RequestException):
    """The host timed out a moment ago; it is left alone for a while."""


class HostClock:
    """When each host may be asked again; shared by all tasks of the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free_at: dict[str, float] = {}
        self._silent_until: dict[str, float] = {}

    def reserve(self, host: str, delay: float) -> float:
        """Take the next turn at a host; returns the seconds to wait for it."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._free_at.get(host, 0.0))
            self._free_at[host] = turn + delay
            return turn - now

    def timed_out(self, host: str) -> None:
        """Remember that a host does not answer."""
        with self._lock:
            self._silent_until[host] = time.monotonic() + UNRESPONSIVE_SECONDS

    def answered(self, host: str) -> None:
        """The host is back."""
        self._silent_until.pop(host, None)

    def is_silent(self, host: str) -> bool:
        """Whether the host timed out lately."""
        return self._silent_until.get(host, 0.0) > time.monotonic()


CLOCK = HostClock()


class Session(requests.Session):
    """See the module. ``cancelled`` is called before each try and each wait; it raises to end the run."""

    def __init__(self, *, cancelled: Callable[[], None] = lambda: None, folders: tuple[Path, ...] = ()) -> None:
        super().__init__()
        self.headers["User-Agent"] = f"FlexGet-Tray/{__version__}"
        self.timeout: float | tuple[float, float] = TIMEOUT
        self.max_body = MAX_BODY
        self.longest: float | None = None
        """Seconds that a body may take to come, however busily it drips; None: any time (a task has its own limit)."""
        self.retries = RETRIES
        self.domain_delays: dict[str, float] = {}
        self._logins: dict[tuple[str, str], tuple[str, str]] = {}
        self._cancelled = cancelled
        adapter = HTTPAdapter(pool_connections=8, pool_maxsize=8)
        self.mount("http://", adapter)
        self.mount("https://", adapter)
        self.mount("file://", FileAdapter(folders))

    def allow_folder(self, folder: Path) -> None:
        """Let ``file://`` addresses below this folder be read."""
        adapter = self.get_adapter("file:///")
        if isinstance(adapter, FileAdapter):
            adapter.folders = (*adapter.folders, folder)

    def set_domain_delay(self, host: str, seconds: float) -> None:
        """Wait this long between two requests to a host."""
        self.domain_delays[host.lower()] = seconds

    def sign_in(self, url: str, username: str, password: str) -> None:
        """Send this login (HTTP basic) with all further requests to the site of that address."""
        self._logins[_site(url)] = (username, password)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """Like ``requests``; raises ``requests.RequestException`` for every failure, HTTP errors included.

        ``raise_status=False`` gives answers of status 400 and more back; ``stream=True`` leaves the body to the caller.
        """
        raise_status = kwargs.pop("raise_status", True)
        streamed = bool(kwargs.get("stream"))
        kwargs["stream"] = True
        kwargs.setdefault("timeout", self.timeout)
        try:
            if self._logins and kwargs.get("auth") is None:
                kwargs["auth"] = self._logins.get(_site(url))
            response = self._patiently(method, url, args, kwargs)
        except RequestException:
            raise
        except ValueError as error:  # the address, or that of a redirect, such as `http://[x`
            raise InvalidURL(f"{url} cannot be asked: {error}") from error
        try:
            if raise_status:
                response.raise_for_status()
            if not streamed:
                self._read(response)
                response.close()  # hands the connection back; a file would stay open
        except BaseException:
            response.close()
            raise
        return response

    def _patiently(self, method: str, url: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> requests.Response:
        host = (urlsplit(url).hostname or "").lower()
        tries = self.retries + 1 if method.upper() in ("GET", "HEAD", "OPTIONS") else 1
        for left in range(tries - 1, -1, -1):
            self._take_turn(host, url)
            try:
                response = super().request(method, url, *args, **kwargs)
            except Timeout:
                CLOCK.timed_out(host)
                raise
            except RequestsConnectionError:
                if not left:
                    raise
                self._wait(0.2 * 2 ** (tries - left - 1))
                continue
            CLOCK.answered(host)
            pause = _pause(response, tries - left - 1) if left and response.status_code in RETRY_STATUS else None
            if pause is None:
                return response
            response.close()
            self._wait(pause)
        raise RequestsConnectionError(f"no answer from {host}")

    def _take_turn(self, host: str, url: str) -> None:
        self._cancelled()
        if CLOCK.is_silent(host):
            raise Unresponsive(f"{host} did not answer in time a moment ago; {url} is not asked for now")
        delay = next((seconds for name, seconds in self.domain_delays.items() if host.endswith(name)), 0.0)
        if delay:
            self._wait(CLOCK.reserve(host, delay))

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._cancelled()
            time.sleep(min(left, 0.2))

    def _read(self, response: requests.Response) -> None:
        """Read the body into memory, up to the limit."""
        declared = response.headers.get("Content-Length", "")
        if declared.isdecimal() and int(declared) > self.max_body:
            raise TooLarge(f"{response.url} is {int(declared)} bytes; the limit is {self.max_body}")
        read: list[bytes] = []
        size = 0
        end = None if self.longest is None else time.monotonic() + self.longest
        for piece in pieces(response, 64 * 1024):
            size += len(piece)
            if size > self.max_body:
                raise TooLarge(f"{response.url} is larger than the limit of {self.max_body} bytes")
            if end is not None and time.monotonic() > end:
                raise Timeout(f"{response.url} took longer than {self.longest:g} seconds")
            read.append(piece)
            self._cancelled()
        response._content = b"".join(read)


def _site(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower().rpartition("@")[2]


def pieces(response: requests.Response, size: int) -> Iterator[bytes]:
    """The body as it arrives, at most ``size`` bytes at once; raises ``requests.RequestException`` where it breaks off.

    ``iter_content`` waits until a piece is full: from a server that sends a byte a second that takes for ever, and
    nobody who wants to cancel gets a turn.
    """
    raw = response.raw
    if not isinstance(raw, HTTPResponse):
        yield from response.iter_content(size)
        return
    try:
        while piece := raw.read1(size, decode_content=True):
            yield piece
    except ProtocolError as error:
        raise ChunkedEncodingError(error, request=response.request) from error
    except DecodeError as error:
        raise ContentDecodingError(error, request=response.request) from error
    except HTTPError as error:
        raise RequestsConnectionError(error, request=response.request) from error


def _pause(response: requests.Response, tried: int) -> float | None:
    """Seconds until the next try; None when the server asks for more patience than a run has."""
    asked = _retry_after(response.headers.get("Retry-After", ""))
    if asked is not None:
        return asked if asked <= LONGEST_PAUSE else None
    return float(0.5 * 2**tried)


def _retry_after(asked: str) -> float | None:
    """The header's seconds, or those until its date (RFC 9110, 10.2.3); None where it is neither."""
    if asked.isdecimal():
        return float(asked)
    try:
        return max(parsedate_to_datetime(asked).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


class FileAdapter(BaseAdapter):
    """Reads ``file://`` addresses below the allowed folders."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        super().__init__()
        self.folders = folders

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        """The file as an answer: 404 where there is none, a connection error where it may not be read."""
        path = Path(unquote(urlsplit(request.url or "").path)).resolve()
        if not any(folder.resolve() in path.parents for folder in self.folders):
            raise RequestsConnectionError(f"{path} is outside of the folders that may be read", request=request)
        response = requests.Response()
        response.request, response.url = request, request.url or ""
        if not path.is_file():
            response.status_code, response.reason = 404, "no such file"
            response._content, response._content_consumed = b"", True  # type: ignore[attr-defined]
            return response
        response.status_code = 200
        response.headers["Content-Length"] = str(path.stat().st_size)
        response.raw = path.open("rb")
        response.raw.release_conn = response.raw.close  # type: ignore[attr-defined]
        return response

    def close(self) -> None:
        """Nothing is kept open."""
