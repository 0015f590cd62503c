"""The commands: what each is for, and what it takes."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass

from tui_trainer.cli import deferred

Run = Callable[[Namespace], int]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, a line about it, its options, and what carries it out."""

    name: str
    summary: str
    options: str
    """Which of ARGUMENTS it takes."""
    run: Run
    teaching: str = ""
    """Examples to begin with, and what else one should know."""


_TRAINING = (
    Command(
        "train",
        "train without the app: progress, or plain lines in a pipe",
        "experiments set name runs device json",
        deferred.train,
        """\
  tui-trainer train digits
  tui-trainer train imdb --set fit.epochs=3 --set compile.optimizer.learning_rate=0.01
  tui-trainer train fashion-relu fashion-dropout --name compare
  tui-trainer train mine.toml --json | jq 'select(.event == "epoch").metrics'

Ctrl-C once ends the run after its epoch: validated, tested and saved. Twice: within its epoch, the
weights are saved as they are. If the terminal is closed, the run goes on to its end.""",
    ),
    Command(
        "resume",
        "go on with a run that ended early, or is to have more epochs",
        "run epochs runs json",
        deferred.resume,
        """\
  tui-trainer resume digits-1
  tui-trainer resume digits-1 --epochs 40

It goes on from the last checkpoint as if it had never ended, in the same folder: weights,
optimizer, epoch, random state and best value come back, and the curve is one curve.""",
    ),
    Command(
        "attach",
        "show a run as it goes on, in the app, or as plain lines in a pipe",
        "run plain plain_motion ascii runs json",
        deferred.attach,
        """\
  tui-trainer attach digits-1
  tui-trainer attach digits-1 --plain
  tui-trainer attach digits-1 --json | jq 'select(.event == "epoch").metrics'

It only looks: to leave ends nothing, and several may look at once.""",
    ),
    Command(
        "stop",
        "end a run: after its epoch, now, or by killing its process",
        "run ways runs",
        deferred.stop,
        """\
  tui-trainer stop digits-1
  tui-trainer stop digits-1 --now

What is kept: after its epoch, the model, validated, tested and saved; --now, the weights as they
are; --kill, the last checkpoint. `tui-trainer resume` goes on from there.""",
    ),
    Command(
        "pause",
        "have a run wait, all its work in memory, or go on",
        "run off runs",
        deferred.pause,
        """\
  tui-trainer pause digits-1
  tui-trainer pause digits-1 --off""",
    ),
)
_LOOKING = (
    Command("runs", "list what was trained, newest first", "runs json", deferred.runs),
    Command(
        "show",
        "tell one run's figures, and its curves in words",
        "run runs json",
        deferred.show,
        """\
  tui-trainer show digits-1
  tui-trainer show runs/digits-1 --json""",
    ),
    Command(
        "evaluate",
        "test a run's model anew, on each split of its data",
        "run best runs device json",
        deferred.evaluate,
        """\
  tui-trainer evaluate digits-1
  tui-trainer evaluate digits-1 --best
  tui-trainer evaluate digits-1 --json | jq 'select(.split == "test").metrics'

It is the saved model; while there is none, the last checkpoint.""",
    ),
)
_PREPARING = (
    Command("presets", "list the experiments to begin with", "", deferred.presets),
    Command(
        "datasets",
        "list the data sets, and which are here; or download one",
        "download json",
        deferred.datasets,
        """\
  tui-trainer datasets
  tui-trainer datasets --download imdb

What training needs it downloads itself; this does it before, where the network is.""",
    ),
    Command(
        "check",
        "tell an experiment's layers, memory and advice, or what is wrong",
        "experiment",
        deferred.check,
        """\
  tui-trainer check digits
  tui-trainer check mine.toml""",
    ),
    Command(
        "export",
        "write an experiment as a plain Keras script that trains the same",
        "source script force runs",
        deferred.export,
        """\
  tui-trainer export digits --script digits.py
  tui-trainer export mine.toml --script mine.py --force
  tui-trainer export digits-1 --script - | less""",
    ),
)
_SETTING_UP = (
    Command(
        "doctor",
        "examine terminal, TensorFlow, GPU and disk, and say what to do",
        "runs json",
        deferred.doctor,
        """\
  tui-trainer doctor
  tui-trainer doctor --json

Exit status 1 says that something has to be done before anything can be trained.""",
    ),
    Command(
        "completion",
        "print what lets Tab complete commands, presets and runs",
        "shell line",
        deferred.completion,
        """\
  source <(tui-trainer completion bash)                                    in ~/.bashrc
  source <(tui-trainer completion zsh)                                     in ~/.zshrc
  tui-trainer completion fish > ~/.config/fish/completions/tui-trainer.fish""",
    ),
)
GROUPS = {
    "train": _TRAINING,
    "what came of it": _LOOKING,
    "before": _PREPARING,
    "this machine": _SETTING_UP,
}
"""Every command but the app itself, by what it is for."""
COMMANDS = {command.name: command for group in GROUPS.values() for command in group}
"""The same by name."""
