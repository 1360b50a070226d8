"""The output ``download``."""

from __future__ import annotations

import stat

import pytest

from server.plugins.outputs._fetch import disposition_name, name_in_address, with_extension


def run(engine, entries: str, download: str = "out", more: str = "", **options):
    what = f"mock: [{entries}], accept_all: yes, download: {download}{more}"
    config = f"tasks: {{t: {{{what}, max_reruns: 0, disable: [seen, retry_failed]}}}}"
    return engine(config).run(**options)


def files(folder) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_is_saved_under_the_name_in_its_address(engine, web, tmp_path) -> None:
    url = web.put("/files/my%20file.txt", "hello")
    (entry,) = run(engine, f"{{title: A, url: '{url}'}}").entries
    assert (tmp_path / "out" / "my file.txt").read_text() == "hello"
    assert (entry["filename"], entry["location"]) == ("my file.txt", str(tmp_path / "out" / "my file.txt"))
    assert "file" not in entry
    assert files(tmp_path / "temp") == []


def test_saved_files_have_the_usual_rights(engine, web, tmp_path) -> None:
    run(engine, f"{{title: A, url: '{web.put('/a.txt', 'x')}'}}")
    assert stat.S_IMODE((tmp_path / "out" / "a.txt").stat().st_mode) & 0o600 == 0o600
    assert stat.S_IMODE((tmp_path / "out" / "a.txt").stat().st_mode) != 0o600


@pytest.mark.parametrize(
    ("fields", "headers", "mime", "expected"),
    [
        ("", {"Content-Disposition": 'attachment; filename="named.txt"'}, "text/plain", "named.txt"),
        ("", {"Content-Disposition": "attachment; filename*=UTF-8''%C3%BCber.txt"}, "text/plain", "\u00fcber.txt"),
        ("", {"Content-Disposition": 'attachment; filename="../../evil.txt"'}, "text/plain", ".. .. evil.txt"),
        (", filename: renamed.dat", {}, "text/plain", "renamed.dat.txt"),
        (", filename: ../up.txt", {}, "text/plain", ".. up.txt"),
        (", filename: pic", {}, "image/jpeg", "pic.jpg"),
        (", filename: get", {}, "application/x-bittorrent; charset=x", "get.torrent"),
        ("", {}, "text/plain", "get"),
    ],
)
def test_names_come_from_the_entry_the_server_or_the_address(
    engine, web, tmp_path, fields, headers, mime, expected
) -> None:
    url = web.put("/get", "x", mime, headers=headers)
    run(engine, f"{{title: A, url: '{url}'{fields}}}")
    assert files(tmp_path / "out") == [expected]


def test_the_title_and_the_type_name_what_has_no_name_in_its_address(engine, web, tmp_path) -> None:
    run(engine, f"{{title: Some Title, url: '{web.put('/folder/', 'x', 'text/plain')}'}}")
    assert files(tmp_path / "out") == ["Some Title.txt"]


def test_a_filename_made_by_set_names_the_file(engine, web, tmp_path) -> None:
    made = engine(
        f"""
        tasks:
          a:
            mock: [{{title: One, url: '{web.put("/a.txt", "x", "text/plain")}'}}]
            accept_all: yes
            set: {{filename: '{{{{title|lower}}}} new'}}
            download: out
        """
    )
    made.run()
    assert files(tmp_path / "out") == ["one new.txt"]


def test_paths_and_names_are_templates_and_the_entrys_path_comes_first(engine, web, tmp_path) -> None:
    url = web.put("/a.txt", "x")
    entries = f"{{title: A, url: '{url}'}}, {{title: B, url: '{url}?2', path: '{tmp_path}/own/{{{{title|lower}}}}'}}"
    run(engine, entries, "{path: 'out/{{title}}', filename: '{{title}}.bin'}")
    assert files(tmp_path / "out") == ["A/A.bin"]
    assert files(tmp_path / "own") == ["b/B.bin"]


def test_titles_cannot_lead_out_of_the_folder(engine, web, tmp_path) -> None:
    task = run(engine, f"{{title: ../../evil, url: '{web.put('/a.txt', 'x')}'}}", "'out/{{title}}'")
    assert "`..`" in task.failed[0]["reason"]
    assert not (tmp_path / "out").exists() and not (tmp_path.parent / "evil").exists()


def test_a_missing_field_in_the_path_fails_the_entry(engine, web) -> None:
    task = run(engine, f"{{title: A, url: '{web.put('/a.txt', 'x')}'}}", "'out/{{nope}}'")
    assert "nope" in task.failed[0]["reason"]


def test_without_any_path_the_entry_fails(engine, web) -> None:
    task = run(engine, f"{{title: A, url: '{web.put('/a.txt', 'x')}'}}", "yes")
    assert "no path" in task.failed[0]["reason"]


def test_a_web_page_in_place_of_a_file_fails_unless_allowed(engine, web, tmp_path) -> None:
    url = web.put("/a.bin", "<html>log in</html>", "text/html")
    assert "web page" in run(engine, f"{{title: A, url: '{url}'}}").failed[0]["reason"]
    assert not (tmp_path / "out").exists()
    run(engine, f"{{title: B, url: '{url}?b'}}", "{path: out, fail_html: no}")
    assert files(tmp_path / "out") == ["a.bin?b"]


@pytest.mark.parametrize(
    ("page", "words"),
    [({"status": 404}, "404"), ({"body": ""}, "empty"), ({"cut_after": 3}, "network error")],
    ids=["missing", "empty", "cut off"],
)
def test_what_cannot_be_had_whole_fails_and_leaves_nothing(engine, web, tmp_path, page, words) -> None:
    url = web.put("/a.txt", page.pop("body", "whole"), **page)
    task = run(engine, f"{{title: A, url: '{url}'}}")
    assert words in task.failed[0]["reason"]
    assert not (tmp_path / "out").exists() and files(tmp_path / "temp") == []


def test_other_addresses_are_tried(engine, web) -> None:
    good = web.put("/a.txt", "x")
    urls = f"['magnet:?xt=urn:btih:aa', '{web.url('/none')}', '{good}']"
    (entry,) = run(engine, f"{{title: A, url: '{web.url('/none')}', urls: {urls}}}").accepted
    assert entry["url"] == good


def test_a_magnet_alone_fails(engine) -> None:
    assert "magnet" in run(engine, "{title: A, url: 'magnet:?xt=urn:btih:aa'}").failed[0]["reason"]


def test_an_existing_file_is_kept_unless_it_may_be_replaced(engine, web, tmp_path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_text("old")
    url = web.put("/a.txt", "new")
    assert "exists already" in run(engine, f"{{title: A, url: '{url}'}}").failed[0]["reason"]
    assert (tmp_path / "out" / "a.txt").read_text() == "old"
    run(engine, f"{{title: B, url: '{url}'}}", "{path: out, overwrite: yes}")
    assert (tmp_path / "out" / "a.txt").read_text() == "new"
    assert run(engine, f"{{title: C, url: '{url}'}}").accepted  # the same content is fine


def test_a_folder_that_cannot_be_written_fails_the_entry(engine, web, tmp_path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    task = run(engine, f"{{title: A, url: '{web.put('/a.txt', 'x')}'}}")
    assert "cannot be saved" in task.failed[0]["reason"] and not task.aborted


def test_over_the_border_of_a_file_system_a_part_is_never_seen(engine, web, tmp_path) -> None:
    run(engine, f"{{title: A, url: '{web.put('/a.txt', 'x' * 100)}'}}", "{path: out, temp: /dev/shm/flexget-test}")
    assert files(tmp_path / "out") == ["a.txt"]


def test_local_files_only_for_entries_the_user_wrote(engine, web, tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("s")
    assert run(engine, f"{{title: A, url: '{secret.as_uri()}'}}").accepted
    feed = f"<rss><channel><item><title>T</title><link>{secret.as_uri()}</link></item></channel></rss>"
    config = (
        f"tasks: {{t: {{rss: '{web.put('/f', feed)}', accept_all: yes, max_reruns: 0, disable: seen, download: out2}}}}"
    )
    assert "local file" in engine(config).run().failed[0]["reason"]


def test_test_mode_downloads_nothing(engine, web, tmp_path) -> None:
    (entry,) = run(engine, f"{{title: A, url: '{web.put('/a.txt', 'x')}'}}", test=True).accepted
    assert entry["location"].endswith("TEST_MODE_NO_OUTPUT")
    assert web.paths() == [] and not (tmp_path / "out").exists()


def test_dl_path_takes_the_place_of_the_folder(engine, web, tmp_path) -> None:
    run(engine, f"{{title: A, url: '{web.put('/a.txt', 'x')}'}}", dl_path=str(tmp_path / "else"))
    assert files(tmp_path / "else") == ["a.txt"]


def test_download_auth_signs_in_and_keeps_the_password_to_itself(engine, web) -> None:
    url = web.put("/a.txt", "x", login=("joe", "secret"))
    more = f", download_auth: [{{'127.0.0.1:{web.port}': {{username: joe, password: secret}}}}]"
    (entry,) = run(engine, f"{{title: A, url: '{url}'}}", "out", more).accepted
    assert "secret" not in str(dict(entry))


def test_names_in_headers_and_addresses() -> None:
    assert disposition_name('attachment; filename="a b.txt"') == "a b.txt"
    assert disposition_name("inline") is None
    assert name_in_address("http://x/a/b%20c.txt?d=e") == "b c.txt?d=e"
    assert with_extension("a.jpeg", "image/jpeg") == "a.jpeg"
    assert with_extension("a", "x/unknown") == "a"


@pytest.mark.parametrize("url", ["http://[x/a", "file://[x/a", "http://x:99999/a"])
def test_an_address_that_cannot_be_read_fails_its_entry_alone(engine, web, tmp_path, url) -> None:
    entries = f"{{title: A, url: '{url}'}}, {{title: B, url: '{web.put('/b.txt', 'b')}'}}"
    more = ", download_auth: [{x.org: {username: joe, password: secret}}], path_by_ext: {zip: elsewhere}"
    task = run(engine, entries, more=more)
    assert [entry["title"] for entry in task.failed] == ["A"] and files(tmp_path / "out") == ["b.txt"]


def test_a_password_goes_to_no_other_site_that_an_entry_names(engine, web) -> None:
    elsewhere = web.put("/b.txt", "b").replace("127.0.0.1", "localhost")
    entries = f"{{title: A, url: '{web.url('/gone')}', urls: ['{web.url('/gone')}', '{elsewhere}']}}"
    more = ", download_auth: [{127.0.0.1: {username: joe, password: secret}}]"
    assert run(engine, entries, "out", more).accepted
    assert [(asked.path, "Authorization" in asked.headers) for asked in web.asked] == [
        ("/gone", True),
        ("/b.txt", False),
    ]
