"""``flexget-tray``: shows the daemon in the tray, or runs it in the foreground where there is none."""

import argparse
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flexget_tray import foreground, signals
from flexget_tray.configs import find_config
from flexget_tray.daemon import Daemon
from flexget_tray.launcher import Launcher
from flexget_tray.tray import NoTrayError, Tray


def parser() -> argparse.ArgumentParser:
    """The launcher's options."""
    options = argparse.ArgumentParser(prog="flexget-tray", description="Shows the FlexGet daemon in the tray.")
    options.add_argument("-c", "--config", type=Path, metavar="PATH", help="config file (default: as flexget finds it)")
    options.add_argument(
        "--start",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="start the daemon when the launcher starts",
    )
    options.add_argument("--tray", action=argparse.BooleanOptionalAction, default=True, help="show an icon in the tray")
    options.add_argument("-v", "--verbose", action="store_true", help="tell more on the terminal")
    options.add_argument("-V", "--version", action="version", version=_version())
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the launcher until it is told to quit. Returns the exit status: 0 done, 1 the daemon or config failed."""
    options = parser().parse_args(argv)
    logging.basicConfig(level=logging.DEBUG if options.verbose else logging.WARNING, format="%(message)s")
    logging.getLogger("PIL").setLevel(logging.INFO)
    try:
        config = (options.config or find_config()).expanduser().absolute()
    except OSError as error:
        print(f"No config found, and none can be written: {error}", file=sys.stderr)
        return 1
    launcher = Launcher(Daemon(config))
    signals.on_stop_signal(launcher.quit)
    try:
        return _run(launcher, tray=options.tray, start=options.start)
    finally:
        launcher.end()


def _run(launcher: Launcher, *, tray: bool, start: bool) -> int:
    if not tray:
        return foreground.run(launcher, "--no-tray was given", start=start)
    try:
        icon = Tray(launcher)
    except NoTrayError as error:
        return foreground.run(launcher, str(error), start=start)
    icon.run(start=start)
    return 0


def _version() -> str:
    try:
        return version("flexget-tray")
    except PackageNotFoundError:
        return "unknown"


if __name__ == "__main__":
    sys.exit(main())
