"""The listening side: sockets, TLS, limits, and an end that lets open requests finish."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerConnectionDelegate
from tornado.netutil import bind_sockets, bind_unix_socket

from server.web.app import WebApp
from server.web.exchange import MAX_DISCARD, MAX_READ_HEAD

logger = logging.getLogger("web_server")

TIMEOUT = 30.0
"""Seconds for the head of a request, for its body, and of silence on a kept connection."""
DRAIN = 5.0
"""Seconds that requests under way have to end by themselves."""


class WebServer:
    """Serves one :class:`~server.web.app.WebApp` on any number of sockets."""

    def __init__(self, app: WebApp, *, timeout: float = TIMEOUT) -> None:
        self.app = app
        self._timeout = timeout
        self._servers: list[HTTPServer] = []
        self._socket_files: list[Path] = []

    def listen(self, bind: str, port: int, *, tls: ssl.SSLContext | None = None) -> int:
        """Serve on an address; returns the port (port 0: the system chooses). Raises OSError when it cannot be had."""
        sockets = bind_sockets(port, bind)
        self._serve(self.app, tls).add_sockets(sockets)
        return int(sockets[0].getsockname()[1])

    def listen_unix(self, path: Path) -> None:
        """Serve trusted requests on a Unix socket that only this user can open."""
        # the mask closes the moment between making the socket and setting its mode
        mask = os.umask(0o177)
        try:
            socket = bind_unix_socket(str(path), mode=0o600)
        finally:
            os.umask(mask)
        self._serve(self.app.trusted(), None).add_socket(socket)
        self._socket_files.append(path)

    def listen_control(self, secret: str) -> int:
        """Serve requests that bring ``secret`` as trusted, on a loopback port; for systems without Unix sockets."""
        sockets = bind_sockets(0, "127.0.0.1")
        self._serve(self.app.trusted(secret), None).add_sockets(sockets)
        return int(sockets[0].getsockname()[1])

    async def stop(self, drain: float = DRAIN) -> None:
        """Take no more connections, end the streams, let open requests finish for ``drain`` seconds, close

        everything.
        """
        for server in self._servers:
            server.stop()
        self.app.stopping.set()
        try:
            await asyncio.wait_for(self.app.idle.wait(), drain)
        except TimeoutError:
            logger.warning("%d requests were cut off", len(self.app.in_flight))
        for server in self._servers:
            await server.close_all_connections()
        for path in self._socket_files:
            path.unlink(missing_ok=True)
        self._servers.clear()
        self._socket_files.clear()
        self.app.close()

    def _serve(self, app: HTTPServerConnectionDelegate, tls: ssl.SSLContext | None) -> HTTPServer:
        server = HTTPServer(
            app,
            ssl_options=tls,
            idle_connection_timeout=self._timeout,
            body_timeout=self._timeout,
            max_header_size=MAX_READ_HEAD,
            max_body_size=MAX_DISCARD,
            max_buffer_size=2 * MAX_DISCARD,
        )
        self._servers.append(server)
        return server


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 or later with this certificate (chain) and its key.

    Raises OSError naming the file that cannot be read.
    """
    for file in (certificate, key):
        # OpenSSL's own errors do not say which of the two it is about
        file.open("rb").close()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        raise OSError(f"{certificate} and {key} are no certificate and its key: {error.reason or error}") from error
    return context
