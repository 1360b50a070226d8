"""Asks the daemon's ``/api/health/`` whether it is well."""

import json
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit


def health(url: str, timeout: float = 2.0) -> dict[str, Any] | None:
    """The daemon's answer, or None when nothing healthy answers at ``url`` within ``timeout`` seconds.

    Proxies of the environment are not used: the daemon is on this machine.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port
    if parts.scheme == "https":
        # Nothing secret is sent, and a home server's certificate is its own or names another host than this one.
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection: HTTPConnection = HTTPSConnection(host, port, timeout=timeout, context=context)
    else:
        connection = HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", f"{parts.path.rstrip('/')}/api/health/")
        response = connection.getresponse()
        answer = json.loads(response.read(65536))
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if response.status == 200 and isinstance(answer, dict) else None
