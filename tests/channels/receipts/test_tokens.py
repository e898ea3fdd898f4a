"""Receipt tokens: the shared vectors, and the laws that no vector list can hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.channels.receipts.rules.tokens import (
    EPOCH,
    MAX_MINUTE,
    MAX_SEQUENCE,
    MAX_TILL,
    doubt_of,
    is_genuine,
    mint_receipt,
    parse_receipt,
    response_id,
    store_secret,
    till_key,
)
from harken_server.invitations.codes import ALPHABET

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "receipts.json").read_text("utf-8"))
KEY = bytes(range(32))
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

minted = st.fixed_dictionaries(
    {
        "till": st.integers(0, MAX_TILL),
        "key_number": st.integers(0, 15),
        "sequence": st.integers(0, MAX_SEQUENCE),
        "at": st.integers(0, MAX_MINUTE).map(lambda minute: EPOCH + timedelta(minutes=minute)),
        "is_strong": st.booleans(),
    }
)


@pytest.mark.parametrize("vector", VECTORS["derivation"])
def test_keys_are_derived_as_in_the_vectors(vector: dict[str, Any]) -> None:
    secret = store_secret(
        vector["signing_key"].encode(),
        UUID(vector["workspace_id"]),
        UUID(vector["store_id"]),
        vector["generation"],
    )

    assert secret.hex() == vector["store_secret"]
    assert till_key(secret, vector["till"], vector["key_number"]).hex() == vector["till_key"]


@pytest.mark.parametrize("vector", VECTORS["good"])
def test_tokens_are_those_of_the_vectors(vector: dict[str, Any]) -> None:
    key, at = bytes.fromhex(vector["key"]), datetime.fromisoformat(vector["at"])

    token = mint_receipt(
        key,
        till=vector["till"],
        key_number=vector["key_number"],
        sequence=vector["sequence"],
        at=at,
        is_strong=vector["strong"],
    )

    assert token == vector["token"]
    parsed = parse_receipt(token)
    assert parsed is not None
    assert is_genuine(key, parsed)
    assert parsed.printed_at == at.replace(second=0, microsecond=0)


@pytest.mark.parametrize("vector", VECTORS["alike"])
def test_case_and_letters_that_look_alike_do_not_matter(vector: dict[str, str]) -> None:
    assert parse_receipt(vector["typed"]) == parse_receipt(vector["canonical"]) is not None


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=lambda vector: vector["why"])
def test_what_was_tampered_with_is_not_genuine(vector: dict[str, str]) -> None:
    token = parse_receipt(vector["token"])

    assert token is None or not is_genuine(bytes.fromhex(vector["key"]), token)


@given(minted)
def test_what_was_minted_is_read_back(parts: dict[str, Any]) -> None:
    token = mint_receipt(KEY, **parts)
    parsed = parse_receipt(token)

    assert parsed is not None
    assert is_genuine(KEY, parsed)
    assert len(token) == (31 if parts["is_strong"] else 26)
    assert (parsed.till, parsed.key_number, parsed.sequence, parsed.printed_at) == (
        parts["till"], parts["key_number"], parts["sequence"], parts["at"],
    )  # fmt: skip


@pytest.mark.parametrize("is_strong", [False, True])
def test_every_flipped_bit_is_refused(is_strong: bool) -> None:
    token = mint_receipt(KEY, till=17, key_number=3, sequence=1734, at=AT, is_strong=is_strong)
    number = 0
    for letter in token:
        number = number << 5 | ALPHABET.index(letter)

    for bit in range(5 * len(token)):
        flipped = number ^ 1 << bit
        text = "".join(ALPHABET[flipped >> 5 * i & 31] for i in reversed(range(len(token))))
        parsed = parse_receipt(text)
        assert parsed is None or not is_genuine(KEY, parsed), (bit, text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    parsed = parse_receipt(text)

    assert parsed is None or not is_genuine(KEY, parsed)


@pytest.mark.parametrize("letter", ["U", "u", "-", " ", "\u0131", "\u0130", "\u212a", "\uff10"])
def test_letters_outside_of_the_alphabet_are_no_token(letter: str) -> None:
    token = mint_receipt(KEY, till=17, key_number=0, sequence=1, at=AT)

    assert parse_receipt(token[:-1] + letter) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"till": -1}, "till must be 0 to 16777215"),
        ({"till": MAX_TILL + 1}, "till must be 0 to 16777215"),
        ({"key_number": 16}, "key_number must be 0 to 15"),
        ({"sequence": MAX_SEQUENCE + 1}, "sequence must be 0 to 16777215"),
        ({"sequence": -1}, "sequence must be 0 to 16777215"),
        ({"at": EPOCH - timedelta(minutes=1)}, "at must lie in 2025-01-01 to 2056-11-24"),
        ({"at": datetime(2026, 3, 1)}, "at must be aware"),  # noqa: DTZ001
    ],
)
def test_bad_input_is_named_with_its_range(change: dict[str, Any], named: str) -> None:
    parts: dict[str, Any] = {"till": 1, "key_number": 0, "sequence": 1, "at": AT, **change}

    with pytest.raises(ValueError, match=named):
        mint_receipt(KEY, **parts)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="key must have 32 bytes, not 31"):
        mint_receipt(KEY[1:], till=1, key_number=0, sequence=1, at=AT)


def test_a_false_token_never_gets_the_id_of_the_true_one() -> None:
    true = parse_receipt(mint_receipt(KEY, till=1, key_number=0, sequence=1, at=AT))
    false = parse_receipt(mint_receipt(bytes(32), till=1, key_number=0, sequence=1, at=AT))
    assert true is not None
    assert false is not None

    ids = {
        response_id(KEY, true, is_true=True),
        response_id(KEY, true, is_true=False),
        response_id(KEY, false, is_true=False),
    }

    assert len(ids) == 3
    assert response_id(KEY, true, is_true=True) == response_id(KEY, true, is_true=True)


@pytest.mark.parametrize(
    ("by", "flag"),
    [
        (timedelta(0), None),
        (timedelta(minutes=15), None),
        (timedelta(minutes=16), "receipt_future"),
        (timedelta(days=-30), None),
        (timedelta(days=-30, minutes=-1), "receipt_old"),
    ],
)
def test_a_receipt_is_believed_for_its_days_and_a_little_ahead(
    by: timedelta, flag: str | None
) -> None:
    token = parse_receipt(mint_receipt(KEY, till=1, key_number=0, sequence=1, at=AT + by))
    assert token is not None

    assert doubt_of(token, is_signed=True, is_revoked=False, now=AT, ttl_days=30) == flag
    assert (
        doubt_of(token, is_signed=True, is_revoked=True, now=AT, ttl_days=30) == "receipt_revoked"
    )
    assert (
        doubt_of(token, is_signed=False, is_revoked=True, now=AT, ttl_days=30) == "receipt_forged"
    )
