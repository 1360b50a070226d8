"""An SFTP server on loopback that serves a folder, by the package ``paramiko`` itself."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import paramiko
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface

USER, PASSWORD = "me", "s3cret/@word"


class SftpServer:
    """Runs until ``close``; ``port``, ``key`` (its host key) and ``root`` (the folder) tell about it."""

    def __init__(self, root: Path, *, login_key: str = "", posix_rename: bool = True, subsystem: str = "sftp") -> None:
        self.root = root
        self.key = paramiko.RSAKey.generate(1024)
        self._login_key, self._subsystem = login_key, subsystem
        self._files = type(
            "Files", (_Files,), {"root": root, "with_posix_rename": posix_rename, "hang_up": self._hang_up}
        )
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def options(self, **more: Any) -> dict[str, Any]:
        """Options of a plugin that lead here."""
        host_key = {"key_type": self.key.get_name(), "public_key": self.key.get_base64()}
        here = {"host": "127.0.0.1", "port": self.port, "username": USER, "password": PASSWORD, "host_key": host_key}
        return {**here, "connection_tries": 1, **more}

    def close(self) -> None:
        """Hang up on everybody."""
        with suppress(OSError):  # it was closed before
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        self._hang_up()
        for transport in self._transports:
            transport.join()

    def _hang_up(self) -> None:
        for transport in self._transports:
            transport.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler(self._subsystem, SFTPServer, self._files)
            self._transports.append(transport)
            transport.start_server(event=threading.Event(), server=_Login(self._login_key))


class _Login(paramiko.ServerInterface):
    def __init__(self, key: str) -> None:
        self._key = key

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == (USER, PASSWORD)
        return paramiko.common.AUTH_SUCCESSFUL if right else paramiko.common.AUTH_FAILED

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        right = key.get_base64() == self._key
        return paramiko.common.AUTH_SUCCESSFUL if right else paramiko.common.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.common.OPEN_SUCCEEDED

    def check_channel_exec_request(self, channel: Any, command: bytes) -> bool:
        """Answers ``df`` alone."""
        channel.sendall(b"Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 9 9 2048 1% /\n")
        channel.send_exit_status(0)
        channel.shutdown_write()
        return True


class _Files(SFTPServerInterface):
    root: Path
    with_posix_rename: bool
    hang_up: Callable[[], None]

    def _path(self, path: str) -> str:
        return f"{self.root}{self.canonicalize(path)}"

    def _try(self, act: Any, *args: Any) -> Any:
        try:
            return act(*args)
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    def _do(self, act: Any, *args: Any) -> int:
        answer = self._try(act, *args)
        return answer if isinstance(answer, int) else paramiko.sftp.SFTP_OK

    def list_folder(self, path: str) -> Any:
        """What is in a folder; one named ``hangup`` ends the connection."""
        if path.endswith("/hangup"):
            self.hang_up()

        def listed() -> list[SFTPAttributes]:
            found = sorted(Path(self._path(path)).iterdir(), reverse=True)
            return [SFTPAttributes.from_stat(item.lstat(), item.name) for item in found]

        return self._try(listed)

    def stat(self, path: str) -> Any:
        return self._try(lambda: SFTPAttributes.from_stat(Path(self._path(path)).stat()))

    def lstat(self, path: str) -> Any:
        return self._try(lambda: SFTPAttributes.from_stat(Path(self._path(path)).lstat()))

    def open(self, path: str, flags: int, attr: Any) -> Any:
        def opened() -> SFTPHandle:
            file = os.fdopen(os.open(self._path(path), flags, 0o644), "r+b" if flags & os.O_WRONLY else "rb")
            handle = SFTPHandle(flags)
            handle.readfile = handle.writefile = file  # type: ignore[attr-defined]
            handle.stat = lambda: SFTPAttributes.from_stat(os.fstat(file.fileno()))  # type: ignore[method-assign]
            return handle

        return self._try(opened)

    def remove(self, path: str) -> int:
        return self._do(os.remove, self._path(path))

    def rename(self, oldpath: str, newpath: str) -> int:
        if Path(self._path(newpath)).exists():  # as the protocol's version 3 wants it
            return paramiko.sftp.SFTP_FAILURE
        return self._do(os.rename, self._path(oldpath), self._path(newpath))

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        if not self.with_posix_rename:
            return paramiko.sftp.SFTP_OP_UNSUPPORTED
        return self._do(os.replace, self._path(oldpath), self._path(newpath))

    def mkdir(self, path: str, attr: Any) -> int:
        return self._do(os.mkdir, self._path(path))

    def rmdir(self, path: str) -> int:
        return self._do(os.rmdir, self._path(path))
