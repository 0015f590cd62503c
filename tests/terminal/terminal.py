"""A real pseudo-terminal with a command in it: what is typed, and what is seen."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

PROGRAM = Path(sys.executable).with_name("tui-trainer")
"""The console script that the installation made."""
ALTERNATE_SCREEN = 1049
"""The private mode in which a full-screen program draws."""
KEYS = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "space": " ",
    "shift+tab": "\x1b[Z",
}
_BETWEEN_KEYS = 0.1
_AFTER_ESCAPE = 0.4
"""What follows an escape too soon makes another key of it."""
_ENDING = 5.0
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][\d;]*\$?[^\d;$hl]")
"""Escape sequences that pyte would draw or stumble over: questions, and keyboard protocols."""
_TORN = re.compile(rb"\x1b(\[[<>=?]?[\d;]*\$?)?$")


class Terminal:
    """A terminal of a size, with a command running in it."""

    PIECE = 65536
    """How many bytes are taken in at once."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        size: tuple[int, int] = (120, 36),
    ) -> None:
        self.screen = pyte.Screen(*size)
        self.status: int | None = None
        """The exit status once the command has ended; of a signal, its number below zero."""
        self.written = bytearray()
        """Everything the command wrote."""
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""
        self.pid, self._line = _spawn(command, environment, folder, size)
        """The process of the command, and the other end of its terminal."""

    # What is seen

    @property
    def text(self) -> str:
        """The screen, line by line; a space that does not break is a space."""
        return "\n".join(line.rstrip() for line in self.screen.display).replace("\xa0", " ")

    def find(self, pattern: str) -> list[str]:
        """Return what a regular expression finds on the screen, from top to bottom."""
        return re.findall(pattern, self.text)

    def mode(self, number: int) -> bool:
        """Return whether a private mode is on, such as the alternate screen."""
        return number << 5 in self.screen.mode

    @property
    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, as it does for a shell."""
        return bool(termios.tcgetattr(self._line)[3] & termios.ECHO)

    # What is done

    def press(self, *keys: str) -> None:
        """Press keys one after another, as a hand does: by name, by character, or `ctrl+x`."""
        for key in keys:
            self.send(key)
            self.look(_AFTER_ESCAPE if key == "escape" else _BETWEEN_KEYS)

    def send(self, *keys: str) -> None:
        """Send keys, all in one piece, and wait for nothing."""
        os.write(self._line, b"".join(map(_bytes, keys)))

    def paste(self, text: str) -> None:
        """Paste a text, as a terminal does for programs that tell it from keys."""
        self.send("\x1b[200~", text, "\x1b[201~")

    def type(self, text: str) -> None:
        """Press the key of each character."""
        self.press(*text)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        self.screen.resize(lines, columns)
        _set_size(self._line, (columns, lines))

    def look(self, seconds: float = 0.0) -> None:
        """Take in what the command writes, for some seconds."""
        until = time.monotonic() + seconds
        while self._read(max(0.0, until - time.monotonic())) or time.monotonic() < until:
            if self.has_ended():
                return

    def pass_over(self, seconds: float) -> None:
        """Take in what the command writes for some seconds, and draw nothing of it."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self._line], [], [], left)[0]:
                os.read(self._line, 65536)

    def settle(self, seconds: float = 1.0) -> None:
        """Take in what the command writes, until it has written nothing for some seconds."""
        before = -1
        while before != len(self.written) and not self.has_ended():
            before = len(self.written)
            self.look(seconds)

    def cost(self, act: Callable[[], object], seconds: float = 0.5) -> int:
        """Do something and return how many bytes the command writes for it."""
        self.settle(seconds)
        before = len(self.written)
        act()
        self.settle(seconds)
        return len(self.written) - before

    def move_mouse(self, column: int, line: int) -> None:
        """Move the mouse into a cell, with no button held."""
        os.write(self._line, f"\x1b[<35;{column + 1};{line + 1}M".encode())

    def wait_for(self, wanted: str | Callable[[], object], seconds: float = 60.0) -> None:
        """Wait for words on the screen, or until something holds; else fail with the screen."""
        holds = (lambda: wanted in self.text) if isinstance(wanted, str) else wanted
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until or self.has_ended():
                what = repr(wanted) if isinstance(wanted, str) else "what is waited for"
                ended = "" if self.status is None else f", and the command ended: {self.status}"
                raise AssertionError(f"{what} did not come in {seconds} s{ended}:\n{self.text}")
            self._read(0.1)

    def wait_until_ended(self, seconds: float = 30.0) -> int:
        """Wait for the command's end and return its exit status."""
        self.wait_for(self.has_ended, seconds)
        assert self.status is not None
        return self.status

    def hang_up(self, seconds: float = _ENDING) -> None:
        """Close the terminal under the command, as a lost connection does, and see it end."""
        os.close(self._line)
        self._line = -1
        until = time.monotonic() + seconds
        while not self.has_ended() and time.monotonic() < until:
            time.sleep(0.05)

    def stall(self, stalled: bool = True) -> None:
        """Take nothing more from the command, as if the line had got stuck; or go on."""
        end = os.open(f"/dev/{asked_of_ps('tty', self.pid)}", os.O_RDWR | os.O_NOCTTY)
        termios.tcflow(end, termios.TCOOFF if stalled else termios.TCOON)
        os.close(end)

    def close(self) -> None:
        """End the command, whatever it does, and close the terminal."""
        if not self.has_ended():
            os.kill(self.pid, signal.SIGKILL)
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)
        if self._line >= 0:
            os.close(self._line)
            self._line = -1

    def _read(self, seconds: float) -> bool:
        """Take in one piece of what the command writes; return whether there was one."""
        if self._line < 0:
            time.sleep(min(seconds, 0.05))
            return False
        if not select.select([self._line], [], [], seconds)[0]:
            return False
        try:
            piece = os.read(self._line, self.PIECE)
        except OSError:
            # Linux says so that nobody has the other end any more.
            time.sleep(min(seconds, 0.05))
            return False
        self.written += piece
        piece = self._rest + piece
        torn = _TORN.search(piece)
        self._rest = piece[torn.start() :] if torn else b""
        self._stream.feed(_UNKNOWN.sub(b"", piece[: torn.start()] if torn else piece))
        return bool(piece)

    def has_ended(self) -> bool:
        """Return whether the command has ended; only then is the rest of what it wrote read."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                while self._read(0.0):
                    pass
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None


def _spawn(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, size: tuple[int, int]
) -> tuple[int, int]:
    pid, line = pty.fork()
    if pid == 0:
        try:
            os.chdir(folder)
            _set_size(0, size)
            os.execve(command[0], list(command), dict(environment))
        finally:
            os._exit(127)
    return pid, line


def _set_size(line: int, size: tuple[int, int]) -> None:
    columns, lines = size
    fcntl.ioctl(line, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _bytes(key: str) -> bytes:
    if key.startswith("ctrl+"):
        return bytes([ord(key[-1]) & 0x1F])
    return KEYS.get(key, key).encode()


def asked_of_ps(what: str, pid: int) -> str:
    """Return what `ps` says of a process; nothing if there is none."""
    command = ["ps", "-o", f"{what}=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def environment(home: Path, runs: Path) -> dict[str, str]:
    """Return the environment of a user who has nothing yet: no cache, no runs, no GPU."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return {
        **kept,
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "TUI_TRAINER_RUNS": str(runs),
        "CUDA_VISIBLE_DEVICES": "-1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }
