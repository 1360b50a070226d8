"""The input ``text``."""

from __future__ import annotations

from tests.support import titles

TEXT = "Name: One\nLink: http://x/1\nSize: 5\nName: Two\nLink: http://x/2\n"


def test_lines_become_entries(engine, web) -> None:
    url = web.put("/t", TEXT)
    entries = engine(
        f"tasks: {{t: {{text: {{url: '{url}', entry: {{title: 'name: (.*)', url: 'link: (.*)'}}}}}}}}"
    ).run()
    assert [(entry["title"], entry["url"]) for entry in entries.entries] == [
        ("One", "http://x/1"),
        ("Two", "http://x/2"),
    ]


def test_an_entry_without_all_its_fields_ends_where_one_comes_again(engine, tmp_path) -> None:
    (tmp_path / "t").write_text(TEXT)
    config = "tasks: {t: {text: {url: t, entry: {title: 'name: (.*)', url: 'link: (.*)', size: 'size: (.*)'}}}}"
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
                  entry: {title: 'name: (.*)', url: 'link: (.*)'}
                  format: {url: 'http://get/%(title)s'}
            """
        )
        .run()
        .entries
    )
    assert (entry["url"], entry["original_url"]) == ("http://get/One", "http://x/1")


def test_a_format_with_an_unknown_field_ends_the_task(engine, tmp_path) -> None:
    (tmp_path / "t").write_text(TEXT)
    entry = "entry: {title: 'name: (.*)', url: 'link: (.*)'}"
    task = engine(f"tasks: {{t: {{text: {{url: t, {entry}, format: {{url: '%(nope)s'}}}}}}}}").run()
    assert task.aborted and "%(nope)s" in task.abort_reason


def test_encoding(engine, tmp_path) -> None:
    (tmp_path / "t").write_bytes("Name: Caf\u00e9\nLink: http://x/1".encode("latin-1"))
    entry = "entry: {title: 'name: (.*)', url: 'link: (.*)'}"
    assert titles(engine(f"tasks: {{t: {{text: {{url: t, encoding: latin-1, {entry}}}}}}}").run().entries) == [
        "Caf\u00e9"
    ]


def test_lines_of_another_machine_must_not_name_local_files(engine, web) -> None:
    url = web.put("/t", "Name: One\nLink: file:///etc/passwd\nName: Two\nLink: http://x/2\n")
    task = engine(f"tasks: {{t: {{text: {{url: '{url}', entry: {{title: 'name: (.*)', url: 'link: (.*)'}}}}}}}}").run()
    assert titles(task.entries) == ["Two"]
