"""Codes that are typed from paper: any one wrong character is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.receipts.rules.places import (
    display_place_code,
    display_store_code,
    make_place_code,
    make_store_code,
    parse_place_code,
    parse_receipt_number,
    parse_store_code,
)
from harken_server.invitations.codes import ALPHABET

chance = st.binary(min_size=5, max_size=5)


@given(chance)
def test_codes_are_read_as_they_are_shown_and_in_small_letters(random: bytes) -> None:
    store, place = make_store_code(random), make_place_code(random)

    assert parse_store_code(display_store_code(store).lower()) == store
    assert parse_place_code(display_place_code(place).lower()) == place
    assert (len(store), len(place)) == (5, 9)


@given(chance, st.data())
def test_every_single_wrong_character_is_found(random: bytes, data: st.DataObject) -> None:
    for code, parse in (
        (make_store_code(random), parse_store_code),
        (make_place_code(random), parse_place_code),
    ):
        at = data.draw(st.integers(0, len(code) - 1))
        other = data.draw(st.sampled_from([c for c in ALPHABET if c != code[at]]))
        assert parse(code[:at] + other + code[at + 1 :]) is None


@given(st.text(max_size=80))
def test_no_text_breaks_the_readers(text: str) -> None:
    for parse in (parse_store_code, parse_place_code, parse_receipt_number):
        found = parse(text)
        assert found is None or (found.isascii() and found.isalnum())


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("001734", "001734"),
        (" 00-1734 ", "001734"),
        ("a/17#34", "A1734"),
        ("", None),
        ("  - ", None),
        ("1" * 33, None),
        ("\N{FULLWIDTH DIGIT ONE}2", None),
        ("12\x00", None),
        ("<b>", None),
    ],
)
def test_a_receipt_has_one_number_however_it_is_typed(typed: str, number: str | None) -> None:
    assert parse_receipt_number(typed) == number


def test_chance_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly 5"):
        make_store_code(bytes(4))
