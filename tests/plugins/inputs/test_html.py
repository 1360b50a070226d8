"""The input ``html``."""

from __future__ import annotations

import pytest

from tests.support import titles

PAGE = """<html><body>
<a href="/a/file1.torrent" title="Attribute">Text one</a> <a href="rel/na%20me+2.zip"><b>Bold</b> two</a>
<a href="http://other/page?x=1&amp;y=2">Text one</a> <a href="/img"><img src="i.png" alt="Picture"></a>
<a name="no">no link</a> <a href="magnet:?xt=urn:btih:aa&amp;dn=M">Magnet</a></body></html>"""


def run(engine, web, options: str = ""):
    url = web.put("/dir/page.html", PAGE, "text/html")
    return engine(f"tasks: {{t: {{html: {{url: '{url}'{options}}}}}}}").run()


def test_links_become_entries_titled_by_their_text(engine, web) -> None:
    entries = run(engine, web).entries
    second = entries[2]["title"]
    assert titles(entries) == ["Text one", "Bold two", second, "Magnet"]
    assert second.startswith("Text one [") and len(second) == len("Text one [12345678]")
    assert [entry["url"] for entry in entries] == [
        web.url("/a/file1.torrent"),
        web.url("/dir/rel/na%20me+2.zip"),
        "http://other/page?x=1&y=2",
        "magnet:?xt=urn:btih:aa&dn=M",
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (", title_from: url", ["file1", "na me 2.zip", "page", "img"]),
        (", title_from: title", ["Attribute"]),
        (r", links_re: ['\.zip$', '\.torrent$']", ["Text one", "Bold two"]),
        (", allow_empty_links: yes, links_re: [img]", ["Picture"]),
    ],
)
def test_options_choose_titles_and_links(engine, web, options, expected) -> None:
    assert titles(run(engine, web, options).entries) == expected


def test_an_unknown_title_from_is_refused(engine, web) -> None:
    task = run(engine, web, ", title_from: nowhere")
    assert task.aborted and "nowhere" in task.abort_reason


def test_dump_writes_the_page_where_the_config_says(engine, web, tmp_path, tmp_path_factory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "page.html"
    run(engine, web, ", dump: page.html")
    run(engine, web, f", dump: '{elsewhere}'")
    assert (tmp_path / "page.html").read_text() == elsewhere.read_text() == PAGE


def test_basic_auth(engine, web) -> None:
    url = web.put("/p", PAGE, "text/html", login=("joe", "pw"))
    assert engine(f"tasks: {{t: {{html: {{url: '{url}', username: joe, password: pw}}}}}}").run().entries
    assert engine(f"tasks: {{t: {{html: '{url}'}}}}").run().aborted


def pages(engine, web, increment: str):
    for number in range(3):
        web.put(f"/list?page={number}", f'<a href="/f{number}">F{number}</a>', "text/html")
    web.put("/list?page=3", "nothing", "text/html")
    url = web.url("/list?page={{ i }}")
    return engine(f"tasks: {{t: {{html: {{url: '{url}', increment: {increment}}}}}}}").run()


@pytest.mark.parametrize(
    ("increment", "expected"),
    [
        ("yes", ["F0", "F1", "F2"]),
        ("{from: 1, to: 2}", ["F1"]),
        ("{from: 0, step: 2, stop_when_empty: no}", ["F0", "F2"]),
        ("{entries_count: 2}", ["F0", "F1"]),
    ],
)
def test_numbered_pages(engine, web, increment, expected) -> None:
    assert titles(pages(engine, web, increment).entries) == expected


def test_a_missing_numbered_page_can_be_an_error(engine, web) -> None:
    assert pages(engine, web, "{from: 4, stop_when_404: no}").aborted


def test_a_link_whose_address_cannot_be_read_is_left_out(engine, web) -> None:
    url = web.put("/page", '<a href="http://[x">Bad</a> <a href="/good">Good</a>', "text/html")
    assert titles(engine(f"tasks: {{t: {{html: '{url}'}}}}").run().entries) == ["Good"]
