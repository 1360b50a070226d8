"""A small HTTP load generator: N kept-alive connections that ask for one address over and over.

    python -m tests.bench.load http://127.0.0.1:5050/api/server/pid/ --token T -c 16 -s 3

It runs in a process of its own, speaks plain HTTP/1.1 over raw asyncio protocols and prints one JSON object: requests
per second, p50 and p99 in milliseconds, statuses. ``{1-500}`` in the address stands for another of these numbers in
each request. Bounded in time and connections; loopback addresses only.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import re
import time
from collections.abc import Iterator
from urllib.parse import urlsplit


class _Client(asyncio.Protocol):
    """Sends the request again as soon as its answer is whole."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.requests, self.until = requests, until
        self.times: list[float] = []
        self.statuses: dict[int, int] = {}
        self.done = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self._left = -1  # bytes of the body that are still to come; -1: in the head
        self._chunked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._send()

    def _send(self) -> None:
        self._sent = time.perf_counter()
        self.transport.write(next(self.requests))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._left < 0:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            status = int(head[9:12])
            self.statuses[status] = self.statuses.get(status, 0) + 1
            lower = head.lower()
            self._chunked = b"transfer-encoding: chunked" in lower
            length = lower.partition(b"content-length:")[2].partition(b"\r\n")[0].strip()
            self._left = 0 if status == 304 else int(length or 0)
            self._buffer = rest
        if self._chunked:
            if not self._buffer.endswith(b"0\r\n\r\n"):
                return
        elif len(self._buffer) < self._left:
            return
        self._buffer, self._left = b"", -1
        now = time.perf_counter()
        self.times.append(now - self._sent)
        if now < self.until:
            self._send()
        else:
            self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def addresses(target: str) -> list[str]:
    """What a target with a range of numbers stands for; itself where it has none."""
    found = re.search(r"\{(\d+)-(\d+)\}", target)
    if found is None:
        return [target]
    return [target.replace(found[0], str(number)) for number in range(int(found[1]), int(found[2]) + 1)]


async def run(url: str, connections: int, seconds: float, headers: dict[str, str]) -> dict[str, object]:
    """Load ``url`` for some seconds; see the module for the answer."""
    parts = urlsplit(url)
    if parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise SystemExit("only loopback addresses are loaded")
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    head = [f"Host: {parts.netloc}", *(f"{name}: {value}" for name, value in headers.items())]
    requests = itertools.cycle(
        "\r\n".join([f"GET {address} HTTP/1.1", *head, "", ""]).encode() for address in addresses(target)
    )
    loop = asyncio.get_running_loop()
    start = time.perf_counter()
    clients = []
    for _ in range(connections):
        _, client = await loop.create_connection(
            lambda: _Client(requests, start + seconds), parts.hostname, parts.port or 80
        )
        clients.append(client)
    await asyncio.wait([client.done for client in clients], timeout=seconds + 30)
    elapsed = time.perf_counter() - start
    times = sorted(value for client in clients for value in client.times)
    statuses: dict[int, int] = {}
    for client in clients:
        for status, count in client.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    return {
        "rps": round(len(times) / elapsed, 1),
        "p50": round(times[len(times) // 2] * 1000, 3) if times else None,
        "p99": round(times[int(len(times) * 0.99)] * 1000, 3) if times else None,
        "max": round(times[-1] * 1000, 3) if times else None,
        "requests": len(times),
        "statuses": statuses,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("-c", "--connections", type=int, default=16)
    parser.add_argument("-s", "--seconds", type=float, default=3.0)
    parser.add_argument("--token", default="")
    parser.add_argument("-H", "--header", action="append", default=[], metavar="NAME: VALUE")
    args = parser.parse_args()
    headers = dict(header.split(": ", 1) for header in args.header)
    if args.token:
        headers["Authorization"] = f"Token {args.token}"
    print(json.dumps(asyncio.run(run(args.url, min(args.connections, 256), min(args.seconds, 60), headers))))


if __name__ == "__main__":
    main()
