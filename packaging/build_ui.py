"""Hatchling's build hook: puts the built web UI and the icons into the wheel."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))
import ui


class UiHook(BuildHookInterface):
    """Builds the UI where it is not fresh; Node is fetched from PyPI for the build where the machine has none."""

    def dependencies(self) -> list[str]:
        """What pip must install into the build environment."""
        return [] if ui.is_fresh() or ui.own_npm() else [f"{ui.NODE_PACKAGE}>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds; an editable installation finds UI and icons in the checkout and needs nothing more."""
        ui.build()
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"][str(ui.STATIC / "dist")] = "server/_static"
            build_data["force_include"][str(ui.ROOT / "icons" / "png")] = "flexget_tray/_icons/png"
