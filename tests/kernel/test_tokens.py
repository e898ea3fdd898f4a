"""Signed tokens are good for one kind, workspace, subject and time, and cannot be bent."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.tokens import TokenClaims, sign_token, verify_token

KEY = b"k" * 32
OLD_KEY = b"o" * 32
WORKSPACE = UUID("019a8f00-0000-7000-8000-000000000001")
OTHER_WORKSPACE = UUID("019a8f00-0000-7000-8000-000000000002")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=1)
SECOND = timedelta(seconds=1)


def token(**changes: object) -> str:
    values = {
        "keys": (KEY,),
        "kind": "results",
        "workspace_id": WORKSPACE,
        "subject": "post_purchase",
        "expires_at": SOON,
    }
    return sign_token(**(values | changes))


def raw_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def spelled(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@given(
    subject=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60),
    kind=st.text(alphabet="abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=32),
    seconds=st.integers(min_value=1, max_value=10**9),
    key=st.binary(min_size=1, max_size=64),
)
def test_what_was_signed_is_what_is_read(subject: str, kind: str, seconds: int, key: bytes) -> None:
    expires_at = NOW + timedelta(seconds=seconds)

    made = sign_token((key,), kind, WORKSPACE, subject, expires_at)

    expected = TokenClaims(kind, WORKSPACE, subject, expires_at)
    assert verify_token((key,), kind, made, NOW) == expected


def test_every_flipped_bit_of_the_bytes_is_refused() -> None:
    raw = raw_bytes(token())
    for bit in range(8 * len(raw)):
        bent = bytearray(raw)
        bent[bit // 8] ^= 1 << bit % 8
        assert verify_token((KEY,), "results", spelled(bytes(bent)), NOW) is None


def test_every_flipped_bit_of_the_text_is_refused() -> None:
    made = token().encode()
    for bit in range(8 * len(made)):
        bent = bytearray(made)
        bent[bit // 8] ^= 1 << bit % 8
        assert verify_token((KEY,), "results", bent.decode("latin-1"), NOW) is None


def test_a_token_has_one_spelling_only() -> None:
    made = token(subject="x" * 14)
    assert len(raw_bytes(made)) % 3 != 0  # Some bits of the last character are spare.
    for respelled in (made + "=", made + "==", made + "\n", " " + made, made[:9] + "." + made[9:]):
        assert verify_token((KEY,), "results", respelled, NOW) is None
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    accepted = [end for end in alphabet if verify_token((KEY,), "results", made[:-1] + end, NOW)]
    assert accepted == [made[-1]]


def test_another_kind_is_refused() -> None:
    assert verify_token((KEY,), "preview", token(), NOW) is None


def test_a_kind_that_begins_like_another_is_refused() -> None:
    made = token(kind="result", subject="s" + "x" * 15)
    assert verify_token((KEY,), "results", made, NOW) is None


def test_another_workspace_is_refused() -> None:
    made = token()
    assert verify_token((KEY,), "results", made, NOW, workspace_id=OTHER_WORKSPACE) is None
    assert verify_token((KEY,), "results", made, NOW, workspace_id=WORKSPACE)


def test_another_subject_is_refused() -> None:
    made = token()
    for other in ("", "post_purchase2", "post_purchas", "Post_purchase"):
        assert verify_token((KEY,), "results", made, NOW, subject=other) is None
    assert verify_token((KEY,), "results", made, NOW, subject="post_purchase")


def test_it_is_good_until_its_expiry_and_refused_from_then_on() -> None:
    made = token()
    assert verify_token((KEY,), "results", made, SOON - SECOND)
    assert verify_token((KEY,), "results", made, SOON) is None
    assert verify_token((KEY,), "results", made, SOON + SECOND) is None


def test_another_key_is_refused() -> None:
    assert verify_token((OLD_KEY,), "results", token(), NOW) is None


def test_a_rotated_key_verifies_while_it_is_listed_and_no_longer() -> None:
    made = token(keys=(OLD_KEY,))

    assert verify_token((KEY, OLD_KEY), "results", made, NOW)
    assert verify_token((KEY,), "results", made, NOW) is None


def test_the_first_key_signs() -> None:
    made = token(keys=(KEY, OLD_KEY))

    assert verify_token((KEY,), "results", made, NOW)
    assert verify_token((OLD_KEY,), "results", made, NOW) is None


def test_without_keys_nothing_verifies_and_nothing_is_signed() -> None:
    assert verify_token((), "results", token(), NOW) is None
    with pytest.raises(ValueError, match="needs a key"):
        token(keys=())


@pytest.mark.parametrize(
    "text",
    ["", "A", "AA", "====", "é", "\x00", "\ud800", "A" * 54, "A" * 400, "A" * 10_000_000, "%2e%2e"],
)
def test_malformed_text_is_refused_without_an_error(text: str) -> None:
    assert verify_token((KEY,), "results", text, NOW) is None


@given(st.text(max_size=120))
def test_any_text_is_refused_without_an_error(text: str) -> None:
    assert verify_token((KEY,), "results", text, NOW) is None


@given(st.binary(max_size=120))
def test_any_bytes_are_refused_without_an_error(raw: bytes) -> None:
    assert verify_token((KEY,), "results", spelled(raw), NOW) is None


def test_every_shortened_token_is_refused() -> None:
    made = token()
    for length in range(len(made)):
        assert verify_token((KEY,), "results", made[:length], NOW) is None


def test_a_wanted_kind_of_any_text_is_refused_without_an_error() -> None:
    for kind in ("", "é", "\ud800", "x" * 1000):
        assert verify_token((KEY,), kind, token(), NOW) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ""},
        {"kind": "x" * 33},
        {"kind": "é"},
        {"subject": "x" * 256},
        {"subject": "\ud800"},
        {"expires_at": datetime(2026, 1, 1)},  # noqa: DTZ001
    ],
)
def test_what_does_not_fit_the_layout_is_not_signed(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        token(**changes)


def test_links_handed_out_by_earlier_releases_stay_good() -> None:
    assert token() == (
        "Aeo3B3Jlc3VsdHMBmo8AAABwAIAAAAAAAAABAGmle8Bwb3N0X3B1cmNoYXNlfyXD9c3KA6OSoHYSeWTq9w"
    )


def test_a_token_says_nothing_about_its_key() -> None:
    raw = raw_bytes(token())
    assert KEY[:4] not in raw


def test_a_results_link_token_stays_short() -> None:
    assert len(token()) <= 84
