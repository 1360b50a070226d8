"""The input ``text``."""

from __future__ import annotations

from tests.support import titles

TEXT = "Name: One\nLink: http://x/1\nSize: 5\nName: Two\nLink: http://x/2\n"


def test_lines_become_entries(engine, web) -> None:
    url = web.put("/t", TEXT)
    entries = engine(
        f"tasks: {{t: {{text: {{url: '{url}', entry: {{title: 'Name: (.*)', url: 'Link: (.*)'}}}}}}}}"
    ).run()
    assert [(entry["title"], entry["url"]) for entry in entries.entries] == [
        ("One", "http://x/1"),
        ("Two", "http://x/2"),
    ]


def test_an_entry_without_all_its_fields_ends_where_one_comes_again(engine, tmp_path) -> None:
    (tmp_path / "t").write_text(TEXT)
    config = "tasks: {t: {text: {url: t, entry: {title: 'Name: (.*)', url: 'Link: (.*)', size: 'Size: (.*)'}}}}"
    entries = engine(config).run().entries
    assert titles(entries) == ["One", "Two"]
    assert (entries[0]["size"], "size" in entries[1]) == ("5", False)


def test_format_rewrites_a_field_with_others(engine, tmp_path) -> None:
    (tmp_path / "t").write_text(TEXT)
    (entry, _) = (
        engine(
            """
            tasks:
              t:
                text:
                  url: t
                  entry: {title: 'Name: (.*)', url: 'Link: (.*)'}
                  format: {url: 'http://get/%(title)s'}
            """
        )
        .run()
        .entries
    )
    assert (entry["url"], entry["original_url"]) == ("http://get/One", "http://x/1")


def test_capitals_count(engine, tmp_path) -> None:
    (tmp_path / "t").write_text(TEXT)
    assert not engine("tasks: {t: {text: {url: t, entry: {title: 'name: (.*)', url: 'Link: (.*)'}}}}").run().entries


def test_an_entry_keeps_a_field_whose_format_names_one_it_lacks(engine, tmp_path, caplog) -> None:
    (tmp_path / "t").write_text(TEXT)
    entry = "entry: {title: 'Name: (.*)', url: 'Link: (.*)'}"
    task = engine(f"tasks: {{t: {{text: {{url: t, {entry}, format: {{url: '%(nope)s'}}}}}}}}").run()
    assert [entry["url"] for entry in task.entries] == ["http://x/1", "http://x/2"]
    assert "%(nope)s" in caplog.text


def test_encoding(engine, tmp_path) -> None:
    (tmp_path / "t").write_bytes("Name: Caf\u00e9\nLink: http://x/1".encode("latin-1"))
    entry = "entry: {title: 'Name: (.*)', url: 'Link: (.*)'}"
    assert titles(engine(f"tasks: {{t: {{text: {{url: t, encoding: latin-1, {entry}}}}}}}").run().entries) == [
        "Caf\u00e9"
    ]


def test_lines_of_another_machine_must_not_name_local_files(engine, web) -> None:
    url = web.put("/t", "Name: One\nLink: file:///etc/passwd\nName: Two\nLink: http://x/2\n")
    task = engine(f"tasks: {{t: {{text: {{url: '{url}', entry: {{title: 'Name: (.*)', url: 'Link: (.*)'}}}}}}}}").run()
    assert titles(task.entries) == ["Two"]


def test_an_entry_whose_title_or_address_is_empty_is_left_out(engine, tmp_path) -> None:
    (tmp_path / "t").write_text("Name: \nLink: http://x/1\nName: Two\nLink: \nName: Three\nLink: http://x/3\n")
    task = engine("tasks: {t: {text: {url: t, entry: {title: 'Name: (.*)', url: 'Link: (.*)'}}}}").run()
    assert titles(task.entries) == ["Three"]
