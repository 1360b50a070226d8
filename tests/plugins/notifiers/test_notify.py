"""``notify`` and the notifiers against servers on loopback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from server.engine.errors import PluginWarning
from server.engine.net import Session
from server.engine.registry import Registry
from server.plugins.notifiers._base import pieces
from tests.support import Engine

Make = Callable[[str], Engine]


@dataclass
class Sent:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class Service:
    """Takes everything; ``answers`` are given first: (status, headers)."""

    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            made.sent.append(Sent(self.command, self.path, dict(self.headers.items()), body))
            status, headers = made.answers.pop(0) if made.answers else (200, {})
            answer = made.bodies.get(self.path.partition("?")[0], b"{}") if status == 200 else b"no such hook"
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_PUT = do_POST

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


def send(name: str, config: Any, title: str = "Title", message: str = "Message") -> None:
    with Session() as requests:
        Registry().get(name).send(requests, title, message, config)  # type: ignore[attr-defined]


MOCK = """
            mock:
              - {title: One, url: 'http://localhost/1'}
              - {title: Two, url: 'http://localhost/2'}
"""


def test_each_accepted_entry_is_told_with_its_fields(engine: Make, service: Service) -> None:
    engine(f"""
        tasks:
          t:{MOCK}
            accept_all: yes
            notify:
              entries:
                title: 'New {{{{ title }}}}'
                message: '{{{{ url }}}}'
                via: [gotify: {{url: '{service.url}', token: '{{{{ title }}}}'}}]
    """).run()
    assert [(sent.path, sent.json["title"], sent.json["message"]) for sent in service.sent] == [
        ("/message?token=One", "New One", "http://localhost/1"),
        ("/message?token=Two", "New Two", "http://localhost/2"),
    ]


def test_entries_are_told_state_by_state_as_asked(engine: Make, service: Service) -> None:
    engine(f"""
        tasks:
          t:{MOCK}
            if: ["title == 'One'": reject]
            accept_all: yes
            notify:
              entries: {{what: [accepted, rejected], via: [discord: {{web_hook_url: '{service.url}/d'}}]}}
    """).run()
    assert [sent.json["content"] for sent in service.sent] == ["Two", "One"]


def test_the_usual_message_of_an_episode_names_series_and_episode(engine: Make, service: Service) -> None:
    engine(f"""
        tasks:
          t:
            mock:
              - title: Show.S01E02
                url: http://localhost/1
                series_name: Show
                series_id: S01E02
                tvdb_ep_name: Dawn
              - {{title: Film.x, url: 'http://localhost/2', imdb_name: Film, imdb_year: 2001}}
            accept_all: yes
            notify:
              entries: {{via: [discord: {{web_hook_url: '{service.url}/d'}}]}}
    """).run()
    assert [sent.json["content"] for sent in service.sent] == ["Show S01E02 Dawn", "Film 2001"]


def test_the_task_is_told_once_with_the_final_counts(engine: Make, service: Service) -> None:
    engine(f"""
        tasks:
          t:{MOCK}
            accept_all: yes
            list_remove: [entry_list: x]
            notify:
              task: {{via: [gotify: {{url: '{service.url}', token: x}}]}}
    """).run()
    assert [sent.json["title"] for sent in service.sent] == ["t: 2 accepted"]
    assert service.sent[0].json["message"].split() == ["+", "One", "+", "Two"]


@pytest.mark.parametrize(("always", "told"), [("no", 0), ("yes", 1)])
def test_a_task_without_anything_new_is_told_only_when_always_send_is_set(
    engine: Make, service: Service, always: str, told: int
) -> None:
    engine(f"""
        tasks:
          t:{MOCK}
            notify:
              task: {{always_send: {always}, via: [discord: {{web_hook_url: '{service.url}/d'}}]}}
    """).run()
    assert len(service.sent) == told


def test_an_abort_is_told_with_its_reason(engine: Make, service: Service) -> None:
    task = engine(f"""
        tasks:
          t:{MOCK}
            abort_if_exists: {{regexp: One, field: title}}
            notify:
              abort:
                message: 'why: {{{{ task.abort_reason }}}}'
                via: [discord: {{web_hook_url: '{service.url}/d'}}]
              task: {{always_send: yes, via: [discord: {{web_hook_url: '{service.url}/d'}}]}}
    """).run()
    assert [sent.json["content"] for sent in service.sent] == [f"why: {task.abort_reason}"]


def test_a_template_file_makes_the_message(engine: Make, service: Service) -> None:
    made = engine(f"""
        tasks:
          t:{MOCK}
            accept_all: yes
            notify:
              entries: {{template: short, via: [discord: {{web_hook_url: '{service.url}/d'}}]}}
              task: {{template: missing, title: T, message: M, via: [discord: {{web_hook_url: '{service.url}/d'}}]}}
    """)
    folder = made.home / "templates" / "entry"
    folder.mkdir(parents=True)
    (folder / "short.template").write_text("~{{ title }}~", encoding="utf-8")
    made.run()
    assert [sent.json["content"] for sent in service.sent] == ["~One~", "~Two~", "M"]


def test_nothing_that_goes_wrong_with_a_message_changes_the_task(engine: Make, service: Service) -> None:
    service.answers = [(404, {})]
    task = engine(f"""
        tasks:
          t:
            mock: [{{title: One, url: 'http://localhost/1'}}]
            accept_all: yes
            notify:
              entries:
                title: '{{{{ nothing }}}}'
                message: 'half {{{{ nothing }}}}'
                via:
                  - discord: {{web_hook_url: '{service.url}/refused'}}
                  - discord: {{web_hook_url: 'http://127.0.0.1:9/closed'}}
                  - apprise: nonsense
                  - discord: {{web_hook_url: '{service.url}/d'}}
    """).run()
    assert not task.aborted
    assert [entry.state for entry in task.entries] == ["accepted"]
    assert [(sent.path, sent.json["content"]) for sent in service.sent] == [
        ("/refused", "half {{ nothing }}"),
        ("/d", "half {{ nothing }}"),
    ]


def test_a_failure_names_the_host_and_not_the_token(service: Service) -> None:
    service.answers = [(404, {})]
    with pytest.raises(PluginWarning, match=r"127\.0\.0\.1 refused it: 404 .*no such hook") as refused:
        send("gotify", {"url": service.url, "token": "s3cret"})
    with pytest.raises(PluginWarning, match="cannot be reached") as unreachable:
        send("gotify", {"url": "http://127.0.0.1:9", "token": "s3cret"})
    assert "s3cret" not in str(refused.value) + str(unreachable.value)


def test_a_service_that_asks_for_a_pause_gets_the_message_after_it(service: Service) -> None:
    service.answers = [(429, {"Retry-After": "0.01"})]
    send("discord", {"web_hook_url": f"{service.url}/d"})
    assert [sent.json["content"] for sent in service.sent] == ["Message", "Message"]


def test_a_long_text_goes_to_discord_in_pieces(service: Service) -> None:
    send("discord", {"web_hook_url": f"{service.url}/d"}, message="a" * 1500 + "\n" + "b" * 1500)
    assert [sent.json["content"][0] for sent in service.sent] == ["a", "b"]
    assert pieces("abcdef", 4) == ["abcd", "ef"]


def test_discord_takes_embeds_picture_and_silence(service: Service) -> None:
    config = {"web_hook_url": service.url, "silent": True, "avatar_url": "http://x/y", "embeds": [{"color": "#0000ff"}]}
    send("discord", config)
    body = service.sent[0].json
    assert (body["flags"], body["avatar_url"], body["embeds"]) == (4096, "http://x/y", [{"color": 255}])


def test_slack_takes_blocks(service: Service) -> None:
    blocks = [
        {"section": {"text": "hi", "fields": ["a"], "image": {"url": "u", "alt_text": "t"}}},
        {"divider": True},
        {"image": {"image": {"url": "u", "alt_text": "t", "title": "T"}}},
        {"context": [{"text": "c"}]},
    ]
    send("slack", {"web_hook_url": service.url, "icon_emoji": "tada", "blocks": blocks})
    body = service.sent[0].json
    assert body["icon_emoji"] == ":tada:"
    assert [block["type"] for block in body["blocks"]] == ["section", "divider", "image", "context"]


def test_ntfy_gets_topic_title_and_tags(service: Service) -> None:
    send("ntfysh", {"url": f"{service.url}/sub", "topic": "films", "tags": "a,b"}, message="Grüße")
    assert service.sent[0].path == "/sub/films?title=Title&priority=3&tags=a%2Cb"
    assert service.sent[0].body.decode() == "Grüße"


def test_pushover_goes_to_each_user(service: Service) -> None:
    config = {"server": service.url, "api_key": "app", "user_key": ["u1", "u2"], "device": ["d1", "d2"], "priority": 2}
    send("pushover", config)
    assert [sent.form["user"] for sent in service.sent] == ["u1", "u2"]
    form = service.sent[0].form
    assert (service.sent[0].path, form["device"], form["retry"]) == ("/1/messages.json", "d1,d2", "60")


def test_pushover_without_an_application_says_so() -> None:
    with pytest.raises(PluginWarning, match="api_key"):
        send("pushover", {"user_key": "u"})


def test_pushbullet_goes_to_each_device_with_each_key(service: Service) -> None:
    send("pushbullet", {"server": service.url, "api_key": ["k1", "k2"], "device": ["d1", "d2"], "url": "http://x"})
    assert [(sent.headers["Access-Token"], sent.json["device_iden"]) for sent in service.sent] == [
        ("k1", "d1"),
        ("k1", "d2"),
        ("k2", "d1"),
        ("k2", "d2"),
    ]
    assert service.sent[0].json["type"] == "link"


def test_a_webhook_is_signed(service: Service) -> None:
    send("webhook", {"url": service.url, "secret": "s", "json": {"name": "x"}})
    assert service.sent[0].json == {"name": "x"}
    assert service.sent[0].headers["X-Signature-256"].startswith("sha256=")


@pytest.mark.filterwarnings("ignore:.*imghdr.*:DeprecationWarning")
def test_apprise_reaches_its_services(service: Service) -> None:
    send("apprise", [service.url.replace("http://", "json://")])
    assert service.sent[0].json["title"] == "Title"


class Mailbox(Message):
    """Keeps what comes."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def test_a_mail_arrives_with_its_title_on_one_line(mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    config = {"to": ["a@example.com", "b@example.com"], "smtp_host": "127.0.0.1", "smtp_port": port}
    send("email", config, title="Neu:\r\nBcc: x@example.com", message="Grüße")
    mail = box.mails[0]
    assert mail["To"] == "a@example.com, b@example.com"
    assert str(mail["Bcc"]) == "None"
    assert mail.get_payload(decode=True).decode().strip() == "Grüße"


def test_a_mail_in_html_has_a_plain_part_too(mailbox: tuple[Mailbox, int]) -> None:
    box, port = mailbox
    config = {"to": "a@example.com", "smtp_host": "127.0.0.1", "smtp_port": port, "html": True, "autofrom": True}
    send("email", config, message="<b>bold</b>")
    plain, rich = box.mails[0].get_payload()
    assert (plain.get_payload().strip(), rich.get_content_subtype()) == ("bold", "html")


def test_a_mail_server_that_is_not_there_is_told() -> None:
    with pytest.raises(PluginWarning, match="cannot be reached"):
        send("email", {"to": "a@example.com", "smtp_host": "127.0.0.1", "smtp_port": 9})


def test_teams_prowl_and_ifttt_get_the_message(service: Service) -> None:
    send("ms_teams", {"web_hook_url": f"{service.url}/teams", "theme_color": "ff0000", "title": "Films"})
    send("prowl", {"server": service.url, "api_key": ["a", "b"], "priority": -1})
    send("ifttt", {"server": service.url, "event": "new film", "keys": ["k"]})
    teams, prowl, ifttt = service.sent
    assert teams.json == {"text": "Message", "title": "Films", "themeColor": "ff0000"}
    assert (prowl.path, prowl.form["apikey"], prowl.form["event"]) == ("/publicapi/add", "a,b", "Title")
    assert (ifttt.path, ifttt.json["value2"]) == ("/trigger/new%20film/with/key/k", "Message")


def test_messages_go_by_the_proxy_of_the_task_rather_than_that_of_the_environment(
    engine: Make, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    engine(f"""
        tasks:
          t:{MOCK}
            accept_all: yes
            proxy: {service.url}
            notify: {{task: {{title: x, message: y, via: [ntfysh: {{url: 'http://push.invalid', topic: films}}]}}}}
    """).run()
    assert [sent.path.partition("?")[0] for sent in service.sent] == ["http://push.invalid/films"]
