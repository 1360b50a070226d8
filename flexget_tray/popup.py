"""The launcher's menu as a Tk popup, for the one pystray backend that has no menu (see ``xorg.py``)."""

import importlib.util
import threading

from flexget_tray.launcher import Launcher

_showing = threading.Lock()


def show_menu(launcher: Launcher, x: int, y: int) -> None:
    """Shows the menu at a place on the screen, unless it is there already; without tkinter, opens the web page instead.

    Returns at once: Tk lives and dies in a thread of its own.
    """
    if importlib.util.find_spec("tkinter") is None:
        launcher.open()
    elif _showing.acquire(blocking=False):
        threading.Thread(target=_show, args=(launcher, x, y), name="menu", daemon=True).start()


def _show(launcher: Launcher, x: int, y: int) -> None:
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
        menu.focus_force()  # no window manager gives the keyboard to a menu without a window
        root.mainloop()
        root.destroy()
    finally:
        _showing.release()
