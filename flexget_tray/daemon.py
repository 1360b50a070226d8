"""Starts, stops and observes the daemon, without any desktop: the part of the launcher that needs no tray.

::

    daemon = Daemon(Path("config.yml"))
    daemon.start()              # returns when it serves; DaemonError tells why it does not
    daemon.status().url         # 'http://127.0.0.1:5050'
    daemon.stop()
"""

import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from flexget_tray.health import health
from flexget_tray.lockfile import Lock, read_lock
from flexget_tray.state import State, Status

START_SECONDS = 60.0
STOP_SECONDS = 15.0  # a running task is given up after eight
POLL_SECONDS = 0.1
LISTEN_SECONDS = 2.0
KEPT_LINES = 200
SIGN_IN = re.compile(r"https?://\S+/signin/?\?code=[^\s\x1b]+")


class DaemonError(Exception):
    """The daemon did not do as it was told; the message is for people and ends with its last words."""


def flexget_command() -> list[str]:
    """How the ``flexget`` command line is called from here: by this executable when frozen, else by this Python."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "flexget"]
    return [sys.executable, "-m", "server.cli.main"]


class Daemon:
    """The daemon of one config. Commands block and may be called from any thread; one runs at a time."""

    def __init__(self, config: Path, command: Sequence[str] | None = None) -> None:
        self.config = config
        self._command = [*(command or flexget_command()), "-c", str(config)]
        self._child: subprocess.Popen[str] | None = None
        self._output: deque[str] = deque(maxlen=KEPT_LINES)
        self._listener: threading.Thread | None = None
        self._busy = threading.RLock()
        self._changing: State | None = None
        self._failure = ""
        self._sign_in: str | None = None

    @property
    def log(self) -> Path:
        """The daemon's log file."""
        return self.config.with_name("flexget.log")

    @property
    def owned(self) -> bool:
        """Whether the running daemon was started here (and is to be stopped when the launcher ends)."""
        return self._child is not None and self._child.poll() is None

    def status(self) -> Status:
        """What can be seen right now. Takes at most a few seconds, when a daemon lives but does not answer."""
        lock = self._lock()
        if self._changing is not None:
            return Status(self._changing)
        if lock is None:
            return self._gone()
        if not lock.ready:
            return Status(State.STARTING, None, lock.pid)
        if lock.url is None:
            return Status(State.RUNNING, None, lock.pid, lock.version)
        if health(lock.url) is None:
            return Status(State.ERROR, lock.url, lock.pid, lock.version, f"process {lock.pid} does not answer")
        return Status(State.RUNNING, lock.url, lock.pid, lock.version)

    def start(self) -> None:
        """Starts the daemon and waits until it serves. Does nothing when one runs already.

        One that was started here and answers no more is stopped first. Raises DaemonError when the daemon ends, or says
        nothing for a minute.
        """
        with self._busy:
            if self._is_up():
                return
            self._changing, self._failure = State.STARTING, ""
            try:
                lock = self._lock()
                if lock is None or lock.ready:  # else somebody is starting it just now
                    self._stop_child()
                    self._spawn()
                self._wait_until_up()
            except DaemonError as error:
                self._failure = str(error)
                raise
            finally:
                self._changing = None

    def stop(self) -> None:
        """Stops the daemon, whoever started it, and waits for its end; kills its own child if it will not go."""
        with self._busy:
            self._changing, self._failure = State.STOPPING, ""
            try:
                if self.owned:
                    self._stop_child()
                elif self._lock() is not None:
                    self._stop_other()
            finally:
                self._changing = None

    def restart(self) -> None:
        """Stops, then starts."""
        with self._busy:
            self.stop()
            self.start()

    def take_sign_in_link(self) -> str | None:
        """The one-time sign-in link that the daemon printed, once: it is of no use a second time."""
        link, self._sign_in = self._sign_in, None
        return link

    def last_words(self, lines: int = 8) -> str:
        """The last lines that the daemon said, of its output or else of its log file."""
        said = [line for line in list(self._output) if line.strip()]  # a copy: more may come meanwhile
        if not said and self.log.is_file():
            said = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(said[-lines:])

    def _lock(self) -> Lock | None:
        if self._child is not None:
            self._child.poll()  # a child that ended is a process as long as nobody asked for its exit status
        return read_lock(self.config)

    def _is_up(self) -> bool:
        lock = self._lock()
        return lock is not None and lock.ready and (lock.url is None or health(lock.url) is not None)

    def _gone(self) -> Status:
        child = self._child
        if child is not None and child.poll() is None:
            return Status(State.STARTING, pid=child.pid)
        if child is not None and child.returncode and not self._failure:
            self._failure = self._ended(child.returncode)
        if self._failure:
            return Status(State.ERROR, detail=self._failure.splitlines()[0])
        return Status(State.STOPPED)

    def _ended(self, code: int) -> str:
        if self._listener is not None:
            self._listener.join(LISTEN_SECONDS)  # its last words may be on their way
        return f"the daemon ended with exit status {code}\n{self.last_words()}".rstrip()

    def _spawn(self) -> None:
        self._output.clear()
        self._sign_in = None
        try:
            self._child = subprocess.Popen(
                [*self._command, "daemon", "start"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                creationflags=_creation_flags(),
                start_new_session=True,
            )
        except OSError as error:
            raise DaemonError(f"{self._command[0]} cannot be run: {error.strerror}") from error
        self._listener = threading.Thread(target=self._listen, args=(self._child,), name="daemon-output", daemon=True)
        self._listener.start()

    def _listen(self, child: subprocess.Popen[str]) -> None:
        """Reads what the daemon prints until its end: a pipe that nobody empties would stop it."""
        if child.stdout is None:
            return
        with child.stdout as lines:
            for line in lines:
                self._output.append(line.rstrip())
                if link := SIGN_IN.search(line):
                    self._sign_in = link.group()

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_up():
            code = self._child.poll() if self._child is not None else None
            lock = self._lock()
            if code is not None and (lock is None or lock.ready):
                raise DaemonError(self._ended(code))
            if time.monotonic() > deadline:
                break
            time.sleep(POLL_SECONDS)
        else:
            return
        self._stop_child()
        raise DaemonError(f"the daemon did not answer within {START_SECONDS:.0f} seconds\n{self.last_words()}".rstrip())

    def _stop_child(self) -> None:
        child = self._child
        if child is None:
            return
        if sys.platform == "win32":
            with suppress(DaemonError):  # one that does not listen is killed
                self._stop_other()  # there is no SIGTERM: terminate() would be the axe
        else:
            child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._child = None

    def _stop_other(self) -> None:
        try:
            done = subprocess.run(
                [*self._command, "daemon", "stop"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                errors="replace",
                timeout=STOP_SECONDS,
                creationflags=_creation_flags(),
            )
        except subprocess.TimeoutExpired as error:
            raise DaemonError(f"the daemon did not stop within {STOP_SECONDS:.0f} seconds") from error
        if done.returncode and self._lock() is not None:
            raise DaemonError(f"the daemon could not be stopped\n{(done.stderr or done.stdout).strip()}")


def _creation_flags() -> int:
    """No console window, and a group of its own: Ctrl-C in the launcher's terminal is for the launcher only.

    Elsewhere ``start_new_session`` does the same.
    """
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0
