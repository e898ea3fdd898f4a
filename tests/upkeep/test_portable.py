"""A row is the same line on both databases, and comes back as it was."""

from __future__ import annotations

import json

import pytest
from every_table import DOCUMENTS, ROWS, filled, lines_of
from hypothesis import given
from hypothesis import strategies as st

from harken_server.tables import TABLES
from harken_server.upkeep.store.portable import all_forms, one_spelling

NUMBERS = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
)


async def test_every_table_has_a_form_with_all_its_columns() -> None:
    declared = {t._meta.tablename: tuple(c._meta.name for c in t._meta.columns) for t in TABLES}

    assert {form.table: form.columns for form in all_forms()} == declared


async def test_the_same_rows_are_the_same_lines_in_the_same_order_on_both_databases(
    sqlite_url: str, postgres_url: str
) -> None:
    on_sqlite = await lines_of(await filled(sqlite_url))
    on_postgres = await lines_of(await filled(postgres_url))

    assert {table: len(lines) for table, lines in on_sqlite.items()} == dict.fromkeys(
        on_sqlite, ROWS
    )
    assert on_sqlite == on_postgres


async def test_a_line_can_be_read_by_people(database_url: str) -> None:
    lines = (await lines_of(await filled(database_url)))["response"]
    (form,) = [form for form in all_forms() if form.table == "response"]
    row = dict(zip(form.columns, json.loads(lines[1]), strict=True))

    assert len(row["id"].split("-")) == 5
    assert 1_777_000_000_000 < row["submitted_at"] < 1_780_000_000_000
    assert row["is_sample"] is True
    assert row["respondent"] is None
    assert row["answers"] == json.loads(DOCUMENTS[1])


@given(VALUES)
def test_a_document_has_one_spelling_and_keeps_what_it_says(value: object) -> None:
    spelled = bytes(one_spelling(json.dumps(value)))

    assert bytes(one_spelling(spelled)) == spelled
    assert bytes(one_spelling(json.dumps(value, indent=1, sort_keys=True))) == spelled


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.0", "1"), ("1e300", "1" + "0" * 300), ("1e2", "100"), (str(2**53 + 1), str(2**53))],
)
def test_a_number_is_spelled_alike_however_a_database_writes_it(one: str, other: str) -> None:
    assert bytes(one_spelling(f'{{"a":{one}}}')) == bytes(one_spelling(f'{{"a":{other}}}'))
