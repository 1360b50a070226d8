"""A desktop of one's own: a virtual display, a window manager and a tray."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from Xlib import X
from Xlib.display import Display

from tests.processes import WAIT, wait_for

ICON = "flexget-tray"
MENU = '"!menu"'
ROWS = (
    ("Open",),
    (),
    ("the status",),
    ("Start daemon", "Stop daemon"),
    ("Restart",),
    (),
    ("Open config folder",),
    ("Open log",),
    (),
    ("Quit",),
)
SEPARATOR = 0.6  # as high as so many lines


@contextmanager
def running(command: list[str], env: dict[str, str] | None = None, **options: object) -> Iterator[None]:
    """A helper process for as long as the block lasts."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=env, **quiet, **options)  # type: ignore[call-overload]
    try:
        yield
    finally:
        process.terminate()
        process.wait(WAIT)


@dataclass
class Desktop:
    """The display, as a person in front of it: sees windows, moves the mouse, presses keys."""

    env: dict[str, str]
    folder: Path

    def xdo(self, *words: str) -> str:
        """Runs xdotool."""
        return subprocess.run(["xdotool", *words], env=self.env, capture_output=True, text=True, timeout=10).stdout

    def windows(self) -> str:
        """All windows, as xwininfo lists them."""
        tree = ["xwininfo", "-root", "-tree"]
        return subprocess.run(tree, env=self.env, capture_output=True, text=True, timeout=10).stdout

    def root(self, name: str) -> str:
        """A property of the root window."""
        words = ["xprop", "-root", name]
        return subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=10).stdout

    def has_tray(self) -> bool:
        """Whether somebody owns the tray."""
        display = Display(self.env["DISPLAY"])
        try:
            return display.get_selection_owner(display.intern_atom("_NET_SYSTEM_TRAY_S0")) != X.NONE
        finally:
            display.close()

    def icon(self) -> str:
        """The docked icon's window."""
        return wait_for(lambda: self.xdo("search", "--class", f"^{ICON}$").split()[:1] or None, "the icon")[0]

    def icon_name(self) -> str:
        """The tooltip of the icon."""
        return self.xdo("getwindowname", self.icon()).strip()

    def click_icon(self, button: int) -> None:
        """Clicks into the middle of the icon."""

        def place() -> tuple[int, int] | None:
            text = self.xdo("getwindowgeometry", "--shell", self.icon())
            values = {key: int(value) for key, value in re.findall(r"(\w+)=(-?\d+)", text)}
            big = values.get("WIDTH", 0) >= 16 and values.get("HEIGHT", 0) >= 16
            return (values["X"] + values["WIDTH"] // 2, values["Y"] + values["HEIGHT"] // 2) if big else None

        x, y = wait_for(place, f"the place of the icon\n{self.windows()}")
        self.xdo("mousemove", str(x), str(y), "click", str(button))

    def choose(self, label: str) -> None:
        """Opens the icon's menu with a right click and clicks a line of it."""
        wait_for(lambda: MENU not in self.windows(), "the end of the last menu")
        self.click_icon(3)
        wait_for(lambda: MENU in self.windows(), "the menu")
        width, height, x, y = map(int, re.findall(rf"{MENU}.*?(\d+)x(\d+)\+.*\+(\d+)\+(\d+)$", self.windows(), re.M)[0])
        row = next(number for number, labels in enumerate(ROWS) if label in labels)
        unit = height / sum(1 if labels else SEPARATOR for labels in ROWS)
        middle = sum(1 if labels else SEPARATOR for labels in ROWS[:row]) + 0.5
        self.xdo("mousemove", str(x + width // 2), str(round(y + middle * unit)), "click", "1")

    def picture(self, name: str) -> None:
        """Keeps a screenshot, for whoever looks into a failure."""
        subprocess.run(["import", "-window", "root", str(self.folder / name)], env=self.env, check=False)


@contextmanager
def desktop(folder: Path, *, tray: bool = True) -> Iterator[Desktop]:
    """A fresh display, with or without a tray on it."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    reader, writer = os.pipe()
    with ExitStack() as stack:
        screen = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"]
        stack.enter_context(running(screen, pass_fds=[writer]))
        os.close(writer)
        with os.fdopen(reader) as told:
            display = f":{told.readline().strip()}"
        env = {**os.environ, "DISPLAY": display, "PYSTRAY_BACKEND": "xorg", "XDG_RUNTIME_DIR": str(runtime)}
        env.pop("WAYLAND_DISPLAY", None)
        seen = Desktop(env, folder)
        if tray:
            stack.enter_context(running(["openbox"], env))
            wait_for(lambda: "window id" in seen.root("_NET_SUPPORTING_WM_CHECK"), "the window manager")
            place = "--edge top --align right --widthtype pixel --width 200 --heighttype pixel --height 40"
            stack.enter_context(running(["trayer", *place.split(), "--SetDockType", "true"], env))
            wait_for(seen.has_tray, "the tray")
        yield seen
