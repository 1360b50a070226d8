"""The input ``rss``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from server.features.feeds._parse import parse
from server.features.feeds.rss import parse_date
from server.features.feeds.store import ANSWERS, MADE, Answer, FeedStore
from server.storage.database import Database, sqlite_url
from server.storage.schema import Schema
from tests.support import Engine, titles
from tests.web_server import WebServer

Make = Callable[[str], Engine]


def feed(*items: str, spaces: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel><title>T</title>{"".join(items)}</channel></rss>'


ONE = "<item><title>One</title><link>http://x/1</link></item>"
TWO = "<item><title>Two</title><link>http://x/2</link></item>"


def test_an_item_gives_title_address_and_the_usual_fields(engine: Make, web: WebServer) -> None:
    item = (
        "<item><title>A &amp; B</title><link>http://x/1</link><guid isPermaLink='false'>id-1</guid>"
        "<description>&lt;p&gt;fish &amp;amp; chips&lt;/p&gt;</description><author>me</author>"
        "<pubDate>Mon, 02 Jan 2023 10:00:00 +0200</pubDate></item>"
    )
    (entry,) = engine(f"tasks: {{t: {{rss: '{web.put('/f', feed(item))}'}}}}").run().entries
    assert (entry["title"], entry["url"], entry["guid"], entry["author"]) == ("A & B", "http://x/1", "id-1", "me")
    assert entry["description"] == "<p>fish & chips</p>"
    assert entry["rss_pubdate"] == datetime(2023, 1, 2, 8, tzinfo=UTC)


def test_each_enclosure_is_an_entry(engine: Make, web: WebServer) -> None:
    item = (
        "<item><title>Two</title><link>http://x/page</link>"
        "<enclosure url='http://x/a.torrent?k=1' length='5' type='t'/>"
        "<enclosure url='http://x/get.php?id=2' length='many'/></item>"
    )
    first, second = engine(f"tasks: {{t: {{rss: '{web.put('/f', feed(item))}'}}}}").run().entries
    assert (first["url"], first["filename"]) == ("http://x/a.torrent?k=1", "a.torrent")
    assert (first["size"], first["type"]) == (5, "t")
    assert (second["url"], second["filename"], second["size"]) == ("http://x/get.php?id=2", "get.php", 0)


def test_group_links_makes_one_entry_of_several_enclosures(engine: Make, web: WebServer) -> None:
    item = "<item><title>Two</title><link>http://x/p</link><enclosure url='http://x/a'/><enclosure url='http://x/b'/></item>"
    url = web.put("/f", feed(item))
    (entry,) = engine(f"tasks: {{t: {{rss: {{url: '{url}', group_links: yes}}}}}}").run().entries
    assert (entry["url"], entry["urls"]) == ("http://x/p", ["http://x/p", "http://x/a", "http://x/b"])


def test_filename_no_leaves_the_name_to_the_download(engine: Make, web: WebServer) -> None:
    url = web.put("/f", feed("<item><title>T</title><enclosure url='http://x/a.torrent' length='5'/></item>"))
    (entry,) = engine(f"tasks: {{t: {{rss: {{url: '{url}', filename: no}}}}}}").run().entries
    assert "filename" not in entry


@pytest.mark.parametrize(
    ("address", "length", "name"),
    [
        ("http://x/a%20b.torrent?k=1", "5", "a%20b.torrent"),
        ("http://x/noext", "-1", "noext"),
        ("http://x/a.torrent", "many", None),
        ("http://x/a.torrent", "0", None),
        ("http://x/folder/", "5", None),
    ],
)
def test_the_file_name_is_taken_where_the_size_is_told(
    engine: Make, web: WebServer, address: str, length: str, name: str | None
) -> None:
    url = web.put("/f", feed(f"<item><title>T</title><enclosure url='{address}' length='{length}'/></item>"))
    (entry,) = engine(f"tasks: {{t: {{rss: '{url}'}}}}").run().entries
    assert entry.get("filename") == name


def test_several_enclosures_count_whatever_link_says(engine: Make, web: WebServer) -> None:
    item = (
        "<item><title>T</title><link>http://x/p</link><enclosure url='http://x/a'/><enclosure url='http://x/b'/></item>"
    )
    url = web.put("/f", feed(item))
    entries = engine(f"tasks: {{t: {{rss: {{url: '{url}', link: link}}}}}}").run().entries
    assert [entry["url"] for entry in entries] == ["http://x/a", "http://x/b"]
    (entry,) = engine(f"tasks: {{t: {{rss: {{url: '{url}', link: link, group_links: yes}}}}}}").run().entries
    assert entry["urls"] == ["http://x/p", "http://x/a", "http://x/b"]


def test_link_names_the_fields_to_look_at(engine: Make, web: WebServer) -> None:
    item = "<item><title>T</title><link>http://x/p</link><guid>http://x/g</guid><enclosure url='http://x/e'/></item>"
    url = web.put("/f", feed(item, ONE))
    entries = engine(f"tasks: {{t: {{rss: {{url: '{url}', link: [guid, link]}}}}}}").run().entries
    assert [entry["urls"] for entry in entries] == [["http://x/g", "http://x/p"], ["http://x/1"]]
    (entry,) = engine(f"tasks: {{t: {{rss: {{url: '{url}', link: guid}}}}}}").run().entries
    assert entry["url"] == "http://x/g"


def test_another_element_can_be_the_title(engine: Make, web: WebServer) -> None:
    url = web.put("/f", feed("<item><title>No</title><description>Yes</description><link>http://x/1</link></item>"))
    assert titles(engine(f"tasks: {{t: {{rss: {{url: '{url}', title: description}}}}}}").run().entries) == ["Yes"]


def test_other_fields_take_namespaced_elements_under_a_name_of_choice(engine: Make, web: WebServer) -> None:
    item = (
        "<item><title>T</title><link>http://x/1</link><tor:infoHash>ABC</tor:infoHash><category>TV</category>"
        "<foo>b&amp;amp;r</foo><nn:attr name='Seeders' value='3'/><author>me</author></item>"
    )
    url = web.put("/f", feed(item, spaces='xmlns:tor="http://xmlns.ezrss.it/0.1/" xmlns:nn="http://n/"'))
    others = "[tor_infohash, {category: section}, Foo, seeders, {author: who}]"
    (entry,) = engine(f"tasks: {{t: {{rss: {{url: '{url}', other_fields: {others}}}}}}}").run().entries
    names = ("tor_infohash", "section", "foo", "seeders", "who")
    assert [entry[name] for name in names] == ["ABC", "TV", "b&r", "3", "me"]
    assert "author" not in entry


def test_atom_is_read_as_well(engine: Make, web: WebServer) -> None:
    text = """<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title>One</title><link href="http://x/1"/>
      <link rel="enclosure" href="http://x/1.torrent" length="7"/><id>urn:1</id><author><name>Bob</name></author>
      <summary>S</summary></entry><entry><title>Two</title><link rel="alternate" href="http://x/2"/><id>urn:2</id>
      <published>2022-12-13T18:30:02Z</published><content type="html">&lt;p&gt;C&lt;/p&gt;</content></entry></feed>"""
    one, two = engine(f"tasks: {{t: {{rss: '{web.put('/f', text)}'}}}}").run().entries
    assert (one["url"], one["size"], one["author"], one["guid"]) == ("http://x/1.torrent", 7, "Bob", "urn:1")
    assert (two["url"], two["description"], two["rss_pubdate"].year) == ("http://x/2", "<p>C</p>", 2022)


@pytest.mark.parametrize("place", ["{path}", "file://{path}", "feed.xml"])
def test_a_feed_may_be_a_file(engine: Make, tmp_path: Path, place: str) -> None:
    (tmp_path / "feed.xml").write_text(feed(ONE))
    made = engine(f"tasks: {{t: {{rss: '{place.format(path=tmp_path / 'feed.xml')}'}}}}")
    assert titles(made.run().entries) == ["One"]


def test_a_broken_feed_gives_what_can_be_read(engine: Make, web: WebServer) -> None:
    body = "<rss><channel><item><title>Fish & chips &eacute; <b>x</b></title><link>http://x/1?a=1&b=2</link></item><item><title>C"
    (entry,) = engine(f"tasks: {{t: {{rss: '{web.put('/f', body)}'}}}}").run().entries
    assert (entry["title"], entry["url"]) == ("Fish & chips é <b>x</b>", "http://x/1?a=1&b=2")


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="http://x/r"><title>R</title><link>http://x/r</link>
  <dc:creator>Me</dc:creator></item></rdf:RDF>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &lt;br&gt; b</title><id>urn:1</id>
  <link rel="self" href="http://x/s"/><author><name>Ann</name><email>a@x.org</email></author></entry></feed>"""


@pytest.mark.parametrize(
    "body",
    [
        feed(ONE, "<item><title>E</title><guid>http://x/g</guid><enclosure url='http://x/e' length='3'/></item>"),
        feed("<item><title>It&amp;#39;s &amp;amp; &amp;eacute;</title><guid isPermaLink='TRUE'>g</guid></item>"),
        feed("<item><description>&lt;IMG SRC=y onload='z'&gt;&lt;script&gt;s&lt;/script&gt;</description></item>"),
        feed(
            "<item><title>&lt;3 &lt;b&gt;x&lt;/b&gt;</title><description>Caf\u00c3\u00a9 &#x93;q</description></item>"
        ),
        RDF,
        ATOM,
    ],
)
def test_both_parsers_agree(body: str) -> None:
    from server.features.feeds import _parse

    ours = parse(body.encode())
    theirs = _parse._by_feedparser(body.encode(), None)
    assert [item.enclosures for item in ours.items] == [item.enclosures for item in theirs.items]
    for name in ("title", "link", "id", "summary", "author"):
        assert [item.fields.get(name) for item in ours.items] == [item.fields.get(name) for item in theirs.items]


def test_a_web_page_instead_of_a_feed_is_said(engine: Make, web: WebServer, caplog: pytest.LogCaptureFixture) -> None:
    task = engine(f"tasks: {{t: {{rss: '{web.put('/f', '<html><body>log in</body></html>')}'}}}}").run()
    assert not task.entries and not task.aborted
    assert "is no feed" in caplog.text


@pytest.mark.parametrize(("status", "words"), [(404, "no feed at"), (500, "problem of its own"), (403, "refused")])
def test_a_refused_feed_ends_the_task_in_plain_words(engine: Make, web: WebServer, status: int, words: str) -> None:
    task = engine(f"tasks: {{t: {{rss: '{web.put('/f', 'x', status=status)}'}}}}").run()
    assert task.aborted and words in str(task.abort_reason)


def test_basic_auth(engine: Make, web: WebServer) -> None:
    url = web.put("/f", feed(ONE), login=("joe", "secret"))
    assert titles(engine(f"tasks: {{t: {{rss: {{url: '{url}', username: joe, password: secret}}}}}}").run().entries)
    file = web.put("/file.txt", "x", login=("joe", "secret"))
    web.put("/f", feed(f"<item><title>One</title><link>{file}</link></item>"), login=("joe", "secret"))
    login = f"{{url: '{url}', username: joe, password: secret}}"
    assert engine(f"tasks: {{t: {{rss: {login}, accept_all: yes, download: out, max_reruns: 0}}}}").run().accepted
    refused = engine(f"tasks: {{t: {{rss: {{url: '{url}', username: joe, password: wrong}}}}}}").run()
    assert refused.aborted and "user name and a password" in str(refused.abort_reason)


def test_an_unchanged_feed_is_not_sent_again_but_gives_its_entries(engine: Make, web: WebServer) -> None:
    url = web.put("/f", feed(ONE, TWO), headers={"ETag": '"v1"'})
    made = engine(f"tasks: {{t: {{rss: '{url}'}}}}")
    assert titles(made.run().entries) == titles(made.run().entries) == ["One", "Two"]
    assert web.asked[1].headers["If-None-Match"] == '"v1"'
    made.run(no_cache=True)
    assert "If-None-Match" not in web.asked[2].headers


def test_a_feed_that_stays_the_same_for_long_is_not_forgotten(engine: Make, web: WebServer) -> None:
    url = web.put("/f", feed(ONE), headers={"ETag": '"e"'})
    made = engine(f"tasks: {{t: {{rss: {{url: '{url}', all_entries: no}}}}}}")
    made.run()
    made.db.execute(ANSWERS.update().values(used=datetime(2020, 1, 1, tzinfo=UTC)))
    made.run()
    made.db.store(FeedStore).keep_answer("other", "http://x/", Answer())
    assert made.run().entries == []


def test_a_feed_of_nothing_but_control_characters_is_none(
    engine: Make, web: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = web.put("/f", b" \x00\x01")
    task = engine(f"tasks: {{t: {{rss: '{url}'}}}}").run()
    assert not task.aborted
    assert "is no feed" in caplog.text


def test_all_entries_no_stops_at_the_item_that_came_first_last_time(engine: Make, tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text(feed(ONE))
    made = engine("tasks: {t: {rss: {url: feed.xml, all_entries: no}}}")
    assert titles(made.run().entries) == ["One"]
    file.write_text(feed(TWO, ONE, "<item><title>Below</title><link>http://x/3</link></item>"))
    assert titles(made.run().entries) == ["Two"]
    assert titles(made.run().entries) == []
    file.write_text(feed("<item><title>Three</title><link>http://x/3</link></item>", ONE))
    assert titles(made.run().entries) == ["Three", "One"]


def test_an_item_without_link_has_its_guid_for_an_address(engine: Make, web: WebServer) -> None:
    url = web.put("/f", feed("<item><title>T</title><guid isPermaLink='false'>x-1</guid></item>"))
    (entry,) = engine(f"tasks: {{t: {{rss: '{url}'}}}}").run().entries
    assert entry["url"] == "x-1"


def test_a_rerun_does_not_ask_again(engine: Make, web: WebServer) -> None:
    engine(f"tasks: {{t: {{rss: '{web.put('/f', feed(ONE))}', rerun: 1}}}}").run()
    assert web.paths() == ["/f"]


def test_ascii_drops_other_characters_and_silent_says_nothing(
    engine: Make, web: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    url = web.put(
        "/f", feed("<item><title>Caf\u00e9</title><link>http://x/1</link></item><item><title>no link</title></item>")
    )
    assert titles(engine(f"tasks: {{t: {{rss: {{url: '{url}', ascii: yes, silent: yes}}}}}}").run().entries) == ["Caf"]
    assert "left out" not in caplog.text


def test_the_charset_of_the_server_counts_where_the_feed_says_none(engine: Make, web: WebServer) -> None:
    body = "<rss><channel><item><title>Caf\u00e9</title><link>http://x/1</link></item></channel></rss>".encode(
        "latin-1"
    )
    url = web.put("/f", body, "text/xml; charset=iso-8859-1")
    assert titles(engine(f"tasks: {{t: {{rss: '{url}'}}}}").run().entries) == ["Caf\u00e9"]


def test_entities_are_never_read_from_files(engine: Make, web: WebServer, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    body = f"""<!DOCTYPE r [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>
      <rss><channel><item><title>T&x;</title><link>http://x/1</link></item></channel></rss>"""
    task = engine(f"tasks: {{t: {{rss: '{web.put('/f', body)}'}}}}").run()
    assert "secret" not in "".join(titles(task.entries))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 02 Jan 2023 10:00:00 EST", datetime(2023, 1, 2, 15, tzinfo=UTC)),
        ("2023-01-02T10:00:00Z", datetime(2023, 1, 2, 10, tzinfo=UTC)),
        ("2023-01-02 10:00:00", datetime(2023, 1, 2, 10, tzinfo=UTC)),
        ("some day", None),
    ],
)
def test_dates_are_read_in_the_ways_feeds_write_them(text: str, expected: datetime | None) -> None:
    assert parse_date(text) == expected
    assert expected is None or parse_date(text).utcoffset() is not None  # type: ignore[union-attr]


def test_what_an_older_version_remembered_of_a_feed_is_kept(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "db.sqlite")

    class Before:
        schema = Schema("feeds", version=1, tables=(ANSWERS, MADE))

        def __init__(self, db: Database) -> None:
            self.db = db

    old = Database(url)
    old.store(Before)
    with old.transaction():
        old.execute(text("ALTER TABLE feed_answers RENAME COLUMN first TO items"))
        old.execute(
            text("INSERT INTO feed_answers (task, url, etag, items, used) VALUES ('t', 'http://x', 'e', 'm', 1)")
        )
    old.close()
    db = Database(url)
    known = db.store(FeedStore).answer("t", "http://x")
    assert known is not None and known.etag == "e"
    db.close()


def test_an_enclosure_whose_address_cannot_be_read_does_not_hide_the_others(engine: Make, web: WebServer) -> None:
    items = "".join(
        f"<item><title>{name}</title><enclosure url='{url}' length='5' type='a/b'/></item>"
        for name, url in (("Bad", "http://[x/a.b"), ("Good", "http://x/a.b"))
    )
    url = web.put(
        "/feed", f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>", "application/rss+xml"
    )
    found = engine(f"tasks: {{t: {{rss: '{url}'}}}}").run().entries
    assert [(entry["title"], entry.get("filename")) for entry in found] == [("Bad", None), ("Good", "a.b")]
