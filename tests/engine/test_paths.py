"""File names and folders made of strangers' titles."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.engine.paths import OutsideError, chosen_folder, confined, pathscrub, set_mode, shorten_name


@pytest.mark.parametrize(
    ("value", "mode", "filename", "expected"),
    [
        ("Show: The Movie?", "windows", False, "Show The Movie"),
        ("Show: The Movie?", "linux", False, "Show: The Movie?"),
        ("Show: The Movie?", "mac", False, "Show The Movie?"),
        ("C:/a. /b ", "windows", False, "C:/a/b"),
        ("/a / b", "linux", False, "/a/b"),
        ("a/b\\c", "windows", True, "a b c"),
        ("a/b\\c", "linux", True, "a b\\c"),
        ("con.txt", "windows", True, "con_.txt"),
        ("x\0y", "linux", False, "x y"),
    ],
)
def test_pathscrub_keeps_each_systems_rules(value: str, mode: str, filename: bool, expected: str) -> None:
    assert pathscrub(value, mode, filename=filename) == expected


def test_the_mode_can_be_chosen_for_a_while() -> None:
    set_mode("windows")
    try:
        assert pathscrub("a?") == "a"
    finally:
        set_mode(None)


def test_names_are_cut_to_what_file_systems_hold() -> None:
    name = shorten_name("\u00fc" * 300 + ".mkv")
    assert len(name.encode()) <= 255 and name.endswith("\u00fc.mkv")
    assert shorten_name("short.mkv") == "short.mkv"


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x"])
def test_confined_refuses_what_leaves_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutsideError):
        confined(tmp_path / "in", name)


def test_confined_refuses_links_that_lead_out(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link").symlink_to(tmp_path)
    with pytest.raises(OutsideError):
        confined(tmp_path / "in", "link/x")
    assert confined(tmp_path / "in", "a/b") == (tmp_path / "in" / "a" / "b").resolve()


def test_a_chosen_folder_has_only_the_dots_that_the_user_wrote(tmp_path: Path) -> None:
    assert chosen_folder("out/a", "out/{{ a }}", tmp_path) == tmp_path / "out" / "a"
    assert chosen_folder("/x/../y/a", "/x/../y/{{ a }}", tmp_path) == Path("/x/../y/a")
    assert chosen_folder("~/x", "{{ a }}", tmp_path) == tmp_path / "~" / "x"
    for rendered, template in (("/x/../../etc", "/x/{{ a }}"), ("../x", "{{ a }}")):
        with pytest.raises(OutsideError):
            chosen_folder(rendered, template, tmp_path)
