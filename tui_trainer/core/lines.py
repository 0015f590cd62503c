"""Files of JSON lines, which processes append to and others follow."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui_trainer.core.events import Event, dumps, from_json

_CHUNK = 1 << 20
"""Bytes that are read at once."""


@dataclass(slots=True)
class Tail:
    """Reads a growing file of JSON lines, from where the last reading ended."""

    path: Path
    offset: int = 0
    _inode: int = 0

    @staticmethod
    def from_now(path: Path) -> Tail:
        """Return a tail that reads only what is yet to be appended."""
        try:
            found = path.stat()
        except OSError:
            return Tail(path)
        return Tail(path, found.st_size, found.st_ino)

    def renewed(self) -> bool:
        """Return whether the file is another one than was read so far; it is then read anew."""
        try:
            found = self.path.stat()
        except OSError:
            return False
        other = self._inode not in (0, found.st_ino) or found.st_size < self.offset
        self._inode = found.st_ino
        self.offset = 0 if other else self.offset
        return other

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield what was appended since; a torn last line waits, a broken line is passed over.

        A file that is not there, or cannot be read, has nothing new.
        """
        self.renewed()
        for line in self._lines():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(record, dict):
                yield record

    def events(self) -> Iterator[Event]:
        """Yield the records that are events."""
        for record in self.records():
            try:
                yield from_json(record)
            except ValueError:
                continue

    def _lines(self) -> Iterator[bytes]:
        try:
            with self.path.open("rb", buffering=_CHUNK) as file:
                file.seek(self.offset)
                for line in file:
                    if not line.endswith(b"\n"):
                        return
                    self.offset += len(line)
                    yield line
        except OSError:
            return


def append(path: Path, record: Mapping[str, Any]) -> None:
    """Append one record, whole; raises OSError."""
    line = dumps(record).encode() + b"\n"
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # A torn line: its writer died, or the disk was full.
                line = b"\n" + line
        file.write(line)
