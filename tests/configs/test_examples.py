"""The example configs, each run as its user would: what is there afterwards, and what a second run does."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from email.message import Message as Mail
from xml.etree import ElementTree

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MailHandler

from tests.configs.homes import NAMES, Home
from tests.processes import ROOT
from tests.web_server import WebServer

MakeHome = Callable[..., Home]


def lines(text: str) -> list[list[str]]:
    """Cells of a table for programs, without its head."""
    return [line.split("|") for line in text.splitlines()[1:]]


def test_shows_are_followed_through_propers_and_upgrades(make_home: MakeHome) -> None:
    home = make_home("follow-shows")
    home.execute()
    first = [
        "Garden Hour/garden-480",
        "Night Shift (UK)/Season 02/night-2x01",
        "The Lighthouse/Season 01/lighthouse-1-720",
    ]
    assert home.files("tv") == first

    home.serve("later")
    log = home.execute()
    assert home.files("tv") == sorted(
        [
            *first,
            "Garden Hour/garden-480-proper",
            "Night Shift (UK)/Season 02/night-2x01-proper",
            "The Lighthouse/Season 01/lighthouse-1-1080",
        ]
    )
    assert "REJECTED: `The.Lighthouse.S01E01.720p.WEB.h264-CD` by series plugin" in log
    assert len(home.history()) == 6


def test_a_movie_of_the_list_is_taken_once_in_a_fitting_quality(make_home: MakeHome) -> None:
    home = make_home("wanted-movies")
    home.ask("movie-list", "add", "wanted", "The Silent River (2021)")
    home.ask("movie-list", "add", "wanted", "Paper Moons (2019)")
    home.execute()
    assert home.files("movies") == ["river-1080"]
    assert "Silent River" not in home.ask("movie-list", "list", "wanted", "--porcelain")

    home.serve("later")
    home.execute()
    assert home.files("movies") == ["moons-bluray", "river-1080"]
    assert lines(home.ask("movie-list", "list", "wanted", "--porcelain")) == []


def test_the_next_episode_is_searched_for_until_it_is_there(make_home: MakeHome) -> None:
    home = make_home("next-episodes")
    home.execute()
    assert home.files("tv") == ["lighthouse-1"]
    assert any("The%20Lighthouse%20S01E01" in path for path in home.web.paths())

    home.serve("later")
    home.clear()
    home.execute("--discover-now")
    assert home.files("tv") == ["lighthouse-1", "lighthouse-2"]
    assert any("S01E02" in path for path in home.web.paths())
    assert not any("S01E01" in path for path in home.web.paths())


def test_a_feed_is_filtered_by_titles(make_home: MakeHome) -> None:
    home = make_home("one-feed")
    home.execute()
    wanted = ["debian-13.1.0-amd64-netinst.iso", "fedora-43.iso", "lts/ubuntu-26.04-desktop-amd64.iso"]
    assert home.files("iso") == wanted
    assert home.text("iso/fedora-43.iso") == "/get/fedora-43.iso"

    home.remove("iso")
    home.ask("seen", "forget", "fedora-43.iso")
    assert "REJECTED: `debian-13.1.0-amd64-netinst.iso` by seen plugin" in home.execute()
    assert home.files("iso") == ["fedora-43.iso"]


def test_finished_downloads_are_sorted_into_folders(make_home: MakeHome) -> None:
    home = make_home("sort-downloads")
    home.put("finished/The.Lighthouse.S01E02.720p.WEB/the.lighthouse.s01e02.mkv", "film")
    home.put("finished/The.Lighthouse.S01E02.720p.WEB/the.lighthouse.s01e02.srt", "words")
    home.put("finished/holiday.mp4", "sea")
    home.execute(test=True)
    assert home.files("tv") == []
    home.execute()
    season = "The Lighthouse/Season 01"
    assert home.files("tv") == [f"{season}/The Lighthouse - S01E02.mkv", f"{season}/The Lighthouse - S01E02.srt"]
    assert home.text(f"tv/{season}/The Lighthouse - S01E02.srt") == "words"
    assert home.files("finished") == ["holiday.mp4"]
    assert not (home.home / "finished" / "The.Lighthouse.S01E02.720p.WEB").exists()


class Mailbox(MailHandler):
    """What the mail server took."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Mail] = []

    def handle_message(self, message: Mail) -> None:
        self.mails.append(message)


@pytest.fixture
def mail_server() -> Iterator[Controller]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Mailbox(), hostname="127.0.0.1", port=port)
    server.start()
    yield server
    server.stop()


def test_one_mail_tells_what_several_tasks_found(make_home: MakeHome, mail_server: Controller) -> None:
    port = mail_server.port
    home = make_home("mail-digest", **{"smtp.example.com": "127.0.0.1", "smtp_port: 25": f"smtp_port: {port}"})
    home.execute()
    (mail,) = mail_server.handler.mails
    assert (mail["Subject"], mail["To"], mail["From"]) == ("3 new today", "me@example.com", "flexget@example.com")
    text = mail.get_payload(decode=True).decode("utf-8")
    assert sorted(line for line in text.splitlines() if line.startswith("*")) == [
        f"* Growing tomatoes <{home.web.url('/articles/1')}>",
        f"* Größe & Maß <{home.web.url('/articles/2')}>",
        f"* The Deep Sea (documentary) <{home.web.url('/films/1')}>",
    ]
    home.execute()
    assert len(mail_server.handler.mails) == 1


def test_two_feeds_become_one(make_home: MakeHome) -> None:
    home = make_home("republish")
    home.execute()

    def published() -> list[tuple[str | None, str | None]]:
        items = ElementTree.fromstring(home.text("public/picked.rss")).iter("item")
        return [(item.findtext("title"), item.findtext("link")) for item in items]

    first = {
        ("Python 3.15 is out (news)", home.web.url("/news/1")),
        ("Ten thousand entries & more (blog)", home.web.url("/blog/1")),
    }
    assert set(published()) == first
    home.serve("later")
    home.execute()
    assert set(published()) == {*first, ("Tornado 7 <is> here (news)", home.web.url("/news/3"))}
    assert len(published()) == 3


def test_no_title_reaches_the_shell_as_more_than_a_word(make_home: MakeHome) -> None:
    home = make_home("hooks")
    home.execute()
    assert home.text("titles.txt").splitlines() == [
        "plain title",
        '; touch "$HOME/owned"; echo',
        "$(touch $HOME/owned) `touch $HOME/owned`",
        "\"double\" and 'single' quotes",
        "-n --version",
        "| tee $HOME/owned && rm -rf *",
        "refuse me",
    ]
    assert home.files() == ["log.txt", "titles.txt"]
    assert home.text("log.txt").splitlines() == ["started", "failed refuse me", "done"]
    (failure,) = lines(home.ask("failed", "list", "--porcelain"))
    assert failure[1] == "refuse me"


def test_what_becomes_of_an_entry_depends_on_its_fields(make_home: MakeHome) -> None:
    home = make_home("several-feeds")
    log = home.execute()
    assert home.files() == ["books/M/manual.pdf", "images/system-2.0.iso", "images/tools-1.1.iso"]
    assert home.web.paths().count("/get/system-2.0.iso") == 1
    assert "REJECTED: `archive-1.0.iso` by if plugin because" in log
    assert "UNDECIDED: `notes.txt`" in log


def test_premieres_are_noted_on_a_list(make_home: MakeHome) -> None:
    home = make_home("premieres")
    home.execute()
    home.execute()
    noted = home.ask("entry-list", "list", "premieres", "--porcelain")
    assert "Harbour.Lights.S01E01.1080p" in noted
    assert "Tin.Drum.S01E01.720p" in noted
    assert len(lines(noted)) == 2
    assert "Tin.Drum.S01E01" in home.ask("entry-list", "show", "premieres", "2")


def test_a_watchlist_feeds_the_queue_and_a_repair_is_taken_too(make_home: MakeHome) -> None:
    home = make_home("movie-queue")
    home.execute()
    assert home.files("movies") == ["blue-720"]
    home.serve("later")
    home.execute()
    assert home.files("movies") == ["blue-720", "blue-720-proper", "cartographer-1080"]
    assert lines(home.ask("movie-list", "list", "queue", "--porcelain")) == []


def test_anime_is_followed_by_numbers_and_groups(make_home: MakeHome) -> None:
    home = make_home("anime")
    log = home.execute()
    assert home.files("anime") == ["Paper Dragon/dragon-3", "Wandering Star/star-11", "Wandering Star/star-12"]
    assert "Batch [1080p]` by regexp plugin" in log


def test_links_of_a_page_are_taken_some_at_a_time(make_home: MakeHome) -> None:
    home = make_home("scrape-a-page")
    home.execute()
    assert home.files("papers") == ["one.pdf", "two.pdf"]
    home.execute()
    assert home.files("papers") == ["one.pdf", "three.pdf", "two.pdf"]


def test_nothing_is_downloaded_before_it_is_approved(make_home: MakeHome) -> None:
    home = make_home("approve-first")
    home.execute()
    assert home.files() == []
    waiting = {row[2]: row[0] for row in lines(home.ask("pending", "list", "--porcelain"))}
    assert sorted(waiting) == ["Recording of Monday", "Recording of Tuesday"]
    home.ask("pending", "approve", waiting["Recording of Tuesday"])

    home.serve("later")  # Tuesday has left the feed meanwhile
    home.execute()
    assert home.files("recordings") == ["tuesday.bin"]
    home.ask("pending", "approve", "all")
    home.execute()
    assert home.files("recordings") == ["monday.bin", "tuesday.bin", "wednesday.bin"]
    assert lines(home.ask("pending", "list", "--porcelain")) == []


def test_what_failed_is_tried_again_until_it_is_given_up(make_home: MakeHome) -> None:
    home = make_home("try-again", **{"30 minutes": "0 seconds"})
    missing = {path: home.web.pages.pop(path) for path in ("/get/later.bin", "/get/never.bin")}
    home.execute()
    assert home.files("files") == ["works.bin"]
    assert [row[1] for row in lines(home.ask("failed", "list", "--porcelain"))] == ["never comes", "comes later"]

    home.serve("later")  # only what works is in the feed still
    home.web.pages["/get/later.bin"] = missing["/get/later.bin"]
    home.execute()
    assert home.files("files") == ["later.bin", "works.bin"]
    home.clear()
    assert "it has failed 2 times already" in home.execute()
    assert home.web.paths() == ["/feed.xml"]


def test_an_abort_is_told_and_signed(make_home: MakeHome, web: WebServer) -> None:
    home = make_home("tell-on-abort")
    web.put("/hooks/alarm", "thanks")
    outcome = home.run("execute", "--strict")
    assert outcome.code == 1
    posts = [asked for asked in web.asked if asked.path == "/hooks/alarm"]
    told = {json.loads(post.body)["title"]: json.loads(post.body)["message"] for post in posts}
    assert sorted(told) == ["gone needs help", "sign in needs help"]
    assert "404" in told["gone needs help"]
    assert "please sign in" in told["sign in needs help"]
    for post in posts:
        signature = hmac.new(b"correct horse", post.body, hashlib.sha256).hexdigest()
        assert post.headers["X-Signature-256"] == f"sha256={signature}"
    assert "correct horse" not in outcome.err + outcome.out
    assert home.history() == ["All is well"]


def test_a_config_in_parts_is_one_config(make_home: MakeHome) -> None:
    home = make_home("in-parts")
    log = home.execute()
    assert home.files("downloads") == ["first tracker/lighthouse-1", "quiet/weather.txt", "second tracker/garden-2"]
    asked = {(request.path, request.headers.get("User-Agent")): request.headers for request in home.web.asked}
    assert asked["/first.xml", "Example/1.0"]["Authorization"].startswith("Basic ")
    assert "Authorization" not in asked["/second.xml", "Example/1.0"]
    assert len([path for path, agent in asked if path == "/second.xml" and agent != "Example/1.0"]) == 1
    assert "much too secret" not in log
    shown = home.ask("execute", "--tasks", "second*", "--dump-config")
    assert "quality: 1080p" in shown
    assert "much too secret" not in shown


@pytest.mark.parametrize("name", NAMES)
def test_the_cookbook_shows_the_config_that_is_tested(name: str) -> None:
    text = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    for path in (ROOT / "tests" / "configs" / name).glob("*.yml"):
        assert f"```yaml\n{path.read_text(encoding='utf-8')}```" in text, f"docs/cookbook.md lacks {name}/{path.name}"
