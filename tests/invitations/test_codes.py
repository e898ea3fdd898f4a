"""Short codes: dense, readable, and slips are found out."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.invitations.codes import (
    ALPHABET,
    CODE_LENGTH,
    RANDOM_BYTES,
    check_character,
    make_code,
    parse_code,
)

EN_DASH = "\N{EN DASH}"
FULL_WIDTH_ZERO = "\N{FULLWIDTH DIGIT ZERO}"
CHANCE = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


def iso_7064_hybrid_check(values: list[int], modulus: int) -> int:
    """The check value as ISO/IEC 7064 section 9 defines it, by trying each one."""
    for check in range(modulus):
        product = modulus
        for value in [*values, check][:-1]:
            product = ((product + value) % modulus or modulus) * 2 % (modulus + 1)
        if (product + check) % modulus == 1:
            return check
    raise AssertionError("no check value fits")


def swapped(code: str, one: int, other: int) -> str:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]
    return "".join(letters)


def codes(count: int) -> list[str]:
    chance = random.Random(7064)
    return [make_code(chance.randbytes(RANDOM_BYTES)) for _ in range(count)]


def test_the_reference_of_this_test_gives_the_standards_own_example() -> None:
    # ISO/IEC 7064 gives 0794 with the check character 5 for MOD 11,10.
    assert iso_7064_hybrid_check([0, 7, 9, 4], 10) == 5


def test_the_check_character_is_the_one_of_iso_7064_mod_33_32() -> None:
    for code in codes(500):
        values = [ALPHABET.index(letter) for letter in code[:-1]]
        assert ALPHABET.index(check_character(code[:-1])) == iso_7064_hybrid_check(values, 32)


@given(CHANCE)
def test_a_code_reads_back_however_it_is_grouped_or_cased(chance: bytes) -> None:
    code = make_code(chance)

    assert len(code) == CODE_LENGTH
    assert parse_code(code) == code
    grouped = "-".join(code[start : start + 4] for start in range(0, len(code), 4))
    assert parse_code(grouped) == code
    assert parse_code(f"  {grouped.lower().replace('-', EN_DASH)}\n") == code


@given(CHANCE)
def test_letters_that_look_like_digits_are_read_as_digits(chance: bytes) -> None:
    code = make_code(chance)

    for zero in "oO":
        for one in "iIlL":
            assert parse_code(code.replace("0", zero).replace("1", one)) == code


@given(CHANCE, CHANCE)
def test_60_bits_of_chance_are_kept(first: bytes, second: bytes) -> None:
    same = int.from_bytes(first, "big") >> 4 == int.from_bytes(second, "big") >> 4

    assert (make_code(first) == make_code(second)) == same


def test_every_single_wrong_character_is_found_out() -> None:
    for code in codes(300):
        for place in range(CODE_LENGTH):
            for letter in ALPHABET.replace(code[place], ""):
                assert parse_code(code[:place] + letter + code[place + 1 :]) is None


def test_nearly_every_swap_of_neighbours_is_found_out() -> None:
    missed = tried = 0
    for code in codes(8000):
        for one, other in pairwise(range(CODE_LENGTH)):
            if code[one] != code[other]:
                tried += 1
                missed += parse_code(swapped(code, one, other)) is not None

    assert missed / tried <= 0.003


def test_nearly_every_swap_around_one_character_is_found_out() -> None:
    missed = tried = 0
    for code in codes(8000):
        for one in range(CODE_LENGTH - 2):
            if code[one] != code[one + 2]:
                tried += 1
                missed += parse_code(swapped(code, one, one + 2)) is not None

    assert missed / tried <= 0.03


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "000000000000",
        "00000000000044",
        "000000000000U",
        "00000000000ß4",
        FULL_WIDTH_ZERO * 13,
        "\x00" * 13,
        "000000000000\ud800",
        "-" * 65,
        "0000000000004" + " " * 60,
        "é" * 10_000_000,
    ],
)
def test_what_cannot_be_a_code_is_no_code(text: str) -> None:
    assert parse_code(text) is None


@given(st.text(max_size=80))
def test_any_text_may_be_typed(text: str) -> None:
    code = parse_code(text)

    assert code is None or parse_code(code) == code


@pytest.mark.parametrize("length", [0, 7, 9])
def test_any_other_number_of_random_bytes_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="exactly 8 random bytes"):
        make_code(bytes(length))


def test_codes_stay_inside_the_qr_alphanumeric_set_and_avoid_look_alikes() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("ILOU")
    assert set(ALPHABET) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
