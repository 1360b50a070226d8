"""How long tasks take, an entry, how much memory, and how both grow; beside the reference when it is there.

    python -m tests.bench.engine.measure [--entries 1000 10000 50000] [--only "series, 200 shows"] [--repeat 2]

Each figure is a whole process of ``flexget execute`` with the start-up (the same command on a task of one entry) taken
off; the best of ``--repeat`` by CPU time. With ``FLEXGET_REFERENCE=/path/to/flexget`` the reference runs the same
configs in turn with ours, at the sizes of ``--reference-entries``. The exponents are fitted over the CPU time of all
sizes that took longer than the start-up varies (``CLEAR``): 1 is linear growth.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.common import Program, clean, environment, heading, machine, ours, reference, row
from tests.bench.engine.feeds import AGAIN, CASES, write_csv


@dataclass(frozen=True)
class Run:
    """One process: seconds of wall and CPU time, and its peak of memory in MiB."""

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Figure:
    """A run without the start-up, for each entry in ms; the peak is the whole process'."""

    entries: int
    wall: float
    cpu: float
    peak: float


def write(folder: Path, entries: int, case: str) -> Path:
    """A config with the task of a case, and one of a single entry for the start-up."""
    clean(folder)
    titles, body = CASES[case]
    tasks = {
        name: {**write_csv(folder / f"{name}.csv", titles(count)), **body}
        for name, count in (("one", 1), ("many", entries))
    }
    path = folder / "config.yml"
    path.write_text(json.dumps({"tasks": tasks}), encoding="utf-8")
    return path


def run(program: Program, config: Path, task: str) -> Run:
    """One execution; ends the program if it fails."""
    command = [*program.command, "-c", str(config), "-L", "error", "execute", "--tasks", task]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(), cwd=config.parent
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{program.name}: {task} ended with {process.returncode}")
    return Run(time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(program: Program, folder: Path, entries: int, case: str, repeat: int) -> list[Figure]:
    """The figure of a case at a size, the best of ``repeat``; for ``AGAIN`` the second run's, too."""
    found: list[list[Figure]] = []
    for _ in range(repeat):
        config = write(folder, entries, case)
        run(program, config, "one")  # makes the database
        start = min((run(program, config, "one") for _ in range(3)), key=lambda item: item.cpu)
        runs = [run(program, config, "many") for _ in range(2 if case == AGAIN else 1)]
        found.append(
            [
                Figure(
                    entries, (one.wall - start.wall) * 1000 / entries, (one.cpu - start.cpu) * 1000 / entries, one.peak
                )
                for one in runs
            ]
        )
    return [min(figures, key=lambda figure: figure.cpu) for figures in zip(*found, strict=True)]


CLEAR = 0.1
"""CPU seconds of a run that say something: the start-up, which is taken off, varies by some hundredths."""


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The slope of the best straight line through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(taken) for taken in times]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--reference-entries", type=int, nargs="+", default=[10_000])
    parser.add_argument("--only", nargs="+", choices=sorted(CASES), default=list(CASES))
    parser.add_argument("--repeat", type=int, default=2)
    options = parser.parse_args()
    mine, other = ours(), reference()
    print(f"{machine()}\n\n{heading([mine, *filter(None, [other])])}")
    growth: dict[str, list[Figure]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        for case in options.only:
            for entries in options.entries:
                sides = [measure(mine, folder / "ours", entries, case, options.repeat)]
                if other is not None and entries in options.reference_entries:
                    sides.append(measure(other, folder / "reference", entries, case, 1))
                for again, figures in enumerate(zip(*sides, strict=True)):
                    label = f"{case}{', second run' if again else ''}"
                    growth.setdefault(label, []).append(figures[0])
                    shown = f"{label}, {entries:,} entries"
                    print(row(f"{shown}, wall ms an entry", [figure.wall for figure in figures]))
                    print(row(f"{shown}, CPU ms an entry", [figure.cpu for figure in figures]))
                    print(row(f"{shown}, peak MiB", [figure.peak for figure in figures]), flush=True)
    print_growth(growth)


def print_growth(growth: dict[str, list[Figure]]) -> None:
    """How CPU time grows in entries, and in shows at the largest size."""
    print("\n| growth of ours | exponent |\n| --- | ---: |")
    for label, figures in growth.items():
        clear = [figure for figure in figures if figure.cpu * figure.entries >= CLEAR * 1000]
        if len(clear) > 1:
            slope = exponent([figure.entries for figure in clear], [figure.cpu * figure.entries for figure in clear])
            print(f"| {label}, in entries | {slope:.2f} |")
    shows = {int(label.split()[1]): figures[-1] for label, figures in growth.items() if label.startswith("series")}
    if len(shows) > 1:
        slope = exponent(list(shows), [figure.cpu for figure in shows.values()])
        print(f"| series, in shows | {slope:.2f} |")


if __name__ == "__main__":
    main()
