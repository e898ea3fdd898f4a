"""QR symbols: smallest version, best correction, and exactly what the library would draw."""

import random

import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tiers import pairwise

from harken_server.invitations.codes import make_code
from harken_server.kernel.errors import InvalidInputError
from harken_server.qr.pictures import MAX_PAYLOAD_BYTES, Correction, Symbol, make_symbol

LIBRARY_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}
LEVELS = ("L", "M", "Q", "H")
DATA_BYTES = {
    "L": (19, 34, 55, 80, 108, 136, 156, 194, 232),
    "M": (16, 28, 44, 64, 86, 108, 124, 154, 182),
    "Q": (13, 22, 34, 48, 62, 76, 88, 110, 132),
    "H": (9, 16, 26, 36, 46, 60, 66, 86, 100),
}
"""Of versions 1 to 9 (ISO/IEC 18004:2015, table 7)."""
TEXTS = st.one_of(
    st.text(alphabet="0123456789", min_size=1, max_size=120),
    st.text(alphabet="0123456789ABCXYZ $%*+-./:", min_size=1, max_size=120),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
)


def drawn_by_the_library(payload: str, version: int, correction: Correction) -> list[str]:
    code = qrcode.QRCode(version=version, error_correction=LIBRARY_LEVELS[correction], border=0)
    code.add_data(payload.encode(), optimize=0)
    code.make(fit=False)
    return ["".join("01"[bool(module)] for module in row) for row in code.modules]


@settings(max_examples=30, deadline=None)
@given(TEXTS, st.sampled_from(LEVELS))
def test_the_symbol_is_the_one_the_library_draws_with_its_automatic_mask(
    payload: str, correction: Correction
) -> None:
    symbol = make_symbol(payload, correction)

    expected = drawn_by_the_library(payload, symbol.version, symbol.correction)
    assert list(symbol.rows) == expected


def test_large_symbols_with_version_information_are_the_librarys_too() -> None:
    chance = random.Random(18004)
    for length in (120, 200, 340, 512):
        payload = "".join(chance.choices("abcdefgh", k=length))
        symbol = make_symbol(payload)
        assert symbol.version >= 7
        assert list(symbol.rows) == drawn_by_the_library(payload, symbol.version, symbol.correction)


@pytest.mark.parametrize(
    ("version", "alphanumeric", "bytes_"),
    [
        (1, (25, 20, 16), (17, 14, 11)),
        (3, (77, 61, 47), (53, 42, 32)),
        (10, (395, 311, 221), (271, 213, 151)),
    ],
)
def test_capacities_are_those_of_the_standard(
    version: int, alphanumeric: tuple[int, ...], bytes_: tuple[int, ...]
) -> None:
    for letter, capacities in (("A", alphanumeric), ("a", bytes_)):
        for correction, capacity in zip(("L", "M", "Q"), capacities, strict=True):
            assert make_symbol(letter * capacity, correction).version == version
            assert make_symbol(letter * (capacity + 1), correction).version == version + 1


def test_correction_is_raised_as_far_as_the_version_stays_the_same() -> None:
    assert make_symbol("A" * 16, "L").correction == "Q"
    assert make_symbol("A" * 17, "L").correction == "M"
    assert make_symbol("A" * 25, "L").correction == "L"
    assert make_symbol("A" * 5, "M").correction == "H"


def test_an_invitation_of_a_24_character_host_needs_version_3_at_most() -> None:
    host = "FEEDBACK.ACME-STORES.COM"
    assert len(host) == 24

    symbol = make_symbol(f"HTTPS://{host}/I/{make_code(bytes(range(8)))}")

    assert symbol.version <= 3
    assert symbol.size <= 29
    assert symbol.correction in {"M", "Q", "H"}


def test_an_invitation_of_a_short_host_needs_version_2() -> None:
    assert make_symbol(f"HTTPS://FB.ACME.COM/I/{make_code(bytes(8))}").version == 2


@pytest.mark.parametrize(*pairwise(correction=LEVELS, scheme=["https", "http"]))
@pytest.mark.few(1)
def test_a_scheme_is_small_exactly_where_the_symbol_does_not_grow_by_it(
    scheme: str, correction: Correction
) -> None:
    written = set()
    for length in range(1, 60):
        rest = "ACME.CO/I/" + "K" * length
        link = f"{scheme}://{rest}".upper()
        capitals = smallest(13 + alphanumeric_bits(link), correction)
        small = smallest(12 + 8 * len(f"{scheme}://") + 13 + alphanumeric_bits(rest), correction)

        for given_link in (link, f"{scheme}://{rest}"):
            symbol = make_symbol(given_link, correction)

            assert symbol.version == capitals
            assert read(symbol) == (f"{scheme}://{rest}" if small == capitals else link)
        written.add(small == capitals)
    assert written == {True, False}


@pytest.mark.parametrize("correction", LEVELS)
def test_the_scheme_of_a_link_in_bytes_is_small_and_the_rest_as_it_is(
    correction: Correction,
) -> None:
    assert read(make_symbol("HTTPS://Acme.co/s/Visit", correction)) == "https://Acme.co/s/Visit"
    assert read(make_symbol("HTTPS", correction)) == "HTTPS"


def smallest(bits: int, correction: Correction) -> int:
    return next(v for v, n in enumerate(DATA_BYTES[correction], start=1) if bits <= 8 * n)


def alphanumeric_bits(text: str) -> int:
    return len(text) // 2 * 11 + len(text) % 2 * 6


def read(symbol: Symbol) -> str:
    side = symbol.size + 8
    rows = ["0" * side] * 4 + [f"0000{row}0000" for row in symbol.rows] + ["0" * side] * 4
    grey = bytes(255 * (module == "0") for row in rows for module in row)
    picture = Image.frombytes("L", (side, side), grey)
    (found,) = zxingcpp.read_barcodes(
        picture.resize((side * 4, side * 4), Image.Resampling.NEAREST)
    )
    return found.text


def test_the_longest_text_fits_at_every_level() -> None:
    for correction in LEVELS:
        assert make_symbol("é" * (MAX_PAYLOAD_BYTES // 2), correction).version <= 25


@pytest.mark.parametrize("payload", ["", "x" * 513, "é" * 257])
def test_no_text_or_too_much_is_refused_with_the_limit_named(payload: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 512 bytes") as caught:
        make_symbol(payload)

    assert caught.value.problems[0].limit == MAX_PAYLOAD_BYTES


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert make_symbol("\ud800").rows == make_symbol("?").rows
