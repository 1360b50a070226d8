"""``sabnzbd``, ``nzbget`` and ``kodi_library`` and what is no aria2, on loopback; ``from_task``."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.support import Engine, titles

Make = Callable[[str], Engine]


class Downloader:
    """Answers everything with ``answer``; keeps what was asked: path, body, authorization."""

    def __init__(self) -> None:
        self.answer: Any = {}
        self.asked: list[tuple[str, Any, str | None]] = []
        downloader = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                login = self.headers.get("Authorization")
                downloader.asked.append((self.path, json.loads(body) if body else None, login))
                answer = json.dumps(downloader.answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def downloader() -> Iterator[Downloader]:
    made = Downloader()
    yield made
    made.server.shutdown()
    made.server.server_close()


def config(plugin: str) -> str:
    return f"""
        tasks:
          t:
            mock: [{{title: One, url: 'http://localhost/1.nzb'}}]
            accept_all: yes
            max_reruns: 0
            {plugin}
    """


def test_sabnzbd_gets_the_address_and_the_category(engine: Make, downloader: Downloader) -> None:
    downloader.answer = "ok"
    url = f"http://127.0.0.1:{downloader.port}/api?"
    task = engine(config(f"sabnzbd: {{url: '{url}', key: k, category: tv}}")).run()
    path = downloader.asked[0][0]
    assert path == "/api?apikey=k&cat=tv&name=http%3A%2F%2Flocalhost%2F1.nzb&nzbname=One&mode=addurl"
    assert [entry.state for entry in task.entries] == ["accepted"]


def test_what_sabnzbd_refuses_is_failed_with_its_words(engine: Make, downloader: Downloader) -> None:
    downloader.answer = "error: API Key Incorrect"
    url = f"http://127.0.0.1:{downloader.port}/api"
    task = engine(config(f"sabnzbd: {{url: '{url}', key: k}}")).run()
    assert [(entry.state, entry["reason"]) for entry in task.entries] == [
        ("failed", 'SABnzbd refused it: "error: API Key Incorrect"')
    ]


def test_nzbget_gets_the_address_with_the_login(engine: Make, downloader: Downloader) -> None:
    downloader.answer = {"result": 5}
    url = f"http://user:pass@127.0.0.1:{downloader.port}/xmlrpc"
    task = engine(config(f"nzbget: {{url: '{url}', category: films, priority: 50}}")).run()
    path, body, login = downloader.asked[0]
    assert (path, body["method"], login) == ("/jsonrpc", "append", "Basic dXNlcjpwYXNz")
    assert body["params"][:5] == ["One.nzb", "http://localhost/1.nzb", "films", 50, False]
    assert [entry.state for entry in task.entries] == ["accepted"]


def test_what_nzbget_refuses_is_failed(engine: Make, downloader: Downloader) -> None:
    downloader.answer = {"result": 0}
    task = engine(config(f"nzbget: {{url: 'http://127.0.0.1:{downloader.port}/xmlrpc'}}")).run()
    assert [entry.state for entry in task.entries] == ["failed"]


@pytest.mark.parametrize(
    "plugin", ["sabnzbd: {url: 'http://127.0.0.1:9/api', key: s3cret}", "nzbget: {url: 'http://u:s3cret@127.0.0.1:9'}"]
)
def test_a_downloader_that_is_not_there_fails_the_entry_without_telling_secrets(engine: Make, plugin: str) -> None:
    task = engine(config(plugin)).run()
    assert [entry.state for entry in task.entries] == ["failed"]
    assert "s3cret" not in task.entries[0]["reason"]


def test_a_test_run_adds_nothing(engine: Make, downloader: Downloader) -> None:
    url = f"http://127.0.0.1:{downloader.port}"
    engine(config(f"sabnzbd: {{url: '{url}/api', key: k}}")).run(test=True)
    engine(config(f"nzbget: {{url: '{url}'}}")).run(test=True)
    engine(config(f"kodi_library: {{url: '{url}', action: scan, category: video}}")).run(test=True)
    assert downloader.asked == []


def test_kodi_is_told_to_scan_when_something_was_accepted(engine: Make, downloader: Downloader) -> None:
    downloader.answer = {"result": "OK"}
    settings = f"url: 'http://127.0.0.1', port: {downloader.port}, action: scan, category: video, username: u"
    made = engine(config(f"kodi_library: {{{settings}}}"))
    made.run()
    made.run()
    assert [(path, body["method"]) for path, body, _ in downloader.asked] == [("/jsonrpc", "VideoLibrary.Scan")]


def test_the_entries_that_another_task_accepted_come_in(engine: Make) -> None:
    task = engine("""
        tasks:
          a:
            mock: [{title: a, url: 'http://localhost/1', x: 1}, {title: b, url: 'http://localhost/2'}]
            regexp: {accept: [a]}
          z:
            from_task: a
    """).run("z")
    assert titles(task.undecided) == ["a"]
    assert task.entries[0]["x"] == 1


def test_tasks_that_feed_each_other_are_told(engine: Make) -> None:
    task = engine("""
        tasks:
          a: {from_task: z}
          z: {from_task: a}
    """).run("z")
    assert task.aborted
    assert "circle" in str(task.abort_reason)


def test_what_is_no_aria2_ends_the_task_with_its_address(engine: Make, downloader: Downloader) -> None:
    downloader.answer = {"ok": True}
    settings = f"{{server: 127.0.0.1, port: {downloader.port}, path: /dl, rpc_mode: json}}"
    task = engine(f"tasks: {{a: {{mock: [{{title: A}}], accept_all: yes, aria2: {settings}}}}}").run()
    assert "is no aria2" in task.abort_reason and str(downloader.port) in task.abort_reason
