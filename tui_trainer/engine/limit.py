"""A limit on memory while something is read that others made."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MARGIN = 4 << 30
"""Bytes beside those that are needed: other threads go on meanwhile."""


@contextmanager
def memory_limit(needed: int = 0) -> Iterator[None]:
    """Let the process take so many bytes more than it has, and little else: MemoryError beyond.

    Where the system does not say how much it has, there is no limit.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    present = _present()
    if present is None:
        yield
        return
    limits = [present + needed + _MARGIN, *(one for one in (soft, hard) if one != _NONE)]
    resource.setrlimit(resource.RLIMIT_AS, (min(limits), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


_NONE = resource.RLIM_INFINITY


def _present() -> int | None:
    """Return how many bytes of addresses the process has."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except OSError:  # Not Linux.
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
