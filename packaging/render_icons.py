"""Renders the PNG sizes and the ``.ico`` from the SVG drawings in ``icons/``.

Needs ``rsvg-convert`` (librsvg) and Pillow; its output is committed, so only somebody who changes a drawing runs it::

    python packaging/render_icons.py
"""

import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

from PIL import Image

ICONS = Path(__file__).resolve().parent.parent / "icons"
STATES = ("running", "stopped", "paused", "error")
SIZES = (16, 24, 32, 48, 64, 128, 256)
ICO_SIZES = (16, 24, 32, 48, 256)
SMALL = 24  # up to this many pixels the fine waves would only be noise


def drawing(state: str, size: int) -> str:
    """The SVG text of a state as it is drawn at ``size`` pixels."""
    svg = (ICONS / f"{state}.svg").read_text(encoding="utf-8")
    return re.sub(r'\s*<path id="waves"[^>]*/>', "", svg) if size <= SMALL else svg


def render(state: str, size: int) -> Image.Image:
    """The drawing of a state as an RGBA picture of that size; raises CalledProcessError if librsvg fails."""
    command = ["rsvg-convert", "--width", str(size), "--height", str(size)]
    png = subprocess.run(command, input=drawing(state, size).encode(), stdout=subprocess.PIPE, check=True).stdout
    return Image.open(io.BytesIO(png)).convert("RGBA")


def main() -> int:
    """Writes ``icons/png/<state>-<size>.png`` and ``icons/flexget-tray.ico``."""
    if shutil.which("rsvg-convert") is None:
        print("rsvg-convert is missing: install librsvg (Debian: apt install librsvg2-bin)", file=sys.stderr)
        return 1
    target = ICONS / "png"
    target.mkdir(exist_ok=True)
    for state in STATES:
        for size in SIZES:
            render(state, size).save(target / f"{state}-{size}.png", optimize=True)
    first, *others = (render("running", size) for size in sorted(ICO_SIZES, reverse=True))
    first.save(ICONS / "flexget-tray.ico", append_images=others, sizes=[(size, size) for size in ICO_SIZES])
    return 0


if __name__ == "__main__":
    sys.exit(main())
