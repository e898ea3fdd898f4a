"""A number reads the same in every file, whichever database it came from."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import struct

import msgspec
from export_lines import NUMBERS, Line, csv_of, jsonl_of, store_lines
from hypothesis import example, given
from hypothesis import strategies as st

from harken_server.database.database import Database
from harken_server.database.opening import open_database
from harken_server.kernel.numbers import number_text, plain_members
from harken_server.surveys.answers.typed_rows import AnswerRow

OF_EVERY_SIZE = [
    sign * digits * 10.0**power
    for power in range(-323, 300, 13)
    for digits in (1, 9.999999999999)
    for sign in (1, -1)
] + [1e-4, 1e-5, 1.5000000000000002e-05, 5e-324, 1e15, 1e16, 1.7976931348623157e308]
AN_EXPONENT = re.compile(r"(?<![\w\"])-?\d+(?:\.\d+)?[eE][+-]?\d+")


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


@given(st.floats(allow_nan=False, allow_infinity=False))
@example(1.5000000000000002e-05)
def test_no_number_in_json_has_an_exponent_and_each_reads_back(number: float) -> None:
    text = msgspec.json.encode(plain_members({"n": number})).decode()

    assert set(text[5:-1]) <= set("-.0123456789")
    assert float(json.loads(text)["n"]) == number


async def test_every_file_has_plain_digits_in_answers_context_and_probability(
    database: Database,
) -> None:
    lines = [
        Line(
            place,
            [AnswerRow("spent", number=number)],
            context=msgspec.json.encode({"amount": number, "code": "1e-7"}).decode(),
            probability=min(1.0, math.fabs(number)) or 0.5,
        )
        for place, number in enumerate(OF_EVERY_SIZE, start=1)
    ]
    await store_lines(database, lines)

    files = {
        "jsonl": (await jsonl_of(database)).decode(),
        "raw": (await csv_of(database)).decode(),
        "spreadsheet": (await csv_of(database, dialect="spreadsheet")).decode("utf-8-sig"),
    }

    assert {name: AN_EXPONENT.findall(text) for name, text in files.items()} == {
        name: [] for name in files
    }
    said = [json.loads(line) for line in files["jsonl"].splitlines()]
    assert [float(line["answers"]["spent"]) for line in said] == OF_EVERY_SIZE
    for name in ("raw", "spreadsheet"):
        rows = [*csv.DictReader(io.StringIO(files[name]))]
        assert [float(row["spent"]) for row in rows] == OF_EVERY_SIZE
        contexts = [json.loads(row["context"]) for row in rows]
        assert [float(each["amount"]) for each in contexts] == OF_EVERY_SIZE
        assert {each["code"] for each in contexts} == {"1e-7"}
        assert [float(row["probability"]) for row in rows] == [line.probability for line in lines]
