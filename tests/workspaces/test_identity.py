"""Signed identities: the reference vectors hold, and nothing else passes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harken import sign_identity
from harken_server.workspaces.rules.identity import (
    MAX_SIGNATURE_CHARS,
    is_identity_good,
    signer_of,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "identity.json").read_text("utf-8"))
NOW = datetime.fromtimestamp(VECTORS["now"], UTC)
LATER = NOW + timedelta(hours=1)
KEY = VECTORS["api_key"]
DIGEST = sha256(KEY.encode()).digest()
LONGEST = timedelta(days=30)


def about(vector: dict[str, Any]) -> str:
    return vector["about"].replace(" ", "-")


@pytest.mark.parametrize("vector", VECTORS["good"], ids=about)
def test_a_vector_is_signed_and_verified(vector: dict[str, Any]) -> None:
    expires_at = datetime.fromtimestamp(vector["expires"], UTC)

    signed = sign_identity(vector["api_key"], vector["respondent"], expires_at)

    assert signed == vector["signature"]
    assert len(signed) <= MAX_SIGNATURE_CHARS
    assert signer_of(signed) == vector["api_key"][:8]
    assert is_identity_good([DIGEST], vector["respondent"], signed, NOW, LONGEST)


@pytest.mark.parametrize("vector", VECTORS["bad"], ids=about)
def test_a_forged_vector_is_refused(vector: dict[str, Any]) -> None:
    assert not is_identity_good([DIGEST], vector["respondent"], vector["signature"], NOW, LONGEST)


def test_it_is_refused_from_the_second_of_its_expiry_on() -> None:
    signed = sign_identity(KEY, "c-42", LATER)

    assert is_identity_good([DIGEST], "c-42", signed, LATER - timedelta(milliseconds=1), LONGEST)
    assert not is_identity_good([DIGEST], "c-42", signed, LATER, LONGEST)


def test_any_of_several_keys_may_have_signed_and_without_keys_nobody_has() -> None:
    signed = sign_identity(KEY, "c-42", LATER)
    other = sha256(b"hk_other").digest()

    assert is_identity_good([other, DIGEST], "c-42", signed, NOW, LONGEST)
    assert not is_identity_good([other], "c-42", signed, NOW, LONGEST)
    assert not is_identity_good([], "c-42", signed, NOW, LONGEST)


@given(st.text(), st.text(alphabet=st.characters(categories=None)))
def test_no_text_raises_and_none_passes_by_chance(respondent: str, signature: str) -> None:
    assert not is_identity_good([DIGEST], respondent, signature, NOW, LONGEST)


@given(
    st.text(alphabet=st.characters(categories=None, codec="utf-8"), min_size=1, max_size=200),
    st.text(min_size=1),
)
def test_a_signature_is_for_one_name_only(respondent: str, more: str) -> None:
    respondent = respondent.encode("utf-8", "ignore").decode()
    assume(respondent.strip() and "\0" not in respondent and more.strip())
    signed = sign_identity(KEY, respondent, LATER)

    assert is_identity_good([DIGEST], respondent, signed, NOW, LONGEST)
    assert not is_identity_good([DIGEST], respondent + more, signed, NOW, LONGEST)


@given(st.integers(0, 65), st.sampled_from("AZaz09-_.1 é\n"))
def test_changing_one_character_breaks_it(place: int, letter: str) -> None:
    signed = sign_identity(KEY, "c-42", LATER)
    changed = signed[:place] + letter + signed[place + 1 :]

    same_key = changed.split(".")[2:] == signed.split(".")[2:] and changed.startswith("1.")
    assert is_identity_good([DIGEST], "c-42", changed, NOW, LONGEST) == (
        same_key and signer_of(changed) is not None
    )


def test_one_that_lasts_longer_than_the_longest_life_proves_nothing_yet() -> None:
    """A16.8: whoever finds one has it until it ends."""
    for longest in (timedelta(days=1), LONGEST, timedelta(days=400)):
        within = sign_identity(KEY, "c-42", NOW + longest)
        beyond = sign_identity(KEY, "c-42", NOW + longest + timedelta(seconds=1))

        assert is_identity_good([DIGEST], "c-42", within, NOW, longest)
        assert not is_identity_good([DIGEST], "c-42", beyond, NOW, longest)
