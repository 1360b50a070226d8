"""Puts the web floor together: what Tornado's HTTP server hands every request to.

::

    app = WebApp(services, ROUTES, settings=settings, accounts=services.users)
    server = WebServer(app)
    port = server.listen(settings.bind, settings.port)
    server.listen_unix(home / "control")
    ...
    await server.stop()

There is no ``RequestHandler`` in between: the app implements the interface below it
(:class:`tornado.httputil.HTTPServerConnectionDelegate`), which halves what Tornado spends on a small answer.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tornado.httputil import HTTPConnection, HTTPServerConnectionDelegate

from server.config.settings import WebServerSettings
from server.engine.way import WAY
from server.web.auth import Accounts, Authenticator
from server.web.call import Call, Network
from server.web.dispatch import Dispatcher
from server.web.errors import PlainError
from server.web.exchange import Exchange
from server.web.pages import Pages
from server.web.parameters import parse_query
from server.web.router import Route, Router
from server.web.security import HostCheck
from server.web.static_files import default_folder
from server.web.threads import LooseThreads
from server.web.ui_v2 import PLACE as UI_V2

if TYPE_CHECKING:
    from server.engine.services import Services

STORAGE_THREADS = 3
"""Threads for blocking work of endpoints; each keeps a database connection of its own."""

WAITING_THREADS = 4
"""Threads for endpoints that ask other machines, which nobody waits for at the end."""

CONTROL_HEADER = "X-FlexGet-Control"


class WebApp(HTTPServerConnectionDelegate):
    """One server's routes, sign-ins and requests under way. Everything in it belongs to the loop's thread."""

    def __init__(
        self,
        services: Services,
        routes: Sequence[Route],
        *,
        settings: WebServerSettings,
        accounts: Accounts,
        static: Path | None = None,
    ) -> None:
        self.services = services
        self.base = "/" + settings.base_url.strip("/") if settings.base_url.strip("/") else ""
        self._executor = ThreadPoolExecutor(STORAGE_THREADS, "api")
        self._waiting = LooseThreads(WAITING_THREADS, "outside")
        self.authenticator = Authenticator(accounts)
        self.dispatcher = Dispatcher(self, self._executor, self._waiting)
        ui_v2 = Path(settings.web_ui_v2).expanduser() if settings.web_ui_v2 else None
        alias = f"{self.base}{UI_V2}/api" if ui_v2 else None
        self.router = Router(f"{self.base}/api", routes, services, self, alias)
        self.pages = Pages(self, self.base, web_ui=settings.web_ui, ui=static or default_folder(), ui_v2=ui_v2)
        self.hosts = HostCheck(settings.allowed_hosts)
        self.proxies = networks(settings.trusted_proxies)
        self.stopping = asyncio.Event()
        self.in_flight: set[Exchange] = set()
        self.idle = asyncio.Event()
        self.idle.set()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- Tornado ------------------------------------------------------------------------------------------------------

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> Exchange:
        """Tornado: a request begins."""
        return Exchange(self, request_conn, trusted=False)

    def on_close(self, server_conn: object) -> None:
        """Tornado: a connection is gone."""

    def trusted(self, secret: str | None = None) -> HTTPServerConnectionDelegate:
        """The same app for a control channel: its requests need no sign-in.

        :param secret: what they must carry in the :data:`CONTROL_HEADER` header where the channel is open to other
            users of the machine (a loopback port); a Unix socket of mode 0600 needs none
        """
        return _Control(self, secret)

    # -- requests -----------------------------------------------------------------------------------------------------

    def begin(self, exchange: Exchange) -> None:
        """A request is about to be answered."""
        self.in_flight.add(exchange)
        WAY.wanted = True
        self.idle.clear()

    def end(self, exchange: Exchange) -> None:
        """A request was answered, or its client left."""
        self.in_flight.discard(exchange)
        if not self.in_flight:
            self.idle.set()

    def keep(self, task: asyncio.Task[None]) -> None:
        """Hold on to a task until it is done (the loop itself does not)."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def check_host(self, call: Call) -> None:
        """Refuse names that this server does not go by; take client, scheme and host from a trusted proxy."""
        if not call.believe_proxy(self.proxies) and not call.trusted:
            self.hosts.check(call)
        elif not call.has_good_host():
            call.host = ""

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Blocking work on a storage thread."""
        return await self.dispatcher.run(function, *args, **kwargs)

    async def wait_for(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Work that waits for other machines, on threads of its own."""
        return await self.dispatcher.wait_for(function, *args, **kwargs)

    def version(self, groups: tuple[str, ...]) -> int:
        """The change counter of these groups of tables; ``config`` counts loads of the configuration."""
        version = self.services.db.version(*groups)
        return version + self.services.config.version if "config" in groups else version

    def sign_in_by_link(self, exchange: Exchange, target: str) -> None:
        """Answer to a one-time link: a session and the way to ``target``."""
        code = parse_query(exchange.call.raw_query).get("code", "")
        if not self.authenticator.accounts.redeem_code(code):
            raise PlainError(
                403, "this link was used already or is not valid any more; the log tells how to get another"
            )
        headers = [("Location", target), ("Content-Length", "0"), ("Cache-Control", "no-store")]
        exchange.write(303, headers, b"", (self.authenticator.session_cookie(exchange.call),))

    def close(self) -> None:
        """Release the threads; every request must have ended."""
        self.authenticator.close()
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._waiting.shutdown()


class _Control(HTTPServerConnectionDelegate):
    """Marks requests of a control channel as trusted."""

    def __init__(self, app: WebApp, secret: str | None) -> None:
        self._app = app
        self._secret = secret

    def start_request(self, server_conn: object, request_conn: HTTPConnection) -> Exchange:
        if self._secret is None:
            return Exchange(self._app, request_conn, trusted=True)
        return _SecretExchange(self._app, request_conn, self._secret)

    def on_close(self, server_conn: object) -> None:
        self._app.on_close(server_conn)


class _SecretExchange(Exchange):
    """Trusted when it brings the secret."""

    def __init__(self, app: WebApp, connection: HTTPConnection, secret: str) -> None:
        super().__init__(app, connection, trusted=False)
        self._secret = secret

    def headers_received(self, start_line: Any, headers: Any) -> None:
        given = headers.get(CONTROL_HEADER, "")
        self.trusted = hmac.compare_digest(given.encode("latin-1"), self._secret.encode())
        super().headers_received(start_line, headers)


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks (``10.0.0.0/8``) as objects; raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)
