"""Failed sign-ins are counted for each address; from some number on the next try has to wait, each time longer."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 5
"""Failures that cost nothing: people mistype."""
LONGEST = 300
"""Seconds of the longest wait."""
FORGET = 3600
"""Seconds after which an address starts anew."""
ADDRESSES = 4096


class Throttle:
    """Remembers failures by address (of IPv6 the /64 network, as one host owns all of it)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Whole seconds until this address may try again; 0: now."""
        count, last = self._failures.get(_network(address), (0, 0.0))
        now = self._clock()
        if count < FREE or now - last > FORGET:
            return 0
        delay = min(1 << (count - FREE), LONGEST)
        return max(0, math.ceil(last + delay - now))

    def failed(self, address: str) -> None:
        """Count one failure."""
        key = _network(address)
        count, last = self._failures.pop(key, (0, 0.0))
        now = self._clock()
        self._failures[key] = (1 if now - last > FORGET else min(count + 1, 64), now)
        if len(self._failures) > ADDRESSES:
            self._failures.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address that got in."""
        self._failures.pop(_network(address), None)


def _network(address: str) -> str:
    if ":" not in address:
        return address
    ip = ipaddress.IPv6Address(address)
    return str(ip.ipv4_mapped or ipaddress.IPv6Network((int(ip), 64), strict=False))
