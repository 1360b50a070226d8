"""``archives`` and ``decompress``: what is an archive, where its files go, and what strangers put into archives."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.engine.log import VERBOSE
from server.plugins import _archives
from tests.archives import rar_of, zip_of
from tests.support import Engine, titles

FILES = [("a.txt", b"A"), ("sub/b.txt", b"B"), ("sub/deep/c.srt", b"C"), ("e.MKV", b"video")]

Unpack = Callable[..., Any]


@pytest.fixture
def unpack(engine: Callable[[str], Engine], tmp_path: Path) -> Unpack:
    """``unpack(options, name=bytes)``: run on archives in the folder ``in``; gives the task."""

    def run(options: str, test: bool = False, **archives: bytes) -> Any:
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        for name, content in archives.items():
            (folder / name.replace("_", ".")).write_bytes(content)
        options = options.replace("OUT", str(tmp_path / "out"))
        switched_off = "disable: [seen, retry_failed]"
        task = f"filesystem: '{folder}', accept_all: yes, {switched_off}, decompress: {options}"
        return engine(f"tasks: {{t: {{{task}}}}}").run(test=test)

    return run


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_archives_are_known_by_their_content(
    engine: Callable[[str], Engine], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(VERBOSE)
    for name, content in {
        "good.zip": zip_of(FILES),
        "empty.zip": zip_of([]),
        "named.dat": zip_of(FILES),
        "good.rar": rar_of(FILES),
        "bad.zip": b"PK\x03\x04garbage",
        "fake.rar": b"no rar",
        "broken.rar": b"Rar!\x1a\x07\x00garbage of some length",
        "text.txt": b"plain",
    }.items():
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
    made = engine(
        f"""
        tasks:
          plain: {{disable: [seen], filesystem: '{tmp_path}/in', archives: yes}}
          options: {{disable: [seen], filesystem: '{tmp_path}/in', archives: {{unrar_tool: /nothing}}}}
          idle: {{disable: [seen], filesystem: '{tmp_path}/in', archives: no}}
          else: {{mock: [{{title: none}}, {{title: gone, location: /gone.zip}}], accept_all: yes, archives: yes}}
        """
    )
    for task in (made.run("plain"), made.run("options")):
        assert sorted(entry["filename"] for entry in task.accepted) == [
            "empty.zip",
            "good.rar",
            "good.zip",
            "named.dat",
        ]
        assert len(task.rejected) == 4
    assert len(made.run("idle").undecided) == 8
    caplog.clear()
    assert titles(made.run("else").rejected) == ["none", "gone"]
    assert "none is rejected: it is no local file (no field `location`)" in caplog.messages
    assert f"gone is rejected: {Path('/gone.zip')} is no file" in caplog.messages


def test_an_archive_is_unpacked_beside_itself_with_its_folders(unpack: Unpack, tmp_path: Path) -> None:
    task = unpack("yes", good_zip=zip_of(FILES), more_rar=rar_of([("r.txt", b"R"), ("rs/s.txt", b"S")]))
    assert len(task.accepted) == 2
    found = files(tmp_path / "in")
    assert {name: content for name, content in found.items() if name[-3:] not in ("zip", "rar")} == {
        **dict(FILES),
        "r.txt": b"R",
        "rs/s.txt": b"S",
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("{to: 'OUT/{{ title }}'}", ["good/a.txt", "good/e.MKV", "good/sub/b.txt", "good/sub/deep/c.srt"]),
        ("{to: OUT, keep_dirs: no}", ["a.txt", "b.txt", "c.srt", "e.MKV"]),
        ("{to: OUT, mask: '*.TXT'}", ["a.txt", "sub/b.txt"]),
        ("{to: OUT, mask: 'sub/*'}", []),
        ("{to: OUT, keep_dirs: no, mask: '*.mkv'}", ["e.MKV"]),
        (r"{to: OUT, regexp: 'b\.txt'}", ["sub/b.txt"]),
        (r"{to: OUT, regexp: '.*mkv'}", ["e.MKV"]),
        ("{to: OUT, regexp: '.*txt', mask: '*.srt'}", ["sub/deep/c.srt"]),
    ],
)
def test_options_choose_what_is_unpacked_and_where_to(
    unpack: Unpack, tmp_path: Path, options: str, expected: list[str]
) -> None:
    unpack(options, good_zip=zip_of(FILES))
    assert sorted(files(tmp_path / "out")) == expected


def test_a_file_that_is_there_is_kept_and_so_is_the_archive_with_the_other_one(unpack: Unpack, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.txt").write_bytes(b"something else")
    unpack("{to: OUT, delete_archive: yes}", good_zip=zip_of(FILES), more_rar=rar_of([("r.txt", b"R")]))
    assert files(tmp_path / "out")["a.txt"] == b"something else"
    assert files(tmp_path / "out")["r.txt"] == b"R"
    assert list(files(tmp_path / "in")) == ["good.zip"]
    (tmp_path / "out" / "a.txt").write_bytes(b"A")
    unpack("{to: OUT, delete_archive: yes}")
    assert files(tmp_path / "in") == {}


def test_a_test_run_unpacks_nothing(unpack: Unpack, tmp_path: Path) -> None:
    task = unpack("{to: OUT, delete_archive: yes}", test=True, good_zip=zip_of(FILES))
    assert len(task.accepted) == 1
    assert not (tmp_path / "out").exists()
    assert list(files(tmp_path / "in")) == ["good.zip"]


def test_nothing_is_written_outside_of_the_folder(unpack: Unpack, tmp_path: Path) -> None:
    evil = [
        ("../evil.txt", b"x"),
        ("..\\evil2.txt", b"x"),
        (f"{tmp_path.as_posix()}/evil3.txt", b"x"),
        ("ok.txt", b"o"),
    ]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "way").symlink_to(tmp_path, target_is_directory=True)
    raw = zip_of([*evil, ("way/evil4.txt", b"x")], link="link")
    unpack("{to: OUT}", evil_zip=raw, evil_rar=rar_of([("../evil5.txt", b"x"), ("r.txt", b"o")]))
    assert sorted(path.name for path in tmp_path.iterdir() if "evil" in path.name) == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["ok.txt", "r.txt", "way"]


def test_one_bad_archive_fails_its_entry_only(unpack: Unpack, tmp_path: Path) -> None:
    broken = bytearray(zip_of([("a.txt", b"hello " * 100)]))
    broken[45] ^= 0xFF
    locked = bytearray(zip_of([("x.txt", b"x")]))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    task = unpack(
        "{to: OUT, delete_archive: yes, unrar_tool: /nothing}",
        cut_rar=rar_of([("r.txt", b"R" * 100)])[:80],
        packed_rar=rar_of([("p.txt", b"P" * 100)], method=0x33),
        broken_zip=bytes(broken),
        locked_zip=bytes(locked),
        good_zip=zip_of(FILES),
        none_zip=b"PK\x03\x04garbage",
    )
    assert titles(task.accepted) == ["good", "none"]
    reasons = {entry["title"]: entry.get("reason") for entry in task.failed}
    assert sorted(reasons) == ["broken", "cut", "locked", "packed"]
    assert "needs the program unrar" in reasons["packed"]
    assert "encrypted" in reasons["locked"]
    assert files(tmp_path / "out") == dict(sorted(FILES))
    assert sorted(files(tmp_path / "in")) == ["broken.zip", "cut.rar", "locked.zip", "none.zip", "packed.rar"]


def test_a_bomb_is_refused_before_anything_is_written(
    unpack: Unpack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_archives, "SMALL", 1000)
    task = unpack("{to: OUT}", bomb_zip=zip_of([("a", b"\0" * 1_000_000)]), small_zip=zip_of([("b", b"\0" * 900)]))
    assert titles(task.accepted) == ["small"]
    assert "it would come to 976.6 KiB" in task.failed[0]["reason"]
    assert files(tmp_path / "out") == {"b": b"\0" * 900}


def test_a_member_that_is_larger_than_it_says_fails(unpack: Unpack, tmp_path: Path) -> None:
    raw = bytearray(zip_of([("a", b"x" * 5000)]))
    at = raw.index(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 10)
    task = unpack("{to: OUT}", liar_zip=bytes(raw))
    assert titles(task.failed) == ["liar"]
    assert files(tmp_path / "out") == {}


def test_without_the_package_only_rar_is_refused_and_it_is_told_how_to_get_it(
    unpack: Unpack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rarfile", None)
    assert titles(unpack("{to: OUT}", good_zip=zip_of(FILES)).accepted) == ["good"]
    task = unpack("{to: OUT}", more_rar=rar_of(FILES))
    assert task.result.aborted
    assert "pip install 'flexget-tray[rar]'" in task.result.reason


def test_what_is_no_local_file_is_told_and_left_alone(
    engine: Callable[[str], Engine], caplog: pytest.LogCaptureFixture
) -> None:
    task = engine(
        "tasks: {t: {mock: [{title: a}, {title: b, location: /gone.zip}], accept_all: yes, decompress: yes}}"
    ).run()
    assert titles(task.accepted) == ["a", "b"]
    assert [record.message.partition(":")[0] for record in caplog.records if record.levelname == "ERROR"] == ["a", "b"]


def test_a_target_out_of_a_field_does_not_climb(
    unpack: Unpack, engine: Callable[[str], Engine], tmp_path: Path
) -> None:
    (tmp_path / "x.zip").write_bytes(zip_of(FILES))
    mock = f"{{title: a, location: '{tmp_path}/x.zip', where: ../..}}"
    task = engine(
        f"tasks: {{t: {{mock: [{mock}], accept_all: yes, disable: [retry_failed], "
        f"decompress: {{to: '{tmp_path}/out/{{{{ where }}}}'}}}}}}"
    ).run()
    assert "`..`" in task.failed[0]["reason"]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_broken_content_of_any_method_fails_its_entry_alone(unpack: Unpack, tmp_path: Path, method: int) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as archive:
        archive.writestr("a.txt", b"A" * 1000)
    content = raw.getvalue()
    broken = content[:45] + bytes(byte ^ 0xFF for byte in content[45:55]) + content[55:]
    task = unpack("{to: OUT}", a_zip=broken, b_zip=zip_of(FILES))
    assert titles(task.failed) == ["a"] and titles(task.accepted) == ["b"]


def test_a_name_that_is_not_in_utf_8_as_it_says_fails_its_entry_alone(unpack: Unpack) -> None:
    broken = zip_of([("\u00e4.txt", b"A")]).replace("\u00e4".encode(), b"\xc3\xc3")
    task = unpack("{to: OUT}", a_zip=broken, b_zip=zip_of(FILES))
    assert titles(task.failed) == ["a"] and titles(task.accepted) == ["b"]
