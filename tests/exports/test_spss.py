"""SPSS files: names, labels and texts within SPSS's own rules, and a limit to the rows."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed_files import ABOUT, blocks_of, read_sav, sav_of

from harken_server.exports.sav_file import MAX_NAME, RESERVED, cut, spss_names
from harken_server.exports.spss import stream_spss
from harken_server.exports.table import Table, TypedColumn
from harken_server.http.problems import BadRequestError

TEXT = TypedColumn("a", "text", "A", {})
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,65}(?!\n)\Z") | st.sampled_from(sorted(RESERVED))


@given(st.lists(NAMES, unique=True))
def test_names_are_those_that_spss_takes_and_no_two_are_alike(names: list[str]) -> None:
    made = spss_names(names)

    assert len({name.lower() for name in made}) == len(names)
    assert all(len(name) <= MAX_NAME and not name.endswith("_") for name in made)
    assert not RESERVED & {name.lower() for name in made}


def test_labels_are_cut_between_letters() -> None:
    assert cut("é" * 200, 255) == "é" * 127
    assert cut("two\nlines", 64) == "two lines"


@pytest.mark.processes
def test_long_texts_old_days_and_odd_names_are_read_back(tmp_path: Path) -> None:
    text = "🍕é" * 20_000
    columns = (
        TEXT, TypedColumn("with", "day", "D" * 300, {}),
        TypedColumn("old", "day", "Old", {}), TypedColumn("truth", "truth", "T", {}),
        TypedColumn("rated", "whole", "R", {"0": "Never", "10": "Surely"}),
    )  # fmt: skip
    block = [
        [text, date(2026, 5, 3), date(1500, 1, 1), True, 10], ["", None, date(2026, 1, 1), None, 0],
    ]  # fmt: skip

    frame, said = read_sav(sav_of(Table(columns, lambda _: []), block), tmp_path)

    parts = [name for name in frame if str(name).startswith("a")]
    assert "".join(frame[name][0] for name in parts) == text
    assert all(len(frame[name][0].encode()) <= 32_767 for name in parts)
    assert str(frame["q_with"][0]).startswith("2026-05-03")
    assert list(frame["old"]) == ["1500-01-01", "2026-01-01"]
    assert said.column_names_to_labels["q_with"] == "D" * 256
    assert said.variable_value_labels["rated"] == {0: "Never", 10: "Surely"}
    assert said.variable_value_labels["truth"] == {0: "No", 1: "Yes"}


async def test_more_cells_than_memory_is_for_are_refused_by_the_number() -> None:
    columns = [TEXT, TypedColumn("b", "text", "", {})]
    pieces = stream_spss(columns, blocks_of([["x", "y"]] * 6), ABOUT, max_cells=10)

    with pytest.raises(BadRequestError, match="may have 10 cells, of this file's 2 columns 5 rows"):
        await anext(pieces)


@pytest.mark.processes
async def test_who_leaves_while_a_file_is_made_ends_what_makes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[asyncio.subprocess.Process] = []
    has_begun, start = asyncio.Event(), asyncio.create_subprocess_exec

    async def note(*args: Any, **given: Any) -> asyncio.subprocess.Process:
        made.append(await start(*args, **given))
        has_begun.set()
        return made[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", note)
    reading = asyncio.ensure_future(anext(stream_spss([TEXT], blocks_of([["x"]]), ABOUT)))
    await has_begun.wait()
    await asyncio.sleep(0)

    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    assert made[0].returncode not in {None, 0}
