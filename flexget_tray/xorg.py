"""What pystray's X11 backend lacks: it hears no click, has no menu, and draws a stretched picture on black.

- Its window never asks for button events: the event mask is set again with them.
- A right click opens a Tk menu made from the launcher's.
- The picture keeps its proportions, and the window is cut to its outline (X11's SHAPE extension).
- It asks to be docked again at every change of its picture, and trays may lose an icon that asks twice: it asks once.
- python-xlib may hang when two threads use one connection, and the backend lets every thread do so: here all calls are
  handed to the loop's thread.
"""

import queue
import select
import socket
from collections.abc import Callable, Iterator
from typing import Any

from PIL import Image

from flexget_tray.launcher import Launcher
from flexget_tray.popup import show_menu

RIGHT = 3


class Xorg:
    """The patches for one ``icon`` of the X11 backend that does not run yet."""

    def __init__(self, icon: Any, launcher: Launcher) -> None:
        from Xlib import X

        self._icon = icon
        self._launcher = launcher
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._woken, self._waker = socket.socketpair()
        self._left_click = icon._message_handlers[X.ButtonPress]
        icon._window.change_attributes(event_mask=X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask)
        icon._display.flush()
        icon._message_handlers[X.ButtonPress] = self._pressed
        icon._assert_icon_data = self._fit
        icon._events = self._events
        self._ask_to_dock = icon._assert_docked
        icon._assert_docked = self._dock

    def call(self, function: Callable[[], None]) -> None:
        """Has the loop call ``function`` soon. May be called from any thread."""
        self._calls.put(function)
        self._waker.send(b"!")

    def has_host(self) -> bool:
        """Whether anybody owns the tray: with no owner the backend would run on unseen."""
        return self._icon._get_systray_manager() is not None

    def _events(self) -> Iterator[Any]:
        """The events of X, with the calls of other threads carried out in between."""
        display = self._icon._display
        while True:
            while display.pending_events():
                yield display.next_event()
            select.select([display, self._woken], [], [])
            if select.select([self._woken], [], [], 0)[0]:
                self._woken.recv(64)
            while not self._calls.empty():
                self._calls.get()()
            display.flush()

    def _dock(self) -> None:
        if self._icon._systray_manager is None:
            self._ask_to_dock()

    def _pressed(self, event: Any) -> None:
        if event.detail == RIGHT:
            show_menu(self._launcher, event.root_x, event.root_y)
        else:
            self._left_click(event)

    def _fit(self, width: int, height: int) -> None:
        """Makes the picture that the backend paints: in the middle of that many pixels, not stretched."""
        icon = self._icon
        if icon._icon_data is not None and icon._icon_data.size == (width, height):
            return
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        drawing = icon.icon.resize((side, side), Image.Resampling.LANCZOS)
        icon._icon_data = Image.new("RGB", (width, height))
        icon._icon_data.paste(drawing, (left, top))
        icon._icon_data.tostring = icon._icon_data.tobytes  # the name that python-xlib asks for
        if icon._display.has_extension("SHAPE"):
            _cut(icon._window, drawing.getchannel("A"), left, top)


def _cut(window: Any, alpha: Image.Image, left: int, top: int) -> None:
    """Cuts the window to what is opaque: a span a row, for the drawings have no holes."""
    from Xlib import X
    from Xlib.ext import shape

    opaque = alpha.point(lambda value: 255 if value >= 128 else 0)
    spans = []
    for y in range(alpha.height):
        box = opaque.crop((0, y, alpha.width, y + 1)).getbbox()
        if box is not None:
            spans.append({"x": box[0], "y": y, "width": box[2] - box[0], "height": 1})
    if spans:
        window.shape_rectangles(shape.SO.Set, shape.SK.Bounding, X.YXBanded, left, top, spans)
