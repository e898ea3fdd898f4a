"""How far a command is stands on a terminal, and nowhere else."""

from __future__ import annotations

import io

import pytest

from harken_server.upkeep import progress
from harken_server.upkeep.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_what_is_done_of_all_and_is_clean_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "BETWEEN_S", -1)
    out = Terminal()

    with Progress("Moving", 40_000, out) as shown:
        shown.add(10_000, "response")
        shown.add(20_000, "answer_count")

    lines = out.getvalue().split("\r\x1b[K")
    assert lines == [
        "",
        "Moving: 10,000 of 40,000 (25 %), response",
        "Moving: 30,000 of 40,000 (75 %), answer_count",
        "",
    ]


def test_a_terminal_is_not_written_to_for_every_row() -> None:
    out = Terminal()

    with Progress("Moving", 1000, out) as shown:
        for _ in range(1000):
            shown.add(1, "response")

    assert out.getvalue().count("Moving") < 10


def test_nothing_to_do_is_no_division_by_nothing() -> None:
    out = Terminal()

    with Progress("Moving", 0, out) as shown:
        shown.add(0, "response")

    assert "0 of 0 (0 %)" in out.getvalue()


def test_a_file_or_pipe_gets_nothing() -> None:
    out = io.StringIO()

    with Progress("Moving", 10, out) as shown:
        shown.add(10, "response")

    assert out.getvalue() == ""
