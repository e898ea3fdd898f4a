"""The codebook names every column of the export, with its codes, scale and versions."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from api_client import Api
from spoken_survey import ANSWERS, SURVEY

CODEBOOK = "/v1/surveys/visit/codebook"


@pytest.fixture
async def pushed(api: Api) -> Api:
    await api.push(SURVEY)
    later = {
        **SURVEY,
        "questions": [
            *SURVEY["questions"][1:],
            {"type": "ces", "key": "effort", "variant": "1", "text": {"en": "Effort?", "de": "M?"}},
        ],
    }
    reply = await api.push(later)
    assert reply.status_code in {200, 201}, reply.text
    return api


async def columns(api: Api) -> dict[str, dict[str, Any]]:
    found = (await api.http.get(f"{CODEBOOK}.json")).json()
    return {each["column"]: each for each in found["columns"]}


async def test_it_has_the_columns_of_the_export_in_their_order(pushed: Api) -> None:
    await pushed.submit(ANSWERS[0] | {"recommend": None}, survey="visit")
    head = (await pushed.http.get("/v1/surveys/visit/export.csv")).text.splitlines()[0]

    assert list(await columns(pushed)) == head.split(",")


async def test_each_column_says_its_question_codes_scale_and_versions(pushed: Api) -> None:
    found = await columns(pushed)

    assert found["recommend"]["title"] == {"en": "Recommend us?", "de": "Empfehlen?"}
    assert [found["recommend"][name] for name in ("low", "high", "direction", "versions")] == [
        0, 10, "higher_is_better", [1],
    ]  # fmt: skip
    assert (found["effort"]["direction"], found["effort"]["versions"]) == ("lower_is_better", [2])
    assert found["reason"]["options"][0] == {
        "code": "price",
        "label": {"en": "Price", "de": "Preis"},
    }
    assert found["parts__till"]["options"][1]["label"]["de"] == "Schlecht"
    assert (found["liked__food"]["part"], found["liked__food"]["kind"]) == ("food", "truth")
    assert found["response_id"]["type"] == "response"


@pytest.mark.parametrize(("locale", "separator"), [("", ","), ("de", ";")])
async def test_the_file_has_a_row_for_each_code(pushed: Api, locale: str, separator: str) -> None:
    query = {"locale": locale} if locale else {}
    text = (await pushed.http.get(f"{CODEBOOK}.csv", params=query)).text

    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    assert [(row["code"], row["label_en"], row["label_de"]) for row in rows
            if row["column"] == "reason"] == [
        ("price", "Price", "Preis"), ("speed", "Speed", "Tempo"), ("other", "Other", "Anderes"),
    ]  # fmt: skip
    assert {row["column"] for row in rows} == set(await columns(pushed))
