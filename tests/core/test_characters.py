"""What stands for a character where there is only ASCII, and when that is so."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

import tui_trainer
from tui_trainer.core.characters import ESCAPE, STAND_IN, in_ascii, stand_in, why_ascii

SOURCE = Path(tui_trainer.__file__).parent


def test_every_character_of_the_program_has_one_that_stands_for_it() -> None:
    texts = (path.read_text("utf-8") for path in SOURCE.rglob("*.py"))
    used = {character for text in texts for character in text if not character.isascii()}
    assert {"●", "▲", "★", "━", "─"} <= used
    stands = {character: stand_in(character) for character in used}
    assert all(len(stand) == 1 and stand.isascii() for stand in stands.values())
    assert [character for character, stand in stands.items() if stand == "?"] == []


def test_marks_that_mean_something_stay_apart() -> None:
    for marks in ("●▲★┊", "✓✗!", "━─", "▸▾", "■ "):
        assert len({*map(stand_in, marks)}) == len(marks)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", "plain"),
        ("28 × 28 … é ü ﬁ ½", "28 x 28 ... e u f 1"),
        ("e\u0301t", "et"),
        ("a\xa0b", "a b"),
        ("日本", "??"),
        ("⣿\u2800╭┼╯", ". +++"),
        ("a → b ⌫", "a -> b backspace"),
        ("\udcff", "?"),
    ],
)
def test_a_text_in_ascii(text: str, plain: str) -> None:
    assert in_ascii(text) == plain


@pytest.mark.parametrize(
    ("variables", "encoding", "told"),
    [
        ({}, "utf-8", ""),
        ({"LANG": "C.UTF-8", "TERM": "xterm-256color"}, "UTF-8", ""),
        ({"LC_ALL": "de_DE.utf8", "LANG": "C"}, "utf-8", ""),
        ({"LC_CTYPE": "UTF-8"}, "utf-8", ""),
        ({"LC_ALL": "C", "LANG": "C.UTF-8"}, "utf-8", "LC_ALL=C"),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1", "LANG=de_DE.ISO-8859-1"),
        ({"LC_ALL": "", "LANG": "POSIX"}, "utf-8", "LANG=POSIX"),
        ({}, "ascii", "the encoding ascii"),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, "utf-8", "TERM=linux"),
        ({"TERM": "vt220"}, "utf-8", "TERM=vt220"),
        ({"TERM": "vte-256color"}, "utf-8", ""),
    ],
)
def test_when_the_terminal_gets_ascii(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], encoding: str, told: str
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert why_ascii() == told


def test_streams_write_what_they_can() -> None:
    for encoding, written in (("ascii", b"x e *"), ("latin-1", b"\xd7 \xe9 *")):
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=STAND_IN)
        stream.write("× é ★")
        stream.flush()
        assert stream.buffer.getvalue() == written  # type: ignore[attr-defined]


def test_json_keeps_every_character() -> None:
    record = {"name": "é ★ 👍"}
    text = json.dumps(record, ensure_ascii=False).encode("ascii", ESCAPE)
    assert json.loads(text) == record
