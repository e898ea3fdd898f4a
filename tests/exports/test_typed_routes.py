"""Typed files over HTTP: what they hold, what is refused, and that a score counts their cells."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from api_client import Api
from pyarrow import parquet
from tiers import POSTGRES_NIGHTLY
from typed_files import read_calamine, read_sav

from harken_server.exports import extras

pytestmark = POSTGRES_NIGHTLY
SURVEY = "/v1/surveys/post_purchase"
ANSWERS: list[dict[str, Any]] = [
    {"recommend": 9, "reason": "price"},
    {"recommend": 5, "reason": {"other": "+47 22"}, "why": "=SUM(A1)"},
    {"recommend": 0, "why": "12345678901234567890"},
]


@pytest.fixture
async def answered(live: Api) -> Api:
    for answers in ANSWERS:
        assert (await live.submit(answers)).status_code == 201
    return live


async def file_of(api: Api, form: str, **query: str) -> bytes:
    reply = await api.http.get(f"{SURVEY}/export.{form}", params=query)
    assert reply.status_code == 200, reply.text
    assert f'.{form}"' in reply.headers["content-disposition"]
    assert "content-encoding" not in reply.headers
    return reply.content


@pytest.mark.processes
async def test_a_score_counts_the_cells_of_each_typed_file(answered: Api, tmp_path: Path) -> None:
    scores = (await answered.http.get(f"{SURVEY}/scores")).json()["scores"]
    n = next(each["n"] for each in scores if each["question"] == "recommend")

    sheet = openpyxl.load_workbook(io.BytesIO(await file_of(answered, "xlsx")))["responses"]
    heading, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    place = heading.index("recommend")
    frame, said = read_sav(await file_of(answered, "sav"), tmp_path)
    (tmp_path / "a.parquet").write_bytes(await file_of(answered, "parquet"))
    found = duckdb.sql(
        "SELECT recommend, reason, reason__other, why "
        f"FROM '{tmp_path}/a.parquet' ORDER BY recommend DESC"
    ).fetchall()

    assert n == 3 == sum(row[place] is not None for row in rows)
    assert sorted(frame["recommend"]) == [0, 5, 9]
    assert said.variable_value_labels["reason"]["price"] != "price"
    assert found == [
        (9, "price", None, None), (5, "other", "+47 22", "=SUM(A1)"),
        (0, None, None, "12345678901234567890"),
    ]  # fmt: skip


async def test_columns_labels_and_zones_are_those_of_every_export(answered: Api) -> None:
    asked = {"columns": "recommend,reason,submitted_at", "labels": "1", "tz": "Asia/Tokyo"}

    workbook = await file_of(answered, "xlsx", **asked)
    table = parquet.read_table(io.BytesIO(await file_of(answered, "parquet", **asked)))

    about = {str(name): value for name, value in read_calamine(workbook, "about")}
    assert about["time zone"] == "Asia/Tokyo"
    assert "columns=recommend,reason,submitted_at" in about["asked for"]
    assert table.column_names == ["recommend", "reason", "submitted_at"]
    assert str(table.schema.field("submitted_at").type) == "timestamp[ms, tz=Asia/Tokyo]"
    rows = read_calamine(workbook)
    assert [row[0] for row in rows] == [9, 5, 0]
    assert rows[0][1] == table.column("reason").to_pylist()[0] != "price"


@pytest.mark.parametrize(
    "form", ["xlsx", "parquet", pytest.param("sav", marks=pytest.mark.processes)]
)
async def test_what_is_asked_wrongly_is_a_problem_before_the_file(live: Api, form: str) -> None:
    for asked in ("tz=Nowhere/Land", "columns=nothing_like_it", "from=2026-02-02&to=2026-01-01"):
        reply = await live.http.get(f"{SURVEY}/export.{form}?{asked}")

        assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
    empty = await live.http.get(f"{SURVEY}/export.{form}")
    assert empty.status_code == 200
    assert empty.content


@pytest.mark.parametrize(("form", "extra"), [("parquet", "parquet"), ("sav", "spss")])
async def test_a_format_whose_library_is_missing_says_which_to_install(
    live: Api, form: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _: None)

    reply = await live.http.get(f"{SURVEY}/export.{form}")

    assert (reply.status_code, reply.json()["code"]) == (501, "extra_missing")
    assert f"harken-server[{extra}]" in reply.json()["detail"]
