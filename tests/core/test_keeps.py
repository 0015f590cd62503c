"""What a run keeps is said before anything is done to it."""

import pytest

from tui_trainer.core.keeps import keeps, kept, loses, lost_words
from tui_trainer.core.status import Status

IN_SEVEN = Status("running", epoch=7, epochs=20)


@pytest.mark.parametrize(
    ("command", "status", "checkpoint", "expected"),
    [
        ("stop", IN_SEVEN, 6, "ends after epoch 7"),
        ("stop", Status("starting"), None, "ends after the first epoch"),
        ("stop_now", IN_SEVEN, 6, "ends within epoch 7"),
        ("kill", IN_SEVEN, 6, "the checkpoint of epoch 6 is kept"),
        ("kill", IN_SEVEN, 0, "the checkpoint within epoch 1 is kept"),
        ("kill", IN_SEVEN, None, "nothing is kept"),
        ("pause", IN_SEVEN, 6, "holds still within epoch 7"),
        ("resume", Status("paused", epoch=7), 6, "goes on within epoch 7"),
        ("resume", Status("lost", epoch=7), 6, "goes on from the checkpoint of epoch 6"),
        ("resume", Status("failed"), None, "goes on from the very beginning"),
        ("resume", Status("finished"), 20, "of epoch 20, for more epochs"),
    ],
)
def test_each_command_says_what_it_keeps(command, status, checkpoint, expected):
    assert expected in keeps(command, status, checkpoint)


def test_an_unknown_command_keeps_nothing_to_say():
    with pytest.raises(ValueError, match="received 'dance'"):
        keeps("dance", IN_SEVEN, 6)


def test_what_a_kill_loses_is_what_came_after_the_checkpoint():
    assert "in epoch 7 is lost" in loses(IN_SEVEN, 6)
    assert "in epochs 5 to 7 is lost" in loses(IN_SEVEN, 4)
    assert "in epochs 1 to 7 is lost" in loses(IN_SEVEN, None)
    assert kept(4) == "the checkpoint of epoch 4 is kept"


def test_a_lost_run_says_where_its_engine_died():
    assert lost_words(IN_SEVEN, 6) == (
        "lost: its engine died at epoch 7; the checkpoint of epoch 6 is kept"
    )
    assert "before its first epoch; nothing is kept" in lost_words(Status(), None)
