"""Damaged files by the thousand: what is taken, what is refused, how long the slowest one took.

python tests/benchmarks/fuzz.py [--inputs 10000] [--seed 1]

They are read in processes of their own: one that dies or takes too long is named, with its seed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[2]))

import h5py  # noqa: E402
import numpy as np  # noqa: E402

from tests.core.mutations import mutated_bytes  # noqa: E402
from tests.core.readers import READERS, Reader, try_out  # noqa: E402
from tui_trainer.core.catalogue import Catalogue  # noqa: E402
from tui_trainer.engine.hdf5 import read_numbers  # noqa: E402

DEADLINE = 5.0
"""Seconds that one file may take."""


def main() -> int:
    """Print a line for each kind of file; return whether anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    readers = (*READERS, Reader("model.weights.h5", _damaged_weights, _read_weights))
    catalogue = _catalogue()
    each = -(-options.inputs // len(readers))
    heads = "".join(f"{head:>9}" for head in ("inputs", "taken", "refused", "wrong"))
    print(f"{'file':<18}{heads}{'slowest':>11}")
    wrong = 0
    for reader in readers:
        random = Random(f"{reader.name} {options.seed}")
        wrong += _fuzz(reader, [random.randrange(2**32) for _ in range(each)], catalogue)
    return 1 if wrong else 0


def _catalogue() -> Catalogue:
    """Return what the installed Keras offers; a process that computes must not be forked."""
    program = "from tui_trainer.engine.introspect import catalogue; print(catalogue().to_json())"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    return Catalogue.from_json(told.stdout)


def _damaged_weights(random: Random) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".h5") as file:
        with h5py.File(file.name, "w") as weights:
            for at, shape in enumerate(((8, 4), (4,), (3, 3, 1, 2))):
                weights[f"layers/dense_{at}/vars/0"] = np.zeros(shape, np.float32)
        content = Path(file.name).read_bytes()
    return mutated_bytes(content, random)


def _read_weights(path: Path, catalogue: Catalogue) -> None:
    read_numbers(path, lambda listed: listed, 1 << 20)


def _fuzz(reader: Reader, seeds: Sequence[int], catalogue: Catalogue) -> int:
    """Read a file for each seed, print what came of it, and return how many went wrong."""
    taken, wrong, slowest, done = 0, [], 0.0, 0
    while done < len(seeds):
        here, there = multiprocessing.get_context("fork").Pipe()
        arguments = (there, reader, seeds[done:], catalogue)
        child = multiprocessing.get_context("fork").Process(target=_work, args=arguments)
        child.start()
        there.close()
        began = time.monotonic()
        try:
            while done < len(seeds) and here.poll(DEADLINE):
                told = here.recv()
                taken += told is True
                wrong += [told] if isinstance(told, str) else []
                done += 1
                slowest, began = max(slowest, time.monotonic() - began), time.monotonic()
            died = "" if done == len(seeds) else f"took more than {DEADLINE} s"
        except EOFError:
            child.join()
            died = f"the process ended with {child.exitcode}"
        if died:
            wrong.append(f"{reader.name}, seed {seeds[done]}: {died}")
            done += 1
        child.kill()
        child.join()
    counts = (done, taken, done - taken - len(wrong), len(wrong))
    figures = "".join(f"{count:>9}" for count in counts)
    print(f"{reader.name:<18}{figures}{1000 * slowest:>8.0f} ms", flush=True)
    for line in wrong[:20]:
        print(f"  {line}")
    return len(wrong)


def _work(told: Connection, reader: Reader, seeds: Sequence[int], catalogue: Catalogue) -> None:
    """Tell of each seed whether its file was taken, or in words what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            try:
                told.send(try_out(reader, Path(folder), seed, catalogue))
            except AssertionError as error:
                told.send(str(error))


if __name__ == "__main__":
    sys.exit(main())
