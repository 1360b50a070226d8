"""XML-RPC over HTTP and over SCGI, with time limits (``xmlrpc.client`` knows neither SCGI nor limits)."""

from __future__ import annotations

import socket
import xmlrpc.client
from typing import Any
from urllib.parse import urlsplit
from xml.parsers.expat import ExpatError

from server.engine.errors import PluginError
from server.engine.task import Task
from server.plugins.clients._base import TIMEOUT, Refused, words

MOST = 64 * 1024 * 1024
"""Bytes of an answer."""


class XmlRpc:
    """Calls methods of a client. Raises ``Refused`` with its words, or ``PluginError`` where it cannot be reached.

    ``uri``: ``http(s)://...``, ``scgi://host:port`` or ``scgi:///path/of/a/socket``.
    """

    def __init__(self, task: Task, uri: str, auth: Any = None) -> None:
        self._task, self._uri, self._auth = task, uri, auth
        parts = urlsplit(uri)
        self.place = f"{parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"
        self._scgi = parts.scheme == "scgi"

    def call(self, method: str, *arguments: Any) -> Any:
        """What a method answers."""
        asked = xmlrpc.client.dumps(arguments, method, allow_none=True).encode()
        try:
            raw = self._over_scgi(asked) if self._scgi else self._over_http(asked)
            return xmlrpc.client.loads(raw)[0][0]
        except xmlrpc.client.Fault as error:
            raise Refused(words(Exception(error.faultString))) from error
        except (ExpatError, xmlrpc.client.Error, ValueError, IndexError) as error:
            raise PluginError(f"{self.place} does not answer in XML-RPC: {words(error)}") from error

    def _over_http(self, asked: bytes) -> bytes:
        from requests import RequestException

        try:
            response = self._task.requests.post(
                self._uri, data=asked, headers={"Content-Type": "text/xml"}, auth=self._auth, timeout=TIMEOUT
            )
        except RequestException as error:
            raise PluginError(f"{self.place} cannot be reached: {words(error)}") from error
        return bytes(response.content)

    def _over_scgi(self, asked: bytes) -> bytes:
        headers = f"CONTENT_LENGTH\0{len(asked)}\0SCGI\x001\0REQUEST_METHOD\0POST\0REQUEST_URI\0/RPC2\0".encode()
        try:
            with self._connected() as connection:
                connection.sendall(b"%d:%s,%s" % (len(headers), headers, asked))
                answer = bytearray()
                while piece := connection.recv(65536):
                    answer += piece
                    if len(answer) > MOST:
                        raise PluginError(f"the answer of {self.place} is too long")
        except OSError as error:
            raise PluginError(f"{self.place} cannot be reached: {error.strerror or error}") from error
        return bytes(answer.partition(b"\r\n\r\n")[2])

    def _connected(self) -> socket.socket:
        parts = urlsplit(self._uri)
        if parts.hostname:
            return socket.create_connection((parts.hostname, parts.port or 5000), TIMEOUT)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(TIMEOUT)
            connection.connect(parts.path)
        except OSError:
            connection.close()
            raise
        return connection
