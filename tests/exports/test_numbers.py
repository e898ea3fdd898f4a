"""A number reads the same in every file, whichever database it came from."""

from __future__ import annotations

import struct

from export_lines import NUMBERS
from hypothesis import given
from hypothesis import strategies as st

from harken_server.database.opening import open_database
from harken_server.kernel.numbers import number_text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_gives_the_number_back(number: float) -> None:
    assert struct.pack("d", float(number_text(number))) == struct.pack("d", number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_number_of_whatever_size_has_an_exponent(number: float) -> None:
    assert set(number_text(number)) <= set("-.0123456789")


async def test_the_digits_are_those_of_postgres(postgres_url: str) -> None:
    numbers = [*NUMBERS, *(m * 10.0**e for e in range(-9, 22) for m in (1, -1.5, 9.999999999999))]
    numbers += [1e15 + 0.5, 2**53 - 1.0, 2**52 + 0.5, 4.5e15 + 0.5, 9.999999999999998e15]
    db = await open_database(postgres_url)
    rows = await db.fetch(
        "SELECT number::text::numeric::text FROM unnest($1::float8[]) AS n (number)", numbers
    )
    await db.close()

    assert [number_text(number + 0.0) for number in numbers] == [text for (text,) in rows]
