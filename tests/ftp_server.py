"""An FTP server on loopback that serves a folder, in a thread of its own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

USER, PASSWORD = "me", "s3cret/@word"


class FtpServer:
    """Runs until ``close``. ``certificate``: PEM file with key, speaks TLS then; ``methods`` replace the handler's."""

    def __init__(self, root: Path, *, certificate: Path | None = None, **methods: Any) -> None:
        users = DummyAuthorizer()
        users.add_user(USER, PASSWORD, str(root), perm="elradfmwMT")
        base: Any = FTPHandler
        if certificate is not None:
            base = TLS_FTPHandler
            methods = {"certfile": str(certificate), "tls_control_required": True, "tls_data_required": True} | methods
        handler = type("Handler", (base,), {"authorizer": users, **methods})
        self._loop = IOLoop()
        self._server = FTPServer(("127.0.0.1", 0), handler, ioloop=self._loop)
        self.port = self._server.socket.getsockname()[1]
        self._running = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def options(self, **more: Any) -> dict[str, Any]:
        """Options of a plugin that lead here."""
        return {"host": "127.0.0.1", "port": self.port, "username": USER, "password": PASSWORD, **more}

    def close(self) -> None:
        """End it."""
        self._running = False
        self._thread.join()
        self._server.close_all()

    def _serve(self) -> None:
        while self._running:
            self._server.serve_forever(timeout=0.05, blocking=False, handle_exit=False)
