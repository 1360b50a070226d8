"""Tasks from the command line, entry by entry, beside the reference when it is there.

    python -m tests.bench.tasks [--entries 10000] [--memory-entries 50000]

Each figure is a whole process with the start-up (the same command on a task of one entry) taken off. With
``FLEXGET_REFERENCE=/path/to/flexget`` the reference runs the same configs in turn with ours, and ratios are printed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from pathlib import Path

from tests.bench.common import Program, clean, csv_file, environment, machine, ours, reference

INPUT = 'csv: {{url: "file://{feed}", values: {{title: 1, url: 2}}}}'
PATTERNS = ", ".join(f'"some.{number:03}.thing.that.never.comes"' for number in range(50))

CASES = {
    "csv input alone": "    {input}\n",
    "accept_all + seen": "    {input}\n    accept_all: yes\n",
    "50 regexps": f"    {{input}}\n    regexp: {{{{reject: [{PATTERNS}]}}}}\n",
    "quality + if + set": (
        "    {input}\n    disable: [seen]\n    quality: 720p+\n"
        "    if:\n      - \"'Number' in title\": accept\n    set: {{path: '/tv/{{{{title}}}}'}}\n"
    ),
}


def write(folder: Path, entries: int, body: str) -> Path:
    """A config with the task of a case, and one of a single entry for the start-up."""
    clean(folder)
    feeds = {"one": csv_file(folder / "one.csv", 1), "many": csv_file(folder / "many.csv", entries)}
    tasks = [f"  {name}:\n" + body.format(input=INPUT.format(feed=feed)) for name, feed in feeds.items()]
    path = folder / "config.yml"
    path.write_text("tasks:\n" + "".join(tasks), encoding="utf-8")
    return path


def run(program: Program, config: Path, task: str) -> tuple[float, float]:
    """Seconds and peak MiB of one execution."""
    command = [*program.command, "-c", str(config), "-L", "error", "execute", "--tasks", task]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(), cwd=config.parent
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{program.name}: {task} ended with {process.returncode}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def measure(program: Program, folder: Path, entries: int, body: str) -> tuple[float, float]:
    """Milliseconds an entry without the start-up, and the peak of memory in MiB."""
    config = write(folder, entries, body)
    run(program, config, "one")  # makes the database
    start = min(run(program, config, "one")[0] for _ in range(2))
    seconds, memory = run(program, config, "many")
    return (seconds - start) * 1000 / entries, memory


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--memory-entries", type=int, default=50_000)
    args = parser.parse_args()
    programs = [ours(), *filter(None, [reference()])]
    print(f"{machine()}\n\n| figure | {' | '.join(program.name for program in programs)} | ratio |")
    print("| --- |" + " ---: |" * (len(programs) + 1))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        cases = [(text, args.entries, body) for text, body in CASES.items()]
        cases.append(("accept_all + seen", args.memory_entries, CASES["accept_all + seen"]))
        for text, entries, body in cases:
            found = [measure(program, folder / program.name, entries, body) for program in programs]
            for unit, values in zip(("ms an entry", "peak MiB"), zip(*found, strict=True), strict=True):
                ratio = f"{values[0] / values[1]:.2f}" if len(values) > 1 else ""
                shown = " | ".join(f"{value:.3g}" for value in values)
                print(f"| {text}, {entries} entries, {unit} | {shown} | {ratio} |", flush=True)


if __name__ == "__main__":
    main()
