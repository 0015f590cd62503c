"""The commands: what `tui-trainer` does with its first word."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from tui_trainer.cli.exits import FAILED, INTERRUPTED, WRONG_INPUT
from tui_trainer.cli.parser import parse
from tui_trainer.core.characters import ESCAPE, STAND_IN, why_ascii
from tui_trainer.core.errors import TrainerError


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit status."""
    _write_what_can_be_written()
    try:
        run, options = parse(sys.argv[1:] if argv is None else argv)
        if getattr(options, "json", False) and isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors=ESCAPE)
        status = run(options)
        print(end="", flush=True)
        return status
    except TrainerError as error:
        print("tui-trainer:", " ".join(str(error).split()), file=sys.stderr)
        return WRONG_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; Python must not find the pipe broken again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        print("tui-trainer:", error, file=sys.stderr)
        return FAILED


def _write_what_can_be_written() -> None:
    """Have ASCII stand for what a stream or its terminal cannot show, and nothing fail for it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            plain = stream.isatty() and why_ascii()
            stream.reconfigure(encoding="ascii" if plain else None, errors=STAND_IN)
