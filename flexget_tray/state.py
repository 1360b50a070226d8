"""What the launcher knows about the daemon at one moment."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """The daemon as people see it; the value is the word in the menu."""

    STOPPED = "stopped"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    ERROR = "error"

    @property
    def icon(self) -> str:
        """The name of the drawing in ``icons/`` that stands for this state."""
        return self.value if self in (State.RUNNING, State.ERROR) else "stopped"


@dataclass(frozen=True)
class Status:
    """One observation of the daemon: its state, where it serves (None without web server) and a sentence on trouble."""

    state: State
    url: str | None = None
    pid: int | None = None
    version: str | None = None
    detail: str = ""

    @property
    def line(self) -> str:
        """The status as one line for the menu and the icon's tooltip."""
        where = f" at {self.url}" if self.url and self.state is State.RUNNING else ""
        return f"FlexGet is {self.state.value}{where}" if self.state is not State.ERROR else f"FlexGet: {self.detail}"
