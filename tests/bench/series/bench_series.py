"""What following shows costs: ``python tests/bench/series/bench_series.py [entries]``.

One task with ``series`` on a fresh database, then the same again with everything known, for 10, 200 and 2,000 shows.
Every title differs; three of four are of a configured show. The bar: 2,000 shows against 10,000 entries within 2 s.
"""

from __future__ import annotations

import math
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

import yaml

from server.engine.entry import Entry
from server.engine.memory import no_full_collection
from tests.support import Engine

SHOWS = (10, 200, 2_000)
WORDS = ("Red", "Quiet", "Long", "Broken", "Silver", "Last", "Hidden", "Cold", "Open", "Lost")


def name(number: int) -> str:
    """A show's name; each is another."""
    return f"{WORDS[number % 10]} {WORDS[number // 10 % 10]} Story {number}"


def entries(count: int, shows: int, salt: str) -> list[Entry]:
    """Releases: three of four of a configured show, 24 episodes a season."""
    found = []
    for number in range(count):
        show = number % shows if number % 4 else shows + number
        episode = number // shows
        identifier = f"S{episode // 24 + 1:02}E{episode % 24 + 1:02}"
        title = f"{name(show).replace(' ', '.')}.{identifier}.720p.HDTV.x264-{salt}{number}"
        found.append(Entry(title=title, url=f"http://localhost/{salt}{number}"))
    return found


def measure(count: int, shows: int) -> list[float]:
    """Seconds of wall time of the first run and of a second one on other releases of the same episodes."""
    with tempfile.TemporaryDirectory() as folder:
        config = {"tasks": {"tv": {"mock": [], "series": [name(number) for number in range(shows)]}}}
        engine = Engine(Path(folder), yaml.safe_dump(config))
        taken = []
        try:
            for salt in ("a", "b"):
                injected = entries(count, shows, salt)
                begin, cpu = time.perf_counter(), time.process_time()
                with no_full_collection():  # as the queue runs tasks
                    task = engine.run("tv", inject=injected)
                taken.append(time.perf_counter() - begin)
                cpu = (time.process_time() - cpu) / count * 1e6
                print(
                    f"{shows:6} shows, {count} entries, run {salt}: {taken[-1]:6.2f} s, {cpu:6.0f} us CPU an entry, "
                    f"{len(task.accepted)} accepted, {len(task.rejected)} rejected"
                )
        finally:
            engine.close()
        return taken


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    found = {shows: measure(count, shows) for shows in SHOWS}
    few, many = SHOWS[0], SHOWS[-1]
    for run in (0, 1):
        growth = math.log(found[many][run] / found[few][run]) / math.log(many / few)
        print(f"growth exponent in shows, run {run + 1}: {growth:.2f}")


if __name__ == "__main__":
    main()
