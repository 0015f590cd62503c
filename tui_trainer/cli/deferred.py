"""What carries out each command, imported when the command is asked for."""

from __future__ import annotations

from argparse import Namespace


def app(options: Namespace) -> int:
    """Open the app."""
    from tui_trainer.cli.app import run

    return run(options)


def train(options: Namespace) -> int:
    """Train without the app."""
    from tui_trainer.cli.train import run

    return run(options)


def resume(options: Namespace) -> int:
    """Go on with a run."""
    from tui_trainer.cli.resume import run

    return run(options)


def attach(options: Namespace) -> int:
    """Show a run as it goes on."""
    from tui_trainer.cli.attach import run

    return run(options)


def stop(options: Namespace) -> int:
    """End a run."""
    from tui_trainer.cli.stop import run

    return run(options)


def pause(options: Namespace) -> int:
    """Have a run pause, or go on."""
    from tui_trainer.cli.stop import pause as run

    return run(options)


def check(options: Namespace) -> int:
    """Show the layers of an experiment."""
    from tui_trainer.cli.check import run

    return run(options)


def presets(options: Namespace) -> int:
    """List the presets."""
    from tui_trainer.cli.report import presets as run

    return run(options)


def runs(options: Namespace) -> int:
    """List the runs."""
    from tui_trainer.cli.report import runs as run

    return run(options)


def show(options: Namespace) -> int:
    """Show one run."""
    from tui_trainer.cli.report import show as run

    return run(options)


def evaluate(options: Namespace) -> int:
    """Test a trained model anew."""
    from tui_trainer.cli.evaluate import run

    return run(options)


def export(options: Namespace) -> int:
    """Write an experiment as a script."""
    from tui_trainer.cli.export import run

    return run(options)


def datasets(options: Namespace) -> int:
    """List the data sets, or download one."""
    from tui_trainer.cli.datasets import run

    return run(options)


def doctor(options: Namespace) -> int:
    """Examine the machine."""
    from tui_trainer.cli.doctor import run

    return run(options)


def completion(options: Namespace) -> int:
    """Print what makes a shell complete."""
    from tui_trainer.cli.completion import run

    return run(options)
