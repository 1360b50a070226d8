"""A PostgreSQL server of the test's own, in its own folder, on a socket nobody else sees."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``, where PostgreSQL is installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """The URL of a fresh, empty database; the server ends with the block.

    ``folder``: one that every user can reach (those of ``tmp_path`` are closed to others by each pytest that starts).
    """
    folder_of_programs = programs()
    if folder_of_programs is None:
        raise FileNotFoundError("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    data, socket = folder / "data", folder / "socket"
    for path in (folder, data, socket):
        path.mkdir(exist_ok=True)
    as_owner: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        owner = pwd.getpwnam("postgres")
        for path in (folder, data, socket):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}

    def call(program: str, *args: str) -> None:
        command = [str(folder_of_programs / program), *args]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **as_owner)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    call("initdb", "-D", str(data), "-U", "tester", "-A", "trust", "--no-sync")
    options = f"-k {socket} -c listen_addresses='' -c fsync=off"
    call("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://tester@/postgres?host={socket}"
    finally:
        call("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
