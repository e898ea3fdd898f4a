"""Lists of stores and tills: read in any spelling, refused by line and field, never half."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.receipts.rules.place_lines import (
    MAX_LABEL,
    MAX_PLACES,
    PlaceLine,
    decode_list,
    read_places,
)
from harken_server.kernel.errors import InvalidInputError, Problem

NAMES = st.from_regex(r"[A-Za-zÆØÅæøå0-9][A-Za-zÆØÅæøå0-9 .'-]{0,40}[A-Za-z0-9]", fullmatch=True)
PLACES = st.lists(st.tuples(NAMES, NAMES | st.just("")), min_size=1, max_size=40, unique=True)


@given(PLACES, st.sampled_from(["\t", ";", ","]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_list_reads_alike_with_any_delimiter_and_line_end(
    places: list[tuple[str, str]], delimiter: str, end: str
) -> None:
    text = end.join(f'"{store}"{delimiter} {till}' for store, till in places)

    assert read_places(f"Store{delimiter}Till{end}{text}{end}") == [PlaceLine(*p) for p in places]


SIGNS = st.lists(st.sampled_from(list('a;\t,"\n\r ')), max_size=60).map("".join)


@given(st.text(max_size=400) | SIGNS)
def test_any_text_is_read_or_refused_with_its_lines(text: str) -> None:
    places, problems = read(text)

    assert bool(places) != bool(problems)
    assert len({*places}) == len(places) <= MAX_PLACES
    assert all(each.store and len(each.label) <= MAX_LABEL for each in places)
    assert all(each.message for each in problems)


def read(text: str) -> tuple[list[PlaceLine], tuple[Problem, ...]]:
    try:
        return read_places(text), ()
    except InvalidInputError as error:
        return [], error.problems


@given(st.binary(max_size=200))
def test_any_file_gives_a_text(raw: bytes) -> None:
    assert isinstance(decode_list(raw), str)


def test_headings_stand_only_on_top() -> None:
    assert read_places("\nStore\nOslo\nStore") == [PlaceLine("Oslo", ""), PlaceLine("Store", "")]


def test_every_bad_line_is_named_at_once() -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_places("Oslo\n;1\n\n;2\na;b;c")

    assert [each.path for each in caught.value.problems] == [
        "$.places[1].store", "$.places[3].store", "$.places[4].till",
    ]  # fmt: skip
