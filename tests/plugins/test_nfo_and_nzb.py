"""What is read out of .nfo and .nzb files, and small outputs for them."""

from __future__ import annotations

import logging

import pytest

NFO = """<?xml version="1.0"?>
<movie><title>The Movie</title><year>2010</year><rating>7.5</rating><votes>1,234</votes><id>tt1234567</id>
<genre>Drama</genre><genre>Comedy</genre><director>Ann</director><set/><!-- c -->
<actor><name>Bob</name><role/></actor><actor><name>Eve</name><role>Her</role></actor></movie>
"""
NZB = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN" "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd" [<!ENTITY e "x">]>
<nzb xmlns="http://www.newzbin.com/DTD/2003/nzb"><file poster="p" date="1" subject="s"><groups><group>g</group></groups>
<segments><segment bytes="1000" number="1">a@b</segment><segment bytes="234" number="2">&e;</segment></segments></file>
<file poster="p" date="1" subject="s"><segments><segment bytes="766" number="1">c@d</segment></segments></file></nzb>
"""


def films(engine, tmp_path, **files: str):
    folder = tmp_path / "films"
    folder.mkdir()
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    task = engine(f"tasks: {{t: {{filesystem: {{path: {folder}, mask: '*.mkv'}}, nfo_lookup: yes}}}}").run()
    return {entry["filename"]: entry for entry in task.entries}


def nfo_fields(entry) -> dict[str, object]:
    return {name: value for name, value in entry.items() if name.startswith(("nfo_", "imdb"))}


def test_fields_come_from_the_nfo_beside_the_film(engine, tmp_path) -> None:
    entry = films(engine, tmp_path, a_mkv="", a_nfo=NFO)["a.mkv"]
    assert nfo_fields(entry) == {
        "nfo_title": "The Movie",
        "nfo_year": 2010,
        "nfo_rating": 7.5,
        "nfo_votes": "1,234",
        "nfo_id": "tt1234567",
        "imdb_id": "tt1234567",
        "nfo_genre": ["Drama", "Comedy"],
        "nfo_director": ["Ann"],
        "nfo_actor": [{"name": "Bob", "role": None}, {"name": "Eve", "role": "Her"}],
    }


def test_movie_nfo_holds_for_the_folder_where_a_film_has_none_of_its_own(engine, tmp_path) -> None:
    own = "<movie><title>Own</title><uniqueid type='imdb'>tt7654321</uniqueid></movie>\nhttps://example.com/1\n"
    found = films(engine, tmp_path, a_mkv="", b_mkv="", movie_nfo=NFO, b_nfo=own)
    assert (found["a.mkv"]["nfo_title"], found["b.mkv"]["nfo_title"]) == ("The Movie", "Own")
    assert found["b.mkv"]["imdb_id"] == "tt7654321"


def test_what_is_no_description_of_a_film_sets_nothing(engine, tmp_path, caplog) -> None:
    found = films(
        engine, tmp_path, a_mkv="", a_nfo="scene release", b_mkv="", b_nfo="<tvshow><title>T</title></tvshow>", c_mkv=""
    )
    assert [nfo_fields(entry) for entry in found.values()] == [{}, {}, {}]
    assert "a.nfo is no valid .nfo file" in caplog.text


def test_entities_of_a_stranger_are_not_resolved(engine, tmp_path) -> None:
    (tmp_path / "secret").write_text("hidden")
    entity = f'<!DOCTYPE m [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
    text = f"{entity}<movie><title>&x;</title><plot>p</plot></movie>"
    assert nfo_fields(films(engine, tmp_path, a_mkv="", a_nfo=text)["a.mkv"]) == {"nfo_plot": "p"}


@pytest.mark.parametrize(
    ("name", "kind"), [("x.nzb", "application/octet-stream"), ("x", "application/x-nzb"), ("x", "text/plain")]
)
def test_the_size_of_an_nzb_is_that_of_its_articles(engine, web, name: str, kind: str) -> None:
    url = web.put(f"/{name}", NZB, kind)
    config = f"tasks: {{t: {{mock: [{{title: A, url: '{url}'}}], accept_all: yes, download: dl}}}}"
    entry = engine(config).run().accepted[0]
    assert entry.get("content_size") == (None if kind == "text/plain" else 2000)


def test_a_broken_nzb_is_told_and_harms_nothing(engine, web, caplog) -> None:
    url = web.put("/x.nzb", "<nzb><file>", "application/x-nzb")
    task = engine(f"tasks: {{t: {{mock: [{{title: A, url: '{url}'}}], accept_all: yes, download: dl}}}}").run()
    assert len(task.accepted) == 1 and "should be an nzb" in caplog.text


def test_rtorrent_magnet_writes_a_file_for_each_magnet(engine, tmp_path) -> None:
    magnet = "magnet:?xt=urn:btih:2A8959BED2BE495BB0E3EA96F497D873D5FAED05&dn=some"
    made = engine(
        f"tasks: {{t: {{mock: [{{title: 'a/b', url: '{magnet}'}}, {{title: c, url: 'http://x'}}], accept_all: yes,"
        f" seen: no, rtorrent_magnet: '{tmp_path}/watch'}}}}"
    )
    made.run(test=True)
    assert not (tmp_path / "watch").exists()
    assert len(made.run().accepted) == 2
    (file,) = (tmp_path / "watch").iterdir()
    assert file.name == "meta-a b.torrent"
    assert file.read_bytes() == b"d10:magnet-uri%d:%be" % (len(magnet), magnet.encode())


def test_rtorrent_magnet_fails_an_entry_that_cannot_be_written(engine, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    task = engine(
        "tasks: {t: {mock: [{title: a, url: 'magnet:?xt=urn:btih:2A8959BED2BE495BB0E3EA96F497D873D5FAED05'}],"
        f" accept_all: yes, max_reruns: 0, rtorrent_magnet: '{tmp_path}/file/x'}}}}"
    ).run()
    assert "cannot be written" in task.failed[0]["reason"]


def test_mock_output_tells_what_came_to_it(engine, caplog) -> None:
    with caplog.at_level(logging.DEBUG, "mock_output"):
        engine("tasks: {t: {mock: [{title: A}, {title: B}], regexp: {accept: [a]}, mock_output: yes}}").run()
    assert "came to the output: A" in caplog.text
