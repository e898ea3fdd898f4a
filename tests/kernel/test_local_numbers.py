"""Numbers are read as people of a language write them, and what is written is read back."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.languages import LANGUAGES
from harken_server.kernel.local.numbers import read_number, say_number, signs_of

OTHERS = ("de-AT", "de-CH", "fr-CH", "fr-CA", "es-MX", "pt-PT", "pt-BR", "ar-MA", "en-IN", "en-ZA")
FURTHER = ("fa", "hi", "bn", "ja", "tr", "ru", "fi", "eo")
LOCALES = (*LANGUAGES, *OTHERS, *FURTHER)
ZEROS = "0\u0660\u06f0\u0966\u09e6\uff10"
"""Where the digits of six scripts begin: Latin, Arabic, Persian, Hindi, Bengali, full-width."""
MINUSES = "-\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
THOUSANDS = [" ", "\u00a0", "\u202f", "\u2009", "'", "\u2019", "\u02bc", "\u066c"]
"""Signs that part thousands and mean nothing else, in whatever language."""


CLDR: dict[str, str] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "number_signs.json").read_text("utf-8")
)["locales"]


def test_signs_of_all_locales_of_our_languages_are_those_of_the_cldr() -> None:
    wanted = {locale: signs for signs, locales in CLDR.items() for locale in locales.split()}

    assert wanted.keys() >= set(LANGUAGES)
    assert {locale: "".join(signs_of(locale)) for locale in wanted} == wanted


@pytest.mark.parametrize("locale", LOCALES)
@given(
    st.one_of(
        st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1),
        st.floats(min_value=-1e15, max_value=1e15, allow_nan=False),
        st.decimals(min_value=-99_999, max_value=99_999, places=3).map(float),
    ),
    st.booleans(),
)
def test_what_is_said_is_read_back_as_the_same_number(
    locale: str, number: float, parted: bool
) -> None:
    said = say_number(number, locale, parted=parted)

    if len(said.strip("-").partition(signs_of(locale).decimal)[2]) <= 20:
        assert read_number(said, locale) == number
    assert "e" not in said


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sign_between_thousands_is_never_a_decimal_sign(locale: str) -> None:
    group = signs_of(locale).group

    for is_whole in (True, False):
        assert read_number(f"1{group}000", locale, is_whole=is_whole) == 1000
        assert read_number(f"250{group}000", locale, is_whole=is_whole) == 250_000
        assert read_number(f"1{group}234{group}567", locale, is_whole=is_whole) == 1_234_567
        assert read_number(f"12{group}34", locale) != 1234


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("typed", ["1,000", "1.000", "250.000", "250,000", "12.345.000"])
def test_a_thousand_is_a_thousand_or_asked_back_wherever_it_is_typed(
    locale: str, typed: str
) -> None:
    thousand = int(typed.replace(",", "").replace(".", ""))

    assert read_number(typed, locale, is_whole=True) in {thousand, None}
    assert read_number(typed, locale) in {thousand, None}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("typed", ["3.5", "3,5", "3.50", "3,50", "0.125", "0,125", ".5", ",5"])
def test_a_point_or_comma_that_can_only_be_a_decimal_sign_is_one(locale: str, typed: str) -> None:
    assert read_number(typed, locale) == float(f"0{typed}".replace(",", "."))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("zero", ZEROS, ids=ascii)
def test_digits_of_every_script_and_signs_of_every_shape_are_read(locale: str, zero: str) -> None:
    decimal = signs_of(locale).decimal
    shaped = {ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)}

    for group, minus in itertools.product(THOUSANDS, MINUSES):
        typed = f"{minus}1{group}234{group}567{decimal}5".translate(shaped)
        assert read_number(f" \u200e{typed}\u200f", locale) == -1_234_567.5
        assert read_number(f"+12{group}000".translate(shaped), locale) == 12_000


@pytest.mark.parametrize(("typed", "locale", "number"), [
    ("1,234.56", "en", 1234.56), ("1.234,56", "de", 1234.56), ("1 234,56", "fr", 1234.56),
    ("1.234,56", "en", 1234.56), ("1,234.56", "de", 1234.56), ("1\u2019234.56", "de-CH", 1234.56),
    ("\u0661\u066c\u0662\u0663\u0664\u066b\u0665\u0666", "ar", 1234.56),
    ("\u06f1\u066c\u06f2\u06f3\u06f4\u066b\u06f5\u06f6", "fa", 1234.56),
    ("\u0661\u060c\u0665", "ar", 1.5),
    ("12,34,567.5", "hi", 1_234_567.5), ("12,34,567", "en-IN", 1_234_567),
    ("1.234", "en", 1.234), ("1,234", "de", 1.234), ("1,234", "fr", 1.234),
    ("1.234", "de", 1234), ("1,234", "en", 1234), ("1,234", "he", 1234), ("1.234", "pt", 1234),
    ("1.234", "pl", None), ("1.234", "nb", None), ("1,234", "de-CH", None),
    ("\u0661\u060c\u0662\u0663\u0664", "ar", None),

    ("5.", "en", 5), ("007", "en", 7), ("-0", "en", 0), ("\u2212 5", "en", -5),
])  # fmt: skip
def test_each_language_reads_its_own_way(typed: str, locale: str, number: float | None) -> None:
    assert read_number(typed, locale) == number


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("typed", [
    "", " ", ".", ",", "-", "+", "1e5", "nan", "inf", "\u00bd", "1/2", "0x10", "1_000", "--1",
    "1-", "5 \u20ac", "12 34", "1 2", "1,2,3", "1.2.3", "1,00,0", "1.234.5", "1,234,56",
    "0,123,456",
    "1. 5", "1\u066b5\u066b5", "1,234.5.6", "1.5,5.5", "9" * 21, "1" * 61,
    "\u0661\u0662 abc", "\u00b2", "1\n2",
])  # fmt: skip
def test_what_is_no_number_or_in_doubt_is_asked_back(locale: str, typed: str) -> None:
    assert read_number(typed, locale) is None


@given(st.text(max_size=70), st.sampled_from(LOCALES), st.booleans())
def test_whatever_is_typed_is_read_or_asked_back(typed: str, locale: str, is_whole: bool) -> None:
    number = read_number(typed, locale, is_whole=is_whole)

    assert number is None or read_number(say_number(number, locale), locale) == number


def test_thousands_are_parted_from_five_digits_on_as_the_language_does() -> None:
    said = [say_number(1234567.25, locale, parted=True) for locale in ("en", "de", "fr", "hi")]

    assert said == ["1,234,567.25", "1.234.567,25", "1\u202f234\u202f567,25", "12,34,567.25"]
    assert say_number(2026, "en", parted=True) == "2026"
    assert say_number(1234567.25, "de") == "1234567,25"
