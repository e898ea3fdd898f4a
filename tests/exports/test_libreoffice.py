"""LibreOffice reads the CSV of its country: numbers are numbers, texts stay texts, nothing runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from api_client import Api
from spoken_survey import ANSWERS, SURVEY
from tiers import nightly

OFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.processes,
    pytest.mark.seconds,
    pytest.mark.skipif(OFFICE is None, reason="no LibreOffice here"),
]
LANGUAGES = {"en": (44, 1033), "de": (59, 1031), "fr": (59, 1036)}
"""The sign between cells that the program expects, and its number of the language."""


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("locale", ["de", nightly("en"), nightly("fr")])
async def test_the_program_reads_what_was_answered(api: Api, tmp_path: Path, locale: str) -> None:
    await api.push(SURVEY)
    for answers in ANSWERS:
        await api.submit(answers, survey="visit")
    query = {"dialect": "spreadsheet", "locale": locale, "tz": "Europe/Berlin",
             "columns": "recommend,reason__other,spent,why,answered_at"}  # fmt: skip
    reply = await api.http.get("/v1/surveys/visit/export.csv", params=query)
    file = tmp_path / "answers.csv"
    file.write_bytes(reply.content)

    rows = opened(file, *LANGUAGES[locale])

    assert rows[0] == ["recommend", "reason__other", "spent", "why", "answered_at"]
    assert [row[:4] for row in rows[1:]] == [
        [9.0, "", 12.5, "'=SUM(A1)"],
        [3.0, "Smell; noise", -1234.25, "'007"],
        [7.0, "", "", ""],
    ]
    assert {str(row[4])[:16] for row in rows[1:]} == {"2026-11-21 13:00"}


def opened(file: Path, separator: int, language: int) -> list[list[Any]]:
    """The cells as the program has them, of a file that it opens as one of its own country."""
    from python_calamine import load_workbook

    subprocess.run(
        [
            str(OFFICE), f"-env:UserInstallation=file://{file.parent}/profile", "--headless",
            f"--infilter=CSV:{separator},34,76,1,,{language},false,true", "--convert-to", "xlsx",
            "--outdir", str(file.parent), str(file),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return load_workbook(str(file.with_suffix(".xlsx"))).get_sheet_by_index(0).to_python()
