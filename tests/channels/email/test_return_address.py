"""Return addresses name their delivery, whatever mail servers do to their case, and no other."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.email.rules.addresses import (
    make_return_address,
    read_return_address,
)

KEYS = (b"a" * 32, b"b" * 32)
DELIVERY = UUID("019a8f00-0000-7000-8000-000000000001")


@given(st.uuids(), st.sampled_from([str.upper, str.lower, str.title]))
def test_what_is_made_is_read_in_any_case(delivery: UUID, change: Callable[[str], str]) -> None:
    address = make_return_address(KEYS, delivery, "returns.example")
    assert len(address.partition("@")[0]) <= 64
    assert read_return_address(KEYS, change(address)) == delivery


def test_an_older_key_still_reads_and_a_foreign_one_does_not() -> None:
    address = make_return_address(KEYS[1:], DELIVERY, "returns.example")
    assert read_return_address(KEYS, f"<{address}>") == DELIVERY
    assert read_return_address(KEYS[:1], address) is None


def test_changing_any_character_spoils_it() -> None:
    local, _, domain = make_return_address(KEYS, DELIVERY, "returns.example").partition("@")
    for place in range(2, len(local)):
        other = "b" if local[place] == "a" else "a"
        forged = f"{local[:place]}{other}{local[place + 1 :]}@{domain}"
        assert read_return_address(KEYS, forged) != DELIVERY or place == len(local) - 1


@given(st.text(max_size=80))
def test_any_text_may_be_passed(text: str) -> None:
    assert read_return_address(KEYS, text) is None
    assert read_return_address(KEYS, f"b+{text}@x") is None


@pytest.mark.parametrize("text", ["", "b+", "b+@x", "hello@shop.example", "b+" + "a" * 42 + "@x"])
def test_what_is_not_ours_is_nothing(text: str) -> None:
    assert read_return_address(KEYS, text) is None
