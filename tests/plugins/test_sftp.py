"""The SFTP plugins, with a real server on loopback."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import paramiko
import pytest

from tests.plugins.remote import Run, files
from tests.sftp_server import PASSWORD, SftpServer
from tests.support import titles


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    root = tmp_path / "remote"
    (root / "dl" / "sub" / "deep").mkdir(parents=True)
    (root / "dl" / "empty").mkdir()
    (root / "dl" / "one 1.txt").write_text("one")
    (root / "dl" / "sub" / "two.txt").write_text("two!")
    (root / "dl" / "sub" / "deep" / "three.txt").write_text("three")
    (root / "dl" / "link.txt").symlink_to("one 1.txt")
    (root / "dl" / "broken").symlink_to("nothing")
    found = SftpServer(root)
    yield found
    found.close()


def test_files_are_listed_with_addresses_and_sizes(run: Run, server: SftpServer) -> None:
    task = run(sftp_list=server.options(dirs=["/dl", "/nothing", "dl/sub"]))
    base = f"sftp://me:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}"
    assert [(entry["title"], entry["url"], entry["content_size"]) for entry in task.accepted] == [
        ("link.txt", f"{base}/dl/link.txt", 3),
        ("one 1.txt", f"{base}/dl/one%201.txt", 3),
        ("two.txt", f"{base}/dl/sub/two.txt", 4),
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"recursive": True}, ["link.txt", "one 1.txt", "three.txt", "two.txt"]),
        ({"files_only": False}, ["empty", "link.txt", "one 1.txt", "sub"]),
        ({"dirs_only": True}, ["empty", "sub"]),
        ({"dirs_only": True, "files_only": False, "recursive": True}, ["empty", "sub", "deep"]),
    ],
)
def test_options_choose_what_is_listed(
    run: Run, server: SftpServer, options: dict[str, Any], expected: list[str]
) -> None:
    task = run(sftp_list=server.options(dirs="/dl", **options))
    assert titles(task.accepted) == expected


def test_sizes_of_folders_count_what_is_in_them_and_can_be_left_out(run: Run, server: SftpServer) -> None:
    options = server.options(dirs="/dl", dirs_only=True)
    assert [entry["content_size"] for entry in run(sftp_list=options).accepted] == [0, 9]
    assert "content_size" not in run(sftp_list={**options, "get_size": False}).accepted[0]


def test_what_was_listed_is_fetched_with_its_folders(run: Run, server: SftpServer, tmp_path: Path) -> None:
    task = run(
        sftp_list=server.options(dirs="/dl", files_only=False),
        sftp_download={"to": f"{tmp_path}/got/{{{{ title[:1] }}}}"},
    )
    assert files(tmp_path / "got") == {
        "l/link.txt": "one",
        "o/one 1.txt": "one",
        "s/sub/deep/three.txt": "three",
        "s/sub/two.txt": "two!",
    }
    assert task.accepted[1]["location"] == str(tmp_path / "got" / "l" / "link.txt")
    assert not list((tmp_path / "got").rglob("*.part"))


def test_without_recursion_only_the_files_of_a_folder_are_fetched(run: Run, server: SftpServer, tmp_path: Path) -> None:
    run(
        sftp_list=server.options(dirs="/dl", dirs_only=True),
        sftp_download={"to": f"{tmp_path}/got", "recursive": False, "delete_origin": True},
    )
    assert files(tmp_path / "got") == {"sub/two.txt": "two!"}
    assert files(server.root / "dl" / "sub") == {"deep/three.txt": "three"}
    assert not (server.root / "dl" / "empty").exists()


def test_a_file_that_is_here_is_kept_and_the_other_one_is_not_deleted(
    run: Run, server: SftpServer, tmp_path: Path
) -> None:
    (tmp_path / "got").mkdir()
    (tmp_path / "got" / "one 1.txt").write_text("another one")
    (tmp_path / "got" / "link.txt").write_text("uno")
    task = run(sftp_list=server.options(dirs="/dl"), sftp_download={"to": f"{tmp_path}/got", "delete_origin": True})
    assert len(task.accepted) == 2
    assert files(tmp_path / "got") == {"one 1.txt": "another one", "link.txt": "uno"}
    assert files(server.root / "dl")["one 1.txt"] == "one"
    assert not (server.root / "dl" / "link.txt").is_symlink()


def test_what_was_fetched_is_deleted_there_when_asked_for(run: Run, server: SftpServer, tmp_path: Path) -> None:
    listed = server.options(dirs="/dl", files_only=False)
    run(test=True, sftp_list=listed, sftp_download={"to": f"{tmp_path}/got", "delete_origin": True})
    assert not (tmp_path / "got").exists()
    run(sftp_list=listed, sftp_download={"to": f"{tmp_path}/got", "delete_origin": True})
    assert [path.name for path in (server.root / "dl").iterdir()] == ["broken"]


def test_an_entry_that_cannot_be_had_fails_alone(run: Run, server: SftpServer, tmp_path: Path) -> None:
    key = server.options()["host_key"]
    good = f"sftp://me:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}"
    bad = f"sftp://me:wrong@127.0.0.1:{server.port}"
    task = run(
        mock=[
            {"title": "one", "url": f"{good}/dl/one%201.txt", "host_key": key},
            {"title": "none", "url": f"{good}/dl/none", "host_key": key},
            {"title": "wrong", "url": f"{bad}/dl/one%201.txt", "host_key": key},
            {"title": "web", "url": "http://localhost/a"},
        ],
        sftp_download={"to": f"{tmp_path}/got", "connection_tries": 1},
    )
    assert titles(task.accepted) == ["one", "web"]
    assert {entry["title"]: entry["reason"] for entry in task.failed} == {
        "none": "/dl/none cannot be fetched: No such file",
        "wrong": "it cannot be fetched: 127.0.0.1 does not let me in: the password or key is wrong",
    }


def test_a_target_does_not_climb(run: Run, server: SftpServer, tmp_path: Path) -> None:
    options = server.options(dirs="/dl")
    task = run(sftp_list=options, set={"where": "../.."}, sftp_download={"to": f"{tmp_path}/got/{{{{ where }}}}"})
    assert {entry["reason"].partition(":")[0] for entry in task.failed} == {"it was not saved"}
    (tmp_path / "f.txt").write_text("f")
    task = run(filesystem=f"{tmp_path}", set={"where": "../.."}, sftp_upload=server.options(to="/up/{{ where }}"))
    assert "has a `..` that is not in the configuration" in task.failed[0]["reason"]


@pytest.mark.parametrize("posix_rename", [True, False])
def test_files_are_uploaded_and_replace_others(run: Run, tmp_path: Path, posix_rename: bool) -> None:
    remote, local = tmp_path / "remote", tmp_path / "local"
    (remote / "up" / "u").mkdir(parents=True)
    (remote / "up" / "u" / "u.txt").write_text("an older, longer one")
    (local / "folder").mkdir(parents=True)
    (local / "u.txt").write_text("u")
    (local / "v.txt").write_text("v")
    server = SftpServer(remote, posix_rename=posix_rename)
    options = server.options(to="/up/{{ title }}", delete_origin=True)
    task = run(test=True, filesystem=str(local), sftp_upload=options)
    assert files(remote) == {"up/u/u.txt": "an older, longer one"}
    task = run(filesystem=str(local), sftp_upload=options)
    server.close()
    assert not task.failed
    assert files(remote) == {"up/u/u.txt": "u", "up/v/v.txt": "v"}
    assert [path.name for path in local.iterdir()] == ["folder"]


def test_without_a_local_file_nothing_is_uploaded(run: Run, server: SftpServer) -> None:
    task = run(mock=[{"title": "a"}, {"title": "b", "location": "/gone"}], sftp_upload=server.options())
    assert [entry["reason"] for entry in task.failed] == [
        "there is no local file to upload",
        f"there is no local file to upload ({Path('/gone')})",
    ]


def test_a_server_whose_key_is_not_known_is_told_its_key_and_gets_nothing(
    run: Run, server: SftpServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    options = server.options(dirs="/dl")
    del options["host_key"]
    task = run(sftp_list=options)
    assert task.result.aborted
    assert f"put it into the option `host_key` or into ~/.ssh/known_hosts: ssh-rsa {server.key.get_base64()}" in str(
        task.result.reason
    )
    (tmp_path / ".ssh").mkdir()
    known = f"[127.0.0.1]:{server.port} ssh-rsa {server.key.get_base64()}\n"
    (tmp_path / ".ssh" / "known_hosts").write_text(known)
    assert titles(run(sftp_list=options).accepted) == ["link.txt", "one 1.txt"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (paramiko.RSAKey.generate(1024).get_base64(), "has another key than the one that is known"),
        ("AAAA", "`host_key` holds no ssh-rsa key"),
        ("no base 64", "`host_key` holds no ssh-rsa key"),
    ],
)
def test_another_key_is_refused(run: Run, server: SftpServer, key: str, words: str) -> None:
    options = server.options(dirs="/dl", host_key={"key_type": "ssh-rsa", "public_key": key})
    task = run(sftp_list=options)
    assert task.result.aborted
    assert words in task.result.reason


def test_a_private_key_with_a_passphrase_logs_in(run: Run, tmp_path: Path) -> None:
    key = paramiko.RSAKey.generate(1024)
    key.write_private_key_file(str(tmp_path / "id"), password="open sesame")
    (tmp_path / "remote" / "dl").mkdir(parents=True)
    (tmp_path / "remote" / "dl" / "a").write_text("a")
    server = SftpServer(tmp_path / "remote", login_key=key.get_base64())
    options = server.options(dirs="/dl", private_key=str(tmp_path / "id"))
    del options["password"]
    locked = run(sftp_list=options)
    missing = run(sftp_list={**options, "private_key": str(tmp_path / "none")})
    task = run(
        sftp_list={**options, "private_key_pass": "open sesame"},
        sftp_download={"to": f"{tmp_path}/got", "connection_tries": 1},
    )
    server.close()
    assert locked.result.reason.startswith(f"the private key {tmp_path / 'id'} cannot be used (`private_key_pass`?): ")
    assert missing.result.reason.startswith(f"the private key {tmp_path / 'none'} cannot be read: ")
    assert files(tmp_path / "got") == {"a": "a"}
    assert "open sesame" not in str(task.accepted[0].dump())
    assert titles(task.accepted) == ["a"]


def test_no_password_is_logged(run: Run, server: SftpServer, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    run(sftp_list=server.options(dirs="/dl"), sftp_download={"to": f"{tmp_path}/got"})
    run(sftp_list=server.options(dirs="/dl", password="wr0ng/word"))
    assert PASSWORD not in caplog.text
    assert "wr0ng/word" not in caplog.text


def test_a_server_that_is_down_is_told(run: Run, server: SftpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from server.plugins import _sftp

    monkeypatch.setattr(_sftp, "WAIT", -5)
    server.close()
    options = server.options(dirs="/dl", connection_tries=2)
    task = run(sftp_list=options)
    assert task.result.reason.startswith(f"cannot connect to 127.0.0.1:{server.port}: ")


def test_without_the_package_it_is_told_how_to_get_it(
    run: Run, server: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "paramiko", None)
    task = run(sftp_list=server.options(dirs="/dl"))
    assert "pip install 'flexget-tray[sftp]'" in task.result.reason


def test_free_space_asks_another_host(run: Run, tmp_path: Path) -> None:
    key = paramiko.RSAKey.generate(1024)
    key.write_private_key_file(str(tmp_path / "id"))
    server = SftpServer(tmp_path, login_key=key.get_base64())
    home = tmp_path / ".ssh"
    home.mkdir()
    (home / "known_hosts").write_text(f"[127.0.0.1]:{server.port} ssh-rsa {server.key.get_base64()}\n")
    there = {"host": "127.0.0.1", "port": server.port, "user": "me", "ssh_key_filepath": str(tmp_path / "id")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path))
        enough = run(mock=[{"title": "a"}], free_space={**there, "path": "/x y", "space": 1})
        little = run(mock=[{"title": "a"}], free_space={**there, "path": "/x y", "space": 3})
    server.close()
    assert not enough.result.aborted
    assert little.result.reason == "only 2 MB are free in /x y, less than 3"


def test_a_server_without_sftp_is_told(run: Run, tmp_path: Path) -> None:
    server = SftpServer(tmp_path, subsystem="other")
    try:
        reason = run(sftp_list=server.options()).abort_reason
        sent = run(sftp_upload=server.options(), mock=[{"title": "a", "location": str(tmp_path / "config.yml")}])
    finally:
        server.close()
    assert reason.startswith("127.0.0.1 lets us in, but does not speak SFTP")
    assert "does not speak SFTP" in sent.failed[0]["reason"]


def test_a_connection_that_breaks_off_while_listing_is_told(
    run: Run, server: SftpServer, caplog: pytest.LogCaptureFixture
) -> None:
    (server.root / "hangup").mkdir()
    task = run(sftp_list=server.options(dirs=["/dl", "/hangup"]))
    assert len(task.accepted) == 2 and not task.aborted
    assert "The folder /hangup cannot be listed" in caplog.text
