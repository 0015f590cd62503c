"""`check`: the layers of an experiment, or what is wrong with it."""

from argparse import Namespace


def run(options: Namespace) -> int:
    return 0
