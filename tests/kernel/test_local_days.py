"""Days are read as people of a language write them in digits; what may be two days is neither."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.languages import LANGUAGES
from harken_server.kernel.local.days import read_day

ZEROS = "0\u0660\u06f0\u0966\uff10"
DAYS = st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31))


@pytest.mark.parametrize("locale", LANGUAGES)
@given(DAYS, st.sampled_from(["-", "/", ".", " ", "\u2011"]), st.sampled_from(ZEROS))
def test_a_day_with_its_year_first_is_read_in_every_language(
    locale: str, day: date, sign: str, zero: str
) -> None:
    shaped = {ord("0") + digit: chr(ord(zero) + digit) for digit in range(10)}
    typed = day.isoformat().replace("-", sign).translate(shaped)

    assert read_day(f" \u200f{typed}\u200e ", locale) == day.isoformat()


@pytest.mark.parametrize("locale", [*LANGUAGES, "en-GB", "de-CH", "pt-BR"])
@given(DAYS, st.sampled_from([".", ". ", "/", "-"]))
def test_a_day_with_its_year_last_is_read_day_first_or_asked_back(
    locale: str, day: date, sign: str
) -> None:
    typed = f"{day.day}{sign}{day.month}{sign}{day.year}"
    is_doubtful = locale == "en" and "." not in sign and day.day <= 12 and day.day != day.month

    assert read_day(typed, locale) == (None if is_doubtful else day.isoformat())


@given(DAYS)
def test_americans_write_the_month_first(day: date) -> None:
    assert read_day(f"{day.month}/{day.day:02}/{day.year}", "en-US") == day.isoformat()


@pytest.mark.parametrize("typed", [
    "", "3.5.26", "31.2.2026", "0.5.2026", "2026-13-01", "2026-5", "3/5-2026", "1447-05-03",
    "3.5.2569", "20260503", "3 May 2026", "2026-05-03T10:00", "1" * 40, "03.05.02026",
])  # fmt: skip
def test_what_is_no_day_of_our_calendar_is_asked_back(typed: str) -> None:
    assert {read_day(typed, locale) for locale in LANGUAGES} == {None}


@given(st.text(max_size=40), st.sampled_from(LANGUAGES))
def test_whatever_is_typed_is_a_day_or_asked_back(typed: str, locale: str) -> None:
    day = read_day(typed, locale)

    assert day is None or date.fromisoformat(day)
