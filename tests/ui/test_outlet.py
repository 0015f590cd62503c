"""A terminal that is slow, stalled or gone keeps nobody waiting."""

import os
from contextlib import suppress
from threading import Event

import pytest

from tui_trainer.ui.outlet import Outlet


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        with suppress(OSError):
            os.close(end)


def read_all(end, size):
    found = b""
    while len(found) < size:
        found += os.read(end, 1 << 16)
    return found


def test_what_is_written_arrives_in_order(pipe):
    outlet = Outlet(pipe[1])
    texts = [f"{number} é\udc80 " * 500 for number in range(200)]
    for text in texts:
        outlet.write(text)
    wanted = "".join(texts).encode("utf-8", "replace")
    assert read_all(pipe[0], len(wanted)) == wanted
    outlet.close(5)
    assert not outlet.behind


def test_a_stalled_reader_is_noticed_and_its_return_told_once(pipe):
    outlet, told = Outlet(pipe[1]), Event()
    calls = []
    outlet.when_drained(lambda: calls.append("at once"))
    assert calls == ["at once"]
    for _ in range(100):
        outlet.write("x" * 10_000)
    assert outlet.behind
    outlet.when_drained(lambda: calls.append("replaced"))
    outlet.when_drained(lambda: (calls.append("drained"), told.set()))
    read_all(pipe[0], 1_000_000)
    assert told.wait(5)
    outlet.write("more")
    read_all(pipe[0], 4)
    outlet.close(5)
    assert calls == ["at once", "drained"]


def test_closing_waits_for_a_stalled_reader_only_so_long(pipe):
    outlet = Outlet(pipe[1])
    outlet.write("x" * 1_000_000)
    outlet.close(0.1)
    assert outlet.behind
    os.close(pipe[0])
    outlet.close(60)  # Its thread must not outlive the file descriptor, which the next test gets.
    assert not outlet.behind


def test_a_reader_that_is_gone_raises_nothing(pipe):
    outlet, told = Outlet(pipe[1]), Event()
    os.close(pipe[0])
    outlet.write("x")
    outlet.when_drained(told.set)
    assert told.wait(5)
    outlet.close(5)


def test_a_terminal_that_somebody_made_non_blocking(pipe):
    os.set_blocking(pipe[1], False)
    outlet = Outlet(pipe[1])
    outlet.write("x" * 500_000)
    assert len(read_all(pipe[0], 500_000)) == 500_000
    outlet.close(5)
