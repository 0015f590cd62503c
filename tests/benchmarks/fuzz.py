"""Damaged files by the thousand: what is taken, what is refused, how long the slowest one took.

python tests/benchmarks/fuzz.py [--inputs 10000] [--seed 1]
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from types import FrameType

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.core.readers import READERS, Reader, try_out  # noqa: E402
from tui_trainer.core.catalogue import Catalogue  # noqa: E402

DEADLINE = 5.0
"""Seconds that one file may take."""


class Hung(BaseException):
    """Reading a file took too long; nothing that catches exceptions catches this."""


def main() -> int:
    """Print a line for each kind of file; return whether anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    from tui_trainer.engine.introspect import catalogue

    signal.signal(signal.SIGALRM, _hang)
    each = -(-options.inputs // len(READERS))
    heads = "".join(f"{head:>9}" for head in ("inputs", "taken", "refused", "wrong"))
    print(f"{'file':<16}{heads}{'slowest':>11}")
    wrong = [_fuzz(reader, each, options.seed, catalogue()) for reader in READERS]
    return 1 if any(wrong) else 0


def _fuzz(reader: Reader, inputs: int, seed: int, catalogue: Catalogue) -> int:
    random, taken, wrong, slowest = Random(f"{reader.name} {seed}"), 0, [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(inputs):
            each, began = random.randrange(2**32), time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, DEADLINE)
            try:
                taken += try_out(reader, Path(folder), each, catalogue)
            except AssertionError as error:
                wrong.append(str(error))
            except Hung:
                wrong.append(f"{reader.name}, seed {each}: took more than {DEADLINE} s")
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0.0)
            slowest = max(slowest, time.monotonic() - began)
    counts = (inputs, taken, inputs - taken - len(wrong), len(wrong))
    figures = "".join(f"{count:>9}" for count in counts)
    print(f"{reader.name:<16}{figures}{1000 * slowest:>8.0f} ms", flush=True)
    for line in wrong[:20]:
        print(f"  {line}")
    return len(wrong)


def _hang(number: int, frame: FrameType | None) -> None:
    raise Hung


if __name__ == "__main__":
    sys.exit(main())
