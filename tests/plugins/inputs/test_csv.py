"""The input ``csv``."""

from __future__ import annotations

from tests.support import titles


def config(url: str, values: str = "{title: 1, url: 2}") -> str:
    return f"tasks: {{t: {{csv: {{url: '{url}', values: {values}}}}}}}"


def test_each_row_is_an_entry(engine, web) -> None:
    url = web.put("/a.csv", '"One, two",http://x/1,2023\n\nTwo, http://x/2 ,2024\n')
    entries = engine(config(url, "{title: 1, url: 2, year: 3}")).run().entries
    assert [(entry["title"], entry["url"], entry["year"]) for entry in entries] == [
        ("One, two", "http://x/1", "2023"),
        ("Two", "http://x/2", "2024"),
    ]


def test_a_file_address_is_read(engine, tmp_path) -> None:
    (tmp_path / "a.csv").write_text("Caf\u00e9,http://x/1\n", encoding="utf-8")
    assert titles(engine(config(f"file://{tmp_path}/a.csv")).run().entries) == ["Caf\u00e9"]


def test_a_short_row_ends_the_task_and_is_named(engine, web) -> None:
    task = engine(config(web.put("/a.csv", "One,http://x/1\nTwo\n"))).run()
    assert task.aborted and "line 2" in task.abort_reason and "url" in task.abort_reason


def test_rows_without_title_or_url_are_left_out(engine, web) -> None:
    assert titles(engine(config(web.put("/a.csv", ",http://x/1\nTwo,http://x/2\n"))).run().entries) == ["Two"]


def test_a_missing_table_ends_the_task(engine, web) -> None:
    task = engine(config(web.url("/none.csv"))).run()
    assert task.aborted and "404" in task.abort_reason


def test_rows_of_another_machine_must_not_name_local_files(engine, web):
    task = engine(config(web.put("/a.csv", "One,file:///etc/passwd\nTwo,http://x/2\n"))).run()
    assert titles(task.entries) == ["Two"]
