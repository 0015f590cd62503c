"""What was found when one thing was examined."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

OK, WARN, FAIL = "ok", "warn", "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was examined."""

    what: str
    found: str
    level: str = OK
    """OK; WARN where something is missing or slow; FAIL where something does not work."""
    todo: str = ""
    """What to do about it."""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as an object for JSON."""
        return asdict(self)
