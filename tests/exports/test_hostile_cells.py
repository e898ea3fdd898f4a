"""Files for spreadsheets with hostile texts, opened by another reader: cells stay texts."""

from __future__ import annotations

import csv
import io
import json
from urllib.parse import urlsplit

from api_client import Api
from hostile_texts import TRICKS
from tiers import POSTGRES_NIGHTLY

from harken_server.kernel.sheet_cells import guard_formula

pytestmark = POSTGRES_NIGHTLY
TEXTS = [trick for trick in TRICKS if "\x00" not in trick and len(trick) <= 500]


def as_kept(text: str) -> str:
    """Answers have one sort of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


async def opened(api: Api, address: str) -> list[list[str]]:
    reply = await api.http.get(address)
    assert reply.status_code == 200, reply.text
    lines = list(
        csv.reader(io.StringIO(reply.content.decode("utf-8-sig"), newline=""), strict=True)
    )
    assert {len(line) for line in lines} == {len(lines[0])}
    return lines


async def test_no_answer_and_no_name_is_a_formula_or_a_second_cell(live: Api) -> None:
    for trick in TEXTS:
        named = {} if not trick.strip() or len(trick) > 200 else {"respondent": trick}
        reply = await live.submit(
            {"recommend": 3, "reason": {"other": trick}, "why": trick},
            context={"store": trick},
            **named,
        )
        assert reply.status_code in {200, 201}, (trick, reply.text)

    export = "/v1/surveys/post_purchase/export.csv"
    sheet = await opened(live, f"{export}?dialect=spreadsheet")
    raw = await opened(live, f"{export}?dialect=raw")
    link = await live.http.post("/v1/surveys/post_purchase/results-link", json={"days": 9})
    parts = urlsplit(link.json()["url"])
    comments = await opened(live, f"{parts.path}/comments.csv?{parts.query}")

    assert len(sheet) == len(raw) == len(TEXTS) + 1
    for line in (*sheet, *comments):
        assert all(guard_formula(cell) == cell or cell[0] == "'" for cell in line)
    why = raw[0].index("why")
    assert {line[why] for line in raw[1:]} == set(map(as_kept, TEXTS))


async def test_each_line_of_jsonl_is_one_response(live: Api) -> None:
    for trick in TEXTS:
        await live.submit({"recommend": 3, "why": trick})

    lines = (await live.http.get("/v1/surveys/post_purchase/export.jsonl")).content.split(b"\n")

    said = [json.loads(line)["answers"]["why"] for line in lines if line]
    assert sorted(said) == sorted(map(as_kept, TEXTS))
