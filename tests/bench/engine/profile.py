"""Where the time of a task goes: ``python -m tests.bench.engine.profile "series, 200 shows" [--entries 10000]``."""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import tempfile
from pathlib import Path

from server.engine.memory import no_full_collection
from tests.bench.engine.feeds import CASES, write_csv
from tests.support import Engine


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", choices=sorted(CASES))
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--lines", type=int, default=30, help="of the profile")
    parser.add_argument("--again", action="store_true", help="profile a second run over the same entries")
    options = parser.parse_args()
    titles, body = CASES[options.case]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tasks = {
            task: {**write_csv(folder / f"{task}.csv", titles(count)), **body}
            for task, count in (("warm", 10), ("bench", options.entries))
        }
        engine = Engine(folder, json.dumps({"tasks": tasks}))
        engine.run("warm")
        if options.again:
            engine.run("bench")
        with cProfile.Profile() as profiler, no_full_collection():  # as the queue runs tasks
            engine.run("bench")
        engine.close()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(options.lines)


if __name__ == "__main__":
    main()
