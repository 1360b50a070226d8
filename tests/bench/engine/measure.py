"""How long tasks take, an entry, and how much memory: the engine in a process of its own for each figure.

    python tests/bench/engine/measure.py                       # everything, 10,000 and 50,000 entries
    python tests/bench/engine/measure.py --entries 10000 --only seen regexp_50 --profile

A figure is the best of ``--repeat`` runs; the start of the process does not count. Memory is the peak of the whole
process. The time of ``seen again`` is that of a second run over the same entries.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "haven",
    "iris",
    "jade",
    "kite",
    "lotus",
    "maple",
]
QUALITIES = ("720p.HDTV.x264", "1080p.WEB-DL.DD5.1.H264", "480p.DVDRip", "2160p.UHD.BluRay.x265", "HDTV.XviD")


def titles(count: int) -> list[str]:
    """Titles as feeds have them, always the same."""
    choose = random.Random(7)
    return [
        f"{choose.choice(WORDS).title()}.{choose.choice(WORDS).title()}.{number}.S{number % 20:02}E{number % 30:02}."
        f"{choose.choice(QUALITIES)}-GRP{number % 7}"
        for number in range(count)
    ]


def write_csv(path: Path, count: int) -> None:
    """``title,url`` lines."""
    lines = (f"{title},http://localhost/item/{number}\n" for number, title in enumerate(titles(count)))
    path.write_text("".join(lines), encoding="utf-8")


def patterns(count: int) -> list[str]:
    """Patterns as people write them; a tenth of the entries fits one."""
    choose = random.Random(11)
    found = []
    for number in range(count):
        first, second = choose.choice(WORDS), choose.choice(WORDS)
        found.append(f"{first}x?{number}.{second}.*(720p|1080p)" if number % 10 else f"{first}.{second}.{number}\\d\\.")
    return found


def csv_input(path: Path) -> dict[str, Any]:
    """The csv input over a file."""
    return {"csv": {"url": path.as_uri(), "values": {"title": 1, "url": 2}}}


CASES: dict[str, Callable[[], dict[str, Any]]] = {
    "csv": dict,
    "seen": lambda: {"accept_all": True},
    "seen_again": lambda: {"accept_all": True},
    "regexp_50": lambda: {"regexp": {"accept": patterns(50)}},
    "regexp_500": lambda: {"regexp": {"accept": patterns(500)}},
    "quality_if_set": lambda: {
        "quality": ["720p+", "hdtv+"],
        "if": [
            {"'GRP3' in title": "reject"},
            {"quality >= '1080p'": {"set": {"path": "/hd/{{ title }}"}}},
            {"title|length > 20": "accept"},
        ],
        "set": {"label": "{{ quality.resolution }} {{ title }}", "group": "x"},
    },
}


def run_here(case: str, count: int, profile: bool) -> dict[str, float]:
    """One figure, measured in this process."""
    from tests.support import Engine

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.csv"
        write_csv(path, count)
        config = {"tasks": {"bench": {**csv_input(path), **CASES[case]()}}}
        engine = Engine(Path(folder), json.dumps(config))
        warm = Path(folder) / "warm.csv"
        write_csv(warm, 10)
        engine.configure(json.dumps({"tasks": {"bench": {**csv_input(warm), **CASES[case]()}}}))
        engine.run("bench")
        engine.configure(json.dumps(config))
        if case == "seen_again":
            engine.run("bench")
        profiler = cProfile.Profile() if profile else None
        cpu, begin = time.process_time(), time.perf_counter()
        if profiler is not None:
            profiler.enable()
        task = engine.run("bench")
        if profiler is not None:
            profiler.disable()
            pstats.Stats(profiler).sort_stats("tottime").print_stats(28)
        wall, cpu = time.perf_counter() - begin, time.process_time() - cpu
        if len(task.entries) != count or task.aborted:
            raise SystemExit(f"{case}: {len(task.entries)} entries instead of {count}: {task.abort_reason}")
        engine.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "wall_ms": wall * 1000 / count,
        "cpu_ms": cpu * 1000 / count,
        "peak_mib": peak,
        "accepted": len(task.accepted),
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--only", nargs="+", choices=sorted(CASES), default=list(CASES))
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child or options.profile:
        print(json.dumps(run_here(options.only[0], options.entries[0], options.profile)))
        return
    print(f"{'case':16} {'entries':>8} {'ms an entry':>12} {'cpu ms':>8} {'peak MiB':>9} {'accepted':>9}")
    for case in options.only:
        for count in options.entries:
            command = [sys.executable, __file__, "--child", "--only", case, "--entries", str(count)]
            figures = [json.loads(subprocess.check_output(command)) for _ in range(options.repeat)]
            best = min(figures, key=lambda item: item["wall_ms"])
            print(
                f"{case:16} {count:8} {best['wall_ms']:12.4f} {best['cpu_ms']:8.4f} {best['peak_mib']:9.0f}"
                f" {best['accepted']:9.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
