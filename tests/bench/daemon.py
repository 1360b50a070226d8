"""Cold start and idle memory of the daemon, beside the reference when it is there.

    python -m tests.bench.daemon [--starts 7]

With ``FLEXGET_REFERENCE=/path/to/flexget`` both start in turn, and ratios are printed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.bench.common import Program, clean, free_port, heading, machine, median, ours, reference, row

CONFIG = """
web_server: {{bind: 127.0.0.1, port: {port}, web_ui: no}}
schedules: no
tasks:
  example: {{mock: [{{title: one}}], accept_all: yes}}
"""


def prepare(program: Program, folder: Path) -> tuple[Path, int]:
    """A config whose database exists, and its port."""
    port = free_port()
    path = clean(folder) / "config.yml"
    path.write_text(CONFIG.format(port=port), encoding="utf-8")
    program.run(path, "web", "passwd", "a-Quite-good-passw0rd")
    program.run(path, "execute")
    return path, port


def start(program: Program, config: Path, port: int) -> tuple[float, float]:
    """Seconds from the start to the first answer, and MiB two seconds later."""
    with program.daemon(config, port) as daemon:
        time.sleep(2)
        return daemon.ready, daemon.memory()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=7)
    args = parser.parse_args()
    programs = [ours(), *filter(None, [reference()])]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        places = [(program, *prepare(program, Path(folder) / program.name)) for program in programs]
        taken = [[start(*place) for place in places] for _ in range(args.starts)]
    print(f"{machine()}\n\n{heading(programs)}")
    for place, name in enumerate(("start to first answer, s", "idle memory, MiB")):
        print(row(name, [median([once[side][place] for once in taken]) for side in range(len(programs))]))


if __name__ == "__main__":
    main()
