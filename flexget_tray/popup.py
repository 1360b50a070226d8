"""A menu for pystray's X11 backend, which has none and hears no click at all.

- Its window never asks for button events: the event mask is set again with them.
- A right click opens a Tk menu made from the launcher's; without tkinter it opens the web page, as a left click does.
"""

import importlib.util
import threading
from typing import Any

from flexget_tray.launcher import Launcher

RIGHT = 3


def enable(icon: Any, launcher: Launcher) -> None:
    """Makes clicks on ``icon`` (a pystray icon of the X11 backend, not yet running) arrive."""
    from Xlib import X

    icon._window.change_attributes(event_mask=X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask)
    icon._display.flush()
    left_click = icon._message_handlers[X.ButtonPress]
    showing = threading.Lock()

    def pressed(event: Any) -> None:
        if event.detail != RIGHT:
            left_click(event)
        elif importlib.util.find_spec("tkinter") is None:
            launcher.open()
        elif showing.acquire(blocking=False):
            show = threading.Thread(target=_show, args=(launcher, event.root_x, event.root_y, showing), name="menu")
            show.daemon = True
            show.start()

    icon._message_handlers[X.ButtonPress] = pressed


def _show(launcher: Launcher, x: int, y: int, showing: threading.Lock) -> None:
    """Shows the menu at the pointer and returns when it has gone; Tk lives and dies in this thread."""
    import tkinter

    try:
        root = tkinter.Tk(className="flexget-tray-menu")
        root.withdraw()
        menu = tkinter.Menu(root, tearoff=False, activeborderwidth=4)
        for item in launcher.menu():
            if not item.label:
                menu.add_separator()
                continue
            menu.add_command(
                label=item.label.splitlines()[0],
                command=item.act or (lambda: None),
                state="normal" if item.enabled and item.act else "disabled",
            )
        menu.bind("<Unmap>", lambda event: root.after(50, root.quit))  # the chosen command is called after the unmap
        menu.tk_popup(x, y)
        root.mainloop()
        root.destroy()
    finally:
        showing.release()
