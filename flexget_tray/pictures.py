"""The drawings of ``icons/``, from the checkout, the installed package or the frozen program."""

import sys
from pathlib import Path

from PIL import Image


def folder() -> Path:
    """Where the rendered icons are. Raises FileNotFoundError naming the places, when the installation is incomplete."""
    here = Path(__file__).resolve().parent
    places = [here / "_icons", here.parent / "icons"]
    if frozen := getattr(sys, "_MEIPASS", None):
        places.insert(0, Path(frozen) / "icons")
    for place in places:
        if (place / "png").is_dir():
            return place
    raise FileNotFoundError(f"no icons in {', '.join(map(str, places))}")


def picture(name: str, size: int = 64) -> Image.Image:
    """The drawing ``name`` (see ``State.icon``) as an RGBA picture of ``size`` pixels; the sizes are powers of two."""
    with Image.open(folder() / "png" / f"{name}-{size}.png") as image:
        return image.convert("RGBA")
