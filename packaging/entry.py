"""Where the frozen executable begins: one program that is the launcher and, told so, the ``flexget`` command.

``flexget-tray`` and its options run the launcher. ``flexget-tray flexget ...`` runs the command line, and so does
anything with a word that is no option of the launcher's: ``flexget-tray -c config.yml daemon start``.
"""

import multiprocessing
import sys
from itertools import pairwise

from flexget_tray.__main__ import main as launcher

VALUED = ("-c", "--config")


def command_line(arguments: list[str]) -> list[str] | None:
    """The arguments for ``flexget``; None when the launcher is meant."""
    if arguments[:1] == ["flexget"]:
        return arguments[1:]
    words = [word for before, word in pairwise(["", *arguments]) if before not in VALUED and not word.startswith("-")]
    return arguments if words else None


def main() -> int:
    """Runs the one or the other; its exit status."""
    multiprocessing.freeze_support()
    arguments = command_line(sys.argv[1:])
    if arguments is None:
        return launcher()
    from server.cli.main import main as flexget

    return flexget(arguments)


if __name__ == "__main__":
    sys.exit(main())
