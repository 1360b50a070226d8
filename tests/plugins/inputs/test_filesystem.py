"""The input ``filesystem``."""

from __future__ import annotations

import os
import sys
from datetime import UTC
from pathlib import Path

import pytest

from tests.support import titles


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "media"
    (folder / "Sub.Folder" / "deep").mkdir(parents=True)
    (folder / "Show.S01E01.mkv").write_text("abc")
    (folder / ".hidden").write_text("")
    (folder / "Sub.Folder" / "Show.S01E02.MKV").write_text("d")
    (folder / "Sub.Folder" / "deep" / "note.txt").write_text("e")
    return folder


def run(engine, options: str):
    return engine(f"tasks: {{t: {{filesystem: {options}}}}}").run()


def test_files_and_folders_are_entries_with_their_facts(engine, media) -> None:
    entries = {entry["title"]: entry for entry in run(engine, str(media)).entries}
    assert set(entries) == {"Show.S01E01", ".hidden", "Sub.Folder"}
    file = entries["Show.S01E01"]
    assert file["url"] == (media / "Show.S01E01.mkv").as_uri()
    assert (file["filename"], file["location"], file["content_size"]) == (
        "Show.S01E01.mkv",
        f"{media}/Show.S01E01.mkv",
        3,
    )
    assert file["mtime"].tzinfo is UTC
    assert "content_size" not in entries["Sub.Folder"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("recursive: yes", [".hidden", "Show.S01E01", "Sub.Folder", "Show.S01E02", "deep", "note"]),
        ("recursive: 2", [".hidden", "Show.S01E01", "Sub.Folder", "Show.S01E02", "deep"]),
        ("recursive: yes, mask: '*.mkv'", ["Show.S01E01", "Show.S01E02"]),
        ("recursive: yes, mask: '*.mkv', regexp: nothing", ["Show.S01E01", "Show.S01E02"]),
        (r"recursive: yes, regexp: '.*\.(mkv|txt)$'", ["Show.S01E01", "Show.S01E02", "note"]),
        ("recursive: yes, retrieve: dirs", ["Sub.Folder", "deep"]),
        ("recursive: yes, retrieve: [files]", [".hidden", "Show.S01E01", "Show.S01E02", "note"]),
    ],
)
def test_options_choose(engine, media, options, expected) -> None:
    assert titles(run(engine, f"{{path: '{media}', {options}}}").entries) == expected


def test_links_are_given_but_not_followed_and_broken_ones_left_out(engine, media) -> None:
    (media / "link").symlink_to(media / "Sub.Folder")
    (media / "broken").symlink_to(media / "nothing")
    assert titles(run(engine, f"{{path: '{media}', recursive: yes, retrieve: symlinks}}").entries) == ["link"]


def test_a_missing_folder_is_said_and_the_others_go_on(engine, media, caplog) -> None:
    entries = run(engine, f"{{path: ['{media}/none', '{media}', '{media}/'], retrieve: dirs}}").entries
    assert titles(entries) == ["Sub.Folder"]
    assert "does not exist" in caplog.text


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_is_left_out_and_told(engine, media, caplog) -> None:
    Path(os.fsdecode(os.fsencode(media) + b"/caf\xe9.mkv")).write_text("x")
    task = engine(f"tasks: {{t: {{filesystem: {media}, accept_all: yes}}}}").run()
    assert "Show.S01E01" in titles(task.accepted) and len(task.accepted) == 3
    assert "caf\\udce9.mkv' is left out: its name is not in UTF-8" in caplog.text
