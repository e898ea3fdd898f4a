"""A file that is read while answers arrive is one moment's, and can be taken up in the middle."""

from __future__ import annotations

import csv
import io
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import pytest
from api_client import Api

from harken_server.database.postgres import database as postgres_database
from harken_server.database.sqlite import readers
from harken_server.exports.file_kinds import FORMATS
from harken_server.exports.options import CsvQuery
from harken_server.exports.sending import open_export
from harken_server.exports.shaped import ROWS_AT_ONCE
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.access import WorkspaceCatalog

RESPONSES = 3 * ROWS_AT_ONCE
COLUMNS = "response_id,recommend,why,state,cursor"


@pytest.fixture
async def filled(live: Api, monkeypatch: pytest.MonkeyPatch) -> Api:
    """Partial answers, of which each page of a long read takes a few."""
    monkeypatch.setattr(readers, "CHUNK", ROWS_AT_ONCE)
    monkeypatch.setattr(postgres_database, "CHUNK", ROWS_AT_ONCE)
    for number in range(RESPONSES):
        assert (await live.submit({"recommend": number % 7}, complete=False)).is_success
    return live


async def change(api: Api, row: dict[str, str]) -> None:
    """The response of the row is completed, unless it is already."""
    if row["state"] == "complete":
        return
    answers = {"recommend": 6, "why": "Changed while it was read."}
    sent = await api.submit(answers, id=row["response_id"], sequence=2, complete=True)
    assert sent.is_success, sent.text


async def download(api: Api, *, breaks_after: int | None = None, **query: Any) -> str:
    """The file, read while after each piece one answer arrives and one changes."""
    runtime = api.runtime
    workspace = await runtime.of(WorkspaceCatalog).get(runtime.home)
    record = await get_survey(runtime.db, workspace.id, "post_purchase")
    assert record is not None
    export = await open_export(runtime, workspace, record, CsvQuery(columns=COLUMNS, **query))
    text, pieces = b"", 0
    async with aclosing(FORMATS["csv"].stream(export)) as stream:
        async for piece in stream:
            text += piece
            pieces += 1
            if pieces == breaks_after:
                return text[: -len(piece) // 2].decode()  # in the middle of a line
            assert (await api.submit({"recommend": 10})).is_success
            await change(api, rows(piece.decode())[-1])
    return text.decode()


def rows(text: str) -> list[dict[str, str]]:
    """Whole lines alone, with or without the heading."""
    whole = text[: text.rfind("\n") + 1]
    heading = f"{COLUMNS}\n"
    return list(csv.DictReader(io.StringIO(heading + whole.removeprefix(heading), newline="")))


async def test_what_arrives_or_changes_meanwhile_is_not_in_it(filled: Api) -> None:
    found = rows(await download(filled))

    assert len(found) == len({row["response_id"] for row in found}) == RESPONSES
    assert {row["state"] for row in found} == {"partial"}
    assert {row["why"] for row in found} == {""}


async def test_one_that_broke_off_is_taken_up_and_none_is_missing_or_torn(filled: Api) -> None:
    first = rows(await download(filled, breaks_after=2))
    assert 0 < len(first) < RESPONSES
    await change(filled, first[0])
    new = str(uuid4())
    assert (await filled.submit({"recommend": 9}, id=new)).is_success
    rest = rows(await download(filled, after=first[-1]["cursor"]))

    read = [row["response_id"] for row in (*first, *rest)]
    twice = {each for each in read if read.count(each) > 1}
    now = {row["response_id"] for row in rows(await download(filled))}
    arrived_while_rest_was_read = now - {*read}
    assert len(now) - len(arrived_while_rest_was_read) == len({*read})
    changed = {row["response_id"] for row in first if row["state"] == "partial"} & twice
    assert twice == changed  # told again, as it is now, because it changed since
    assert twice
    later = {row["response_id"]: row for row in rest}
    assert later[new]["recommend"] == "9"
    for each in twice:
        assert (later[each]["state"], later[each]["why"]) == (
            "complete", "Changed while it was read.",
        )  # fmt: skip
    followed = rows(await download(filled, after=rest[-1]["cursor"]))
    assert arrived_while_rest_was_read <= {row["response_id"] for row in followed}
