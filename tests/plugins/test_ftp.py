"""The FTP plugins, with a real server on loopback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyftpdlib.filesystems import AbstractedFS

from server.plugins._ftp import Item, _read_line
from tests.ftp_server import PASSWORD, FtpServer
from tests.plugins.remote import Run, files
from tests.support import titles


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder that is served."""
    root = tmp_path / "remote"
    (root / "dl" / "sub" / "deep").mkdir(parents=True)
    (root / "dl" / "empty").mkdir()
    (root / "dl" / "one 1.txt").write_text("one")
    (root / "dl" / "100%#?.txt").write_text("odd")
    (root / "dl" / "sub" / "two.txt").write_text("two!")
    (root / "dl" / "sub" / "deep" / "three.txt").write_text("three")
    (root / "dl" / "link.txt").symlink_to("one 1.txt")
    return root


@pytest.fixture
def server(root: Path) -> Iterator[FtpServer]:
    found = FtpServer(root)
    yield found
    found.close()


def test_files_are_listed_with_addresses_and_places(run: Run, server: FtpServer) -> None:
    task = run(ftp_list=server.options(dirs=["/dl", "/nothing", "/dl/sub"]))
    base = f"ftp://me:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}"
    assert [(entry["title"], entry["url"], entry["content_size"]) for entry in task.accepted] == [
        ("100%#?.txt", f"{base}/dl/100%25%23%3F.txt", 3),
        ("link.txt", f"{base}/dl/link.txt", 3),
        ("one 1.txt", f"{base}/dl/one 1.txt", 3),
        ("two.txt", f"{base}/dl/sub/two.txt", 4),
    ]
    assert (task.accepted[2]["filename"], task.accepted[2]["location"]) == ("one 1.txt", "/dl/one 1.txt")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"recursion": True, "retrieve": ["files"]}, ["100%#?.txt", "link.txt", "one 1.txt", "two.txt", "three.txt"]),
        ({"recursion": True, "recursion_depth": 1}, ["100%#?.txt", "link.txt", "one 1.txt", "two.txt"]),
        ({"recursion_depth": 1}, ["100%#?.txt", "link.txt", "one 1.txt"]),
        ({"retrieve": "dirs", "recursion": True}, ["empty", "sub", "deep"]),
        ({"retrieve": ["symlinks"]}, ["link.txt"]),
        ({"retrieve": ["dirs", "files"]}, ["100%#?.txt", "link.txt", "one 1.txt", "empty", "sub"]),
    ],
)
def test_options_choose_what_is_listed(
    run: Run, server: FtpServer, options: dict[str, Any], expected: list[str]
) -> None:
    assert titles(run(ftp_list=server.options(dirs="/dl", **options)).accepted) == expected


def test_what_was_listed_is_fetched_with_its_folders(run: Run, server: FtpServer, tmp_path: Path) -> None:
    options = server.options(dirs="/dl", retrieve=["files", "dirs"])
    task = run(ftp_list=options, ftp_download={"ftp_tmp_path": f"{tmp_path}/got"})
    assert files(tmp_path / "got") == {
        "100%#?.txt": "odd",
        "link.txt": "one",
        "one 1.txt": "one",
        "sub/deep/three.txt": "three",
        "sub/two.txt": "two!",
    }
    assert not (tmp_path / "got" / "empty").exists()
    assert task.accepted[-1]["location"] == str(tmp_path / "got" / "sub")


def test_folders_with_nothing_in_them_are_made_when_asked_for(run: Run, server: FtpServer, tmp_path: Path) -> None:
    run(ftp_list=server.options(dirs="/", retrieve=["dirs"]), ftp_download={"download_empty_dirs": True})
    assert (tmp_path / "temp" / "dl" / "empty").is_dir()


def test_what_was_fetched_is_deleted_there_and_can_be_moved(run: Run, server: FtpServer, tmp_path: Path) -> None:
    options = server.options(dirs="/dl", retrieve=["files", "dirs"])
    download = {"ftp_tmp_path": f"{tmp_path}/got", "delete_origin": True}
    run(test=True, ftp_list=options, ftp_download=download)
    assert not (tmp_path / "got").exists()
    run(ftp_list=options, ftp_download=download, move={"to": f"{tmp_path}/moved", "unpack_safety": False})
    assert list((tmp_path / "remote" / "dl").iterdir()) == []
    assert sorted(files(tmp_path / "moved")) == ["100%#?.txt", "link.txt", "one 1.txt"]


def test_a_file_that_is_here_is_kept_unless_it_is_only_a_part(run: Run, server: FtpServer, tmp_path: Path) -> None:
    (tmp_path / "got").mkdir()
    (tmp_path / "got" / "one 1.txt").write_text("another one")
    (tmp_path / "got" / "link.txt").write_text("o")
    run(
        ftp_list=server.options(dirs="/dl"),
        ftp_download={"ftp_tmp_path": f"{tmp_path}/got", "delete_origin": True},
    )
    assert files(tmp_path / "got") == {"100%#?.txt": "odd", "link.txt": "one", "one 1.txt": "another one"}
    assert files(tmp_path / "remote" / "dl") == {
        "one 1.txt": "one",
        "sub/deep/three.txt": "three",
        "sub/two.txt": "two!",
    }


def test_an_entry_that_cannot_be_had_fails_alone(run: Run, server: FtpServer, tmp_path: Path) -> None:
    good = f"ftp://me:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}"
    task = run(
        mock=[
            {"title": "one", "url": f"{good}/dl/one 1.txt"},
            {"title": "none", "url": f"{good}/dl/none"},
            {"title": "feed", "url": f"{good}/dl/a%0d%0aDELE%20one"},
            {"title": "wrong", "url": f"ftp://me:wrong@127.0.0.1:{server.port}/dl/one 1.txt"},
            {"title": "web", "url": "http://localhost/a"},
        ],
        ftp_download={"ftp_tmp_path": f"{tmp_path}/got"},
    )
    assert titles(task.accepted) == ["one", "web"]
    reasons = {entry["title"]: entry["reason"] for entry in task.failed}
    assert sorted(reasons) == ["feed", "none", "wrong"]
    assert reasons["none"].startswith("/dl/none cannot be fetched: 550")
    assert (
        reasons["wrong"]
        == f"it cannot be fetched: cannot connect to 127.0.0.1:{server.port}: 530 Authentication failed."
    )
    assert not list((tmp_path / "got").rglob("*.part"))


def test_names_of_the_server_do_not_lead_elsewhere(run: Run, root: Path, tmp_path: Path) -> None:
    evil = b"-rw-r--r-- 1 a b 3 Jan 01 00:00 ../evil.txt\r\n-rw-r--r-- 1 a b 3 Jan 01 00:00 one 1.txt\r\n"

    def ftp_LIST(self: Any, path: str) -> str:
        self.push_dtp_data(evil, isproducer=False, cmd="LIST")
        return path

    server = FtpServer(root, ftp_LIST=ftp_LIST)
    task = run(
        mock=[{"title": "dl", "url": f"ftp://me:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}/dl"}],
        ftp_download={"ftp_tmp_path": f"{tmp_path}/got"},
    )
    server.close()
    assert titles(task.failed) == ["dl"] or files(tmp_path / "got") == {"dl/one 1.txt": "one"}
    assert not list(tmp_path.rglob("evil.txt"))


def test_a_listing_of_another_kind_is_asked_for_in_the_standard_way(run: Run, root: Path) -> None:
    def ftp_LIST(self: Any, path: str) -> str:
        self.push_dtp_data(b"what a strange server this is\r\n", isproducer=False, cmd="LIST")
        return path

    server = FtpServer(root, ftp_LIST=ftp_LIST)
    task = run(ftp_list=server.options(dirs="/dl", retrieve=["files", "dirs"]))
    server.close()
    assert titles(task.accepted) == ["100%#?.txt", "link.txt", "one 1.txt", "empty", "sub"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("drwxr-xr-x   2 root     root         4096 Nov 28 19:25 a b", Item("/d/a b", True, 4096)),
        ("-rw-r--r--+ 1 me users 12 Jan  3  2020 x -> y", Item("/d/x -> y", False, 12)),
        ("lrwxrwxrwx 1 me 12 Jan  3  2020 x -> y", Item("/d/x", False, 12, True)),
        ("-rw-r--r-- 1 me the group 12 2020-01-03 10:00 x", Item("/d/x", False, 12)),
        ("01-16-24  11:14PM       <DIR>          My folder", Item("/d/My folder", True, 0)),
        ("01-16-2024  23:14             12345 a.txt", Item("/d/a.txt", False, 12345)),
        ("total 12", None),
    ],
)
def test_the_ways_in_which_servers_list_are_understood(line: str, expected: Item | None) -> None:
    assert _read_line("/d", line) == expected


def test_names_in_another_character_set(run: Run, root: Path, tmp_path: Path) -> None:
    (root / "dl" / "sub" / "Bär.txt").write_text("grr")
    server = FtpServer(root, encoding="latin-1")
    plain = run(ftp_list=server.options(dirs="/dl/sub"))
    task = run(
        ftp_list=server.options(dirs="/dl/sub", encoding="latin-1"),
        ftp_download={"ftp_tmp_path": f"{tmp_path}/got"},
    )
    server.close()
    assert titles(plain.accepted) == []
    assert files(tmp_path / "got") == {"Bär.txt": "grr", "two.txt": "two!"}
    assert titles(task.accepted) == ["Bär.txt", "two.txt"]


def test_a_wrong_password_ends_the_task_and_is_not_logged(
    run: Run, server: FtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    task = run(ftp_list=server.options(dirs="/dl", password="wr0ng/word"))
    assert task.result.reason == f"cannot connect to 127.0.0.1:{server.port}: 530 Authentication failed."
    run(ftp_list=server.options(dirs="/dl"))
    assert "wr0ng/word" not in caplog.text
    assert PASSWORD not in caplog.text


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for ``localhost`` that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    raw = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    path = tmp_path / "server.pem"
    path.write_bytes(raw)
    return path


def test_over_tls_the_certificate_must_be_trusted_unless_the_task_says_otherwise(
    run: Run, root: Path, tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = FtpServer(root, certificate=certificate)
    options = server.options(host="localhost", dirs="/dl/sub", ssl=True)
    download = {"use-ssl": True, "ftp_tmp_path": f"{tmp_path}/got"}
    refused = run(ftp_list=options, ftp_download=download)
    let_in = run(ftp_list=options, ftp_download=download, verify_ssl_certificates=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trusted = run(ftp_list=options)
    server.close()
    assert refused.result.reason.startswith("the certificate of localhost cannot be trusted (self-signed certificate)")
    assert titles(let_in.accepted) == titles(trusted.accepted) == ["two.txt"]
    assert files(tmp_path / "got") == {"two.txt": "two!"}


def test_a_server_without_tls_is_told(run: Run, server: FtpServer) -> None:
    task = run(ftp_list=server.options(dirs="/dl", ssl=True))
    assert task.result.reason.startswith(f"cannot connect to 127.0.0.1:{server.port}: 5")


class WithDots(AbstractedFS):
    """Lists ``.`` and ``..`` as well, as some servers do."""

    def format_list(self, *args: Any, **options: Any) -> Iterator[bytes]:
        """The lines of a listing."""
        for name in (b".", b".."):
            yield b"drwxr-xr-x   2 me       us           4096 Jan 02  2020 " + name + b"\r\n"
        yield from super().format_list(*args, **options)


def test_the_names_of_a_folder_itself_and_the_one_above_are_no_items(run: Run, root: Path, tmp_path: Path) -> None:
    server = FtpServer(root, abstracted_fs=WithDots)
    try:
        task = run(ftp_list=server.options(dirs=["/dl"], recursion=True, retrieve=["files", "dirs"]))
        run(ftp_list=server.options(dirs=["/dl"], retrieve="dirs"), ftp_download={"ftp_tmp_path": str(tmp_path / "in")})
    finally:
        server.close()
    found = ["100%#?.txt", "link.txt", "one 1.txt", "empty", "sub", "two.txt", "deep", "three.txt"]
    assert titles(task.accepted) == found
    assert files(tmp_path / "in") == {"sub/two.txt": "two!", "sub/deep/three.txt": "three"}


def test_an_unknown_character_set_is_told(run: Run, server: FtpServer) -> None:
    reason = run(ftp_list=server.options(dirs=["/dl"], encoding="klingon")).abort_reason
    assert reason == "'klingon' is no character set: see `encoding`"
