"""Cold start, idle memory and the API under load, beside the reference when it is there.

    python -m tests.bench.daemon [--rows 50000] [--entries 10000] [--seconds 3]

With ``FLEXGET_REFERENCE=/path/to/flexget`` the same is measured of the reference in the same run, with ratios.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import urllib.request
from pathlib import Path

from tests.bench.common import Program, clean, csv_file, free_port, load, machine, median, ours, reference

PAGES = {
    "/api/server/pid/": "pid",
    "/api/history/": "history, first page",
    "/api/history/?page={deep}": "history, deep page",
    "/api/seen/": "seen, first page",
    "/api/tasks/": "tasks",
    "/api/plugins/": "plugins",
}


def config(folder: Path, port: int, rows: int, entries: int) -> Path:
    """A config whose ``fill`` task makes the rows, and whose ``busy`` task keeps the worker at work."""
    csv_file(folder / "fill.csv", rows)
    csv_file(folder / "busy.csv", entries)
    path = folder / "config.yml"
    path.write_text(
        f"""
web_server: {{bind: 127.0.0.1, port: {port}, web_ui: no}}
schedules: no
tasks:
  fill:
    csv: {{url: "file://{folder}/fill.csv", values: {{title: 1, url: 2}}}}
    accept_all: yes
  busy:
    disable: [seen, seen_info_hash, backlog, retry_failed, remember_rejected, history]
    csv: {{url: "file://{folder}/busy.csv", values: {{title: 1, url: 2}}}}
    quality: 720p+
    regexp: {{reject: ["nothing{{0,3}}ofthis"]}}
    accept_all: yes
""",
        encoding="utf-8",
    )
    return path


def measure(program: Program, folder: Path, args: argparse.Namespace) -> dict[str, float]:
    """All figures of one program, by name."""
    port = free_port()
    path = config(clean(folder), port, args.rows, args.entries)
    figures: dict[str, float] = {}
    program.run(path, "web", "passwd", "a-Quite-good-passw0rd")
    starts, idle = [], []
    for _ in range(args.starts):
        with program.daemon(path, port) as daemon:
            starts.append(daemon.ready)
            threading.Event().wait(2)
            idle.append(daemon.memory())
    figures["start to first answer, s"] = median(starts)
    figures["idle memory, MiB"] = median(idle)
    filled = program.run(path, "execute", "--tasks", "fill")
    if filled.returncode:
        raise SystemExit(f"{program.name}: {filled.stdout[-1000:]}{filled.stderr[-1000:]}")
    token = program.token(path)
    with program.daemon(path, port) as daemon:
        deep = max(1, args.rows // 50 - 1)
        for target, name in PAGES.items():
            url = daemon.url + target.format(deep=deep)
            tag = etag(url, token)
            for connections in (1, 16, 64) if name == "pid" else (16,):
                before = daemon.cpu()
                answer = load(url, connections=connections, seconds=args.seconds, token=token)
                check(program, url, answer)
                figures[f"{name}, {connections} connections, req/s"] = answer["rps"]
                figures[f"{name}, {connections} connections, p99 ms"] = answer["p99"]
                spent = daemon.cpu() - before
                figures[f"{name}, {connections} connections, CPU ms/req"] = spent * 1000 / max(1, answer["requests"])
            if tag and "history" in name:
                answer = load(url, connections=16, seconds=args.seconds, token=token, headers={"If-None-Match": tag})
                figures[f"{name}, 304, req/s"] = answer["rps"]
        execute(daemon.url, token)
        answer = load(f"{daemon.url}/api/server/pid/", connections=16, seconds=args.seconds, token=token)
        figures["pid while a task runs, req/s"] = answer["rps"]
        figures["pid while a task runs, p99 ms"] = answer["p99"]
    return figures


def etag(url: str, token: str) -> str:
    """The address's ETag."""
    request = urllib.request.Request(url, headers={"Authorization": f"Token {token}"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.headers.get("ETag") or ""


def check(program: Program, url: str, answer: dict) -> None:
    """Only answers of status 200 count as a measurement."""
    if set(answer["statuses"]) != {"200"}:
        raise SystemExit(f"{program.name}: {url} answered {answer['statuses']}")


def execute(url: str, token: str) -> None:
    """Queue the busy task often enough to outlast the measurement."""
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    for _ in range(12):
        request = urllib.request.Request(f"{url}/api/tasks/execute/", data=b'{"tasks": ["busy"]}', headers=headers)
        urllib.request.urlopen(request, timeout=60).close()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--starts", type=int, default=5)
    args = parser.parse_args()
    other = reference()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        mine = measure(ours(), Path(folder) / "ours", args)
        theirs = measure(other, Path(folder) / "reference", args) if other else {}
    print(f"{machine()}\n\n| figure | ours | reference | ratio |\n| --- | ---: | ---: | ---: |")
    for name, value in mine.items():
        base = theirs.get(name)
        ratio = f"{value / base:.2f}" if base else ""
        print(f"| {name} | {value:.3g} | {base if base is None else f'{base:.3g}'} | {ratio} |")


if __name__ == "__main__":
    main()
