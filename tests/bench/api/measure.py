"""The API under load, beside the reference when it is there.

    python -m tests.bench.api.measure [--rows 50000] [--shows 1000] [--listed 10000] [--seconds 2]

Both programs are filled by the same tasks: remembered and accepted entries (``seen``, ``history``), shows of twenty
episodes, one list. Then each address is asked for some seconds over kept-alive connections from a second process, in
peace and while a task of 10,000 entries is executed over and over. With ``FLEXGET_REFERENCE=/path/to/flexget`` the
reference is measured in turn, address by address, and ratios are printed.

*each page once*: every request asks for another page, so nothing that was rendered before can serve it.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.common import Daemon, Program, clean, csv_file, free_port, load, machine, ours, reference

CONNECTIONS = (1, 16, 64)
EPISODES = 20
TOGETHER = 50
"""Shows of one task: the reference tries each show on each entry, so all of them at once would take it half an hour."""

INPUT = 'csv: {{url: "file://{feed}", values: {{title: 1, url: 2}}}}'


@dataclass(frozen=True)
class Target:
    """An address to ask for, and whether it has an ETag in both programs."""

    name: str
    path: str
    tagged: bool = False


def targets(rows: int, show: int, listed: int) -> list[Target]:
    """What is asked for; ``show`` and ``listed`` are ids."""
    deep = max(1, rows // 50 - 1)
    return [
        Target("pid", "/api/server/pid/"),
        Target("version", "/api/server/version/"),
        Target("tasks", "/api/tasks/", tagged=True),
        Target("status", "/api/status/", tagged=True),
        Target("schema", "/api/schema/"),
        Target("plugins", "/api/plugins/", tagged=True),
        Target("history, first page", "/api/history/", tagged=True),
        Target("history, deep page", f"/api/history/?page={deep}", tagged=True),
        Target("history, each page once", f"/api/history/?per_page=50&page={{1-{deep}}}"),
        Target("seen, first page", "/api/seen/", tagged=True),
        Target("seen, deep page", f"/api/seen/?page={deep}", tagged=True),
        Target("seen, each page once", f"/api/seen/?per_page=50&page={{1-{deep}}}"),
        Target("series", "/api/series/", tagged=True),
        Target("episodes", f"/api/series/{show}/episodes/", tagged=True),
        Target("entries", f"/api/entry_list/{listed}/entries/", tagged=True),
    ]


def show_task(folder: Path, shows: range) -> str:
    """A task that follows some shows, with a feed of every episode of them."""
    path = folder / f"shows-{shows.start}.csv"
    lines = (
        f"Serial.{show}.Story.S01E{episode:02}.720p.HDTV.x264-GRP,http://localhost/tv/{show}/{episode}\n"
        for episode in range(1, EPISODES + 1)
        for show in shows
    )
    path.write_text("".join(lines), encoding="utf-8")
    names = ", ".join(f"Serial {show} Story" for show in shows)
    return f"{{{INPUT.format(feed=path)}, disable: [seen, history], series: [{names}]}}"


def write_config(folder: Path, port: int, args: argparse.Namespace) -> Path:
    """A config with the tasks that fill the database, and ``busy``, which keeps the worker at work."""
    feeds = {
        "fill": csv_file(folder / "fill.csv", args.rows),
        "busy": csv_file(folder / "busy.csv", args.entries),
        "list": csv_file(folder / "list.csv", args.listed),
    }
    inputs = {name: INPUT.format(feed=path) for name, path in feeds.items()}
    groups = (range(first, min(first + TOGETHER, args.shows)) for first in range(0, args.shows, TOGETHER))
    shows = "".join(f"  shows {group.start}: {show_task(folder, group)}\n" for group in groups)
    path = folder / "config.yml"
    path.write_text(
        f"""
web_server: {{bind: 127.0.0.1, port: {port}, web_ui: no}}
schedules: no
tasks:
  fill: {{{inputs["fill"]}, accept_all: yes}}
{shows}  list: {{{inputs["list"]}, disable: [seen, history], accept_all: yes, list_add: [entry_list: bench]}}
  busy:
    disable: [seen, seen_info_hash, backlog, retry_failed, remember_rejected, history]
    {inputs["busy"]}
    quality: 720p+
    regexp: {{reject: ["nothing{{0,3}}ofthis"]}}
    accept_all: yes
""",
        encoding="utf-8",
    )
    return path


class Client:
    """One program's daemon and its token."""

    def __init__(self, program: Program, daemon: Daemon, token: str) -> None:
        self.program, self.daemon, self.token = program, daemon, token
        self.busy_seconds = 1.0

    def get(self, path: str) -> tuple[object, str]:
        """The answer and its tag."""
        request = urllib.request.Request(self.daemon.url + path, headers={"Authorization": f"Token {self.token}"})
        with urllib.request.urlopen(request, timeout=120) as response:
            return json.load(response), response.headers.get("ETag") or ""

    def execute(self, task: str, times: int = 1) -> None:
        """Queue a task."""
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        for _ in range(times):
            body = json.dumps({"tasks": [task]}).encode()
            request = urllib.request.Request(f"{self.daemon.url}/api/tasks/execute/", data=body, headers=headers)
            urllib.request.urlopen(request, timeout=60).close()

    def wait_idle(self) -> None:
        """Until the queue is empty."""
        while self.get("/api/tasks/queue/")[0]:
            threading.Event().wait(0.2)

    def load(self, path: str, connections: int, seconds: float, headers: dict[str, str] | None = None) -> dict:
        """Requests a second, p50, p99 and CPU of a request (ms); ends the program if an answer is no 200 or 304."""
        before = self.daemon.cpu()
        url = self.daemon.url + path
        answer = load(url, connections=connections, seconds=seconds, token=self.token, headers=headers)
        if not set(answer["statuses"]) <= {"200", "304"}:
            raise SystemExit(f"{self.program.name}: {url} answered {answer['statuses']}")
        answer["cpu"] = (self.daemon.cpu() - before) * 1000 / max(1, answer["requests"])
        return answer


def fill(client: Client) -> tuple[int, int]:
    """Runs each task once; the ids of a show and of the list."""
    names, _ = client.get("/api/tasks/?include_config=false")
    for task in names:
        client.execute(task)
    client.wait_idle()
    begin = time.perf_counter()
    client.execute("busy")
    client.wait_idle()
    client.busy_seconds = time.perf_counter() - begin
    shows, _ = client.get("/api/series/")
    lists, _ = client.get("/api/entry_list/")
    return shows[0]["id"], lists[0]["id"]


KEYS = ("rps", "p50", "p99", "cpu")
HEADS = ("req/s", "p50 ms", "p99 ms", "CPU ms/req")


def table_head(programs: Sequence[Program]) -> str:
    """A row for each request and situation, four columns for each program."""
    columns = [f"{program.name}: {head}" for program in programs for head in HEADS]
    return f"| request | {' | '.join(columns)} | times |\n| --- |{' ---: |' * (len(columns) + 1)}"


def table_row(name: str, answers: Sequence[dict]) -> str:
    """``times``: how many times as many requests a second as the reference."""
    values = [
        f"{answer[key]:,.0f}" if answer[key] >= 100 else f"{answer[key]:.3g}" for answer in answers for key in KEYS
    ]
    times = f"{answers[0]['rps'] / answers[1]['rps']:.1f}" if len(answers) > 1 else ""
    return f"| {name} | {' | '.join(values)} | {times} |"


def measure(clients: list[Client], args: argparse.Namespace) -> Iterator[str]:
    """All rows, one by one as they are known."""
    ids = [fill(client) for client in clients]
    pages = [targets(args.rows, *pair) for pair in ids]
    for each in zip(*pages, strict=True):
        name = each[0].name
        if args.only and not any(name.startswith(word) for word in args.only):
            continue
        for connections in CONNECTIONS:
            pairs = list(zip(clients, each, strict=True))
            answers = [client.load(target.path, connections, args.seconds) for client, target in pairs]
            noun = "connection" if connections == 1 else "connections"
            yield table_row(f"{name}, {connections} {noun}", answers)
        if each[0].tagged:
            tags = [client.get(target.path)[1] for client, target in pairs]
            answers = [
                client.load(target.path, 16, args.seconds, {"If-None-Match": tag})
                for (client, target), tag in zip(pairs, tags, strict=True)
            ]
            yield table_row(f"{name}, 304, 16 connections", answers)
        answers = [while_busy(client, target.path, args.seconds) for client, target in pairs]
        yield table_row(f"{name}, 16 connections, while a task runs", answers)
    with events_read(clients[0]):
        answer = while_busy(clients[0], "/api/server/pid/", args.seconds)
    yield table_row("pid, 16 connections, while a task runs and its events are read", [answer])


def while_busy(client: Client, path: str, seconds: float) -> dict:
    """A measurement at 16 connections while the queue has work; the queue is empty again afterwards."""
    client.execute("busy", 1 + math.ceil(seconds / client.busy_seconds))
    answer = client.load(path, 16, seconds)
    client.wait_idle()
    return answer


@contextmanager
def events_read(client: Client) -> Iterator[None]:
    """Somebody reads ``/api/events/`` meanwhile, as an open page does."""
    headers = {"Authorization": f"Token {client.token}"}
    request = urllib.request.Request(f"{client.daemon.url}/api/events/", headers=headers)
    ended = threading.Event()
    with urllib.request.urlopen(request, timeout=60) as response:

        def read() -> None:
            while not ended.is_set() and response.readline():
                pass

        reader = threading.Thread(target=read)
        reader.start()
        yield
        ended.set()
        client.execute("busy")  # one more event lets the reader see that it is over
        reader.join()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--shows", type=int, default=1_000)
    parser.add_argument("--listed", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only addresses whose names begin so")
    args = parser.parse_args()
    programs = [ours(), *filter(None, [reference()])]
    print(f"{machine()}\n\n{table_head(programs)}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name, ExitStack() as stack:
        clients = []
        for program in programs:
            port = free_port()
            path = write_config(clean(Path(name) / program.name), port, args)
            program.run(path, "web", "passwd", "a-Quite-good-passw0rd")
            token = program.token(path)
            clients.append(Client(program, stack.enter_context(program.daemon(path, port)), token))
        for line in measure(clients, args):
            print(line, flush=True)


if __name__ == "__main__":
    main()
