"""Decisions as files: whether somebody was asked and why, in each format, as the API tells them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import httpx
import pytest
from api_client import SURVEY, Api
from python_calamine import load_workbook
from team_survey import ANONYMOUS

URL = "/v1/decisions"
HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture
async def decided(api: Api) -> Api:
    """Two asked on two days, one of them again, and a touchpoint that asks nothing."""
    rules = [{"of": "context", "name": "store", "op": "exists"},
             {"of": "trait", "name": "plan", "op": "not_equals", "value": "free"}]  # fmt: skip
    pushed = await api.push({**SURVEY, "asking": {"only_when": rules}})
    assert pushed.status_code == 201, pushed.text
    fields: list[dict[str, Any]] = [
        {
            "respondent": HOSTILE,
            "traits": {"plan": "basic"},
            "context": {"store": "Oslo", "till": "7"},
        },
        {"respondent": "bo", "traits": {"plan": "gold"}, "context": {"store": "Bergen"}},
        {"respondent": "bo", "channel": "receipt", "context": {"store": "Oslo"}},
        {"touchpoint": "store.left"},
    ]
    for number, each in enumerate(fields):
        assert (await api.trigger(**each)).status_code == 201
        api.clock.move(days=number == 0, milliseconds=1)
    return api


async def get(api: Api, form: str = "csv", **query: Any) -> httpx.Response:
    reply = await api.http.get(f"{URL}.{form}", params=query)
    assert reply.status_code == 200, reply.text
    return reply


async def rows(api: Api, **query: Any) -> list[dict[str, str]]:
    text = (await get(api, **query)).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def reasons(api: Api, **query: Any) -> list[str]:
    return [row["reason"] for row in await rows(api, **query)]


async def test_each_decision_is_told_as_it_was_when_it_was_made(decided: Api) -> None:
    found = await rows(decided)

    assert [row["reason"] for row in found] == ["asked", "asked", "cooldown", "no_survey"]
    for row in found:
        told = (await decided.http.get(f"{URL}/{row['decision_id']}")).json()
        assert row["explanation"] == told["explanation"]
        assert row["asked"] == str(int(told["asked"]))
        assert row["decided_at"][:19] == told["decided_at"][:19]
        assert (row["respondent"], row["survey"]) == (
            told.get("respondent", ""), told.get("survey") or "",
        )  # fmt: skip
        assert row["invitation_id"] == told.get("invitation", {}).get("id", "")


async def test_only_those_that_are_asked_for_are_in_it(decided: Api) -> None:
    counts: list[tuple[dict[str, Any], int]] = [
        ({"asked": "true"}, 2),
        ({"asked": "false"}, 2),
        ({"reason": "cooldown"}, 1),
        ({"touchpoint": "store.left"}, 1),
        ({"channel": "receipt"}, 1),
        ({"respondent": "bo"}, 2),
        ({"survey": "post_purchase"}, 3),
        ({"to": "2026-11-21"}, 1),
        ({"from": "2026-11-22"}, 3),
        ({"from": "2026-11-22", "asked": "true"}, 1),
        ({"latest": 3}, 3),
        ({"latest": 1, "touchpoint": "order.delivered"}, 1),
    ]
    every = await rows(decided)

    for query, count in counts:
        found = await rows(decided, **query)
        assert (query, len(found)) == (query, count)
        assert [row for row in every if row in found] == found


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_days_are_those_of_the_workspace(decided: Api) -> None:
    """It was decided at noon of the 21st and the 22nd, UTC: in Auckland an hour after midnight."""
    await decided.http.put("/v1/timezone", json={"timezone": "Pacific/Auckland"})

    assert len(await rows(decided, **{"from": "2026-11-23"})) == 3
    assert len(await rows(decided, to="2026-11-21")) == 0


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_columns_context_traits_and_words_are_taken_as_in_exports_of_responses(
    decided: Api,
) -> None:
    columns = "reason,context__store,trait__plan,decided_at"
    found = await rows(decided, columns=columns, labels="both", tz="Europe/Oslo")

    assert list(found[0]) == [
        "reason", "reason__label", "context__store", "trait__plan", "decided_at",
    ]  # fmt: skip
    assert [row["context__store"] for row in found] == ["Oslo", "Bergen", "Oslo", ""]
    assert [row["trait__plan"] for row in found] == ["basic", "gold", "gold", ""]
    assert found[0]["decided_at"] == "2026-11-21T13:00:00.000+01:00"
    assert found[3]["reason__label"].startswith("There is no such survey")
    named = await rows(decided, columns="reason,asked", header="label")
    assert list(named[0]) == ["Why, or why not", "Whether the person was asked"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_every_format_holds_the_same_rows(decided: Api) -> None:
    plain = await rows(decided, columns="decision_id,respondent,reason,explanation")

    lines = [json.loads(line) for line in (await get(decided, "jsonl")).text.splitlines()]
    book = load_workbook(io.BytesIO((await get(decided, "xlsx")).content))
    head, *cells = book.get_sheet_by_name("decisions").to_python()
    parquet = (await get(decided, "parquet", columns="decision_id,respondent,reason")).content

    names = ("decision_id", "respondent", "reason", "explanation")
    assert [{name: line[name] or "" for name in names} for line in lines] == plain
    typed = [dict(zip(head, row, strict=True)) for row in cells]
    assert [{name: row[name] for name in names} for row in typed] == plain
    assert typed[0]["asked"] is True
    assert book.sheet_names == ["decisions", "codebook", "about"]
    assert _of_parquet(parquet) == [row["decision_id"] for row in plain]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_no_text_of_people_is_a_formula(decided: Api) -> None:
    sheet = await rows(decided, dialect="spreadsheet", columns="respondent")

    assert sheet[0]["respondent"] == f"'{HOSTILE}"
    german = (await get(decided, locale="de", columns="asked,probability,reason")).text
    assert german.splitlines()[0] == "asked;probability;reason"


async def test_an_interrupted_download_is_taken_up_after_its_last_whole_row(decided: Api) -> None:
    whole = await rows(decided, columns="decision_id,cursor")

    for place, row in enumerate(whole):
        rest = await rows(decided, columns="decision_id,cursor", after=row["cursor"])
        assert rest == whole[place + 1 :]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_what_is_decided_later_is_behind_the_link_to_the_next_part(decided: Api) -> None:
    first = await get(decided, columns="decision_id")
    decided.clock.move(minutes=5)
    made = (await decided.trigger(respondent="cy")).json()["id"]

    url = first.headers["link"][1:].split(">")[0].removeprefix("https://feedback.example.com")
    later = (await decided.http.get(url)).text.split()[1:]

    assert later[-1].strip('"') == made
    assert {*later} <= {*first.text.split(), f'"{made}"'}  # the last minute again, nothing else


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_it_is_smaller_on_its_way_for_whoever_takes_it_so(decided: Api) -> None:
    async with decided.http.stream(
        "GET", f"{URL}.csv", headers={"accept-encoding": "gzip"}
    ) as reply:
        sent = b"".join([piece async for piece in reply.aiter_raw()])

    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(sent) == (await get(decided)).content


async def test_of_a_survey_that_shows_nobody_alone_no_person_is_told(decided: Api) -> None:
    await decided.push({**ANONYMOUS, "touchpoints": ["shift.ended"]})
    for name in ("kim", "lee"):
        made = await decided.trigger(touchpoint="shift.ended", respondent=name)
        assert made.json()["asked"]

    found = await rows(decided, columns="*,context__store,cursor")

    assert [row["survey"] for row in found] == [*["post_purchase"] * 3, "", "team", "team"]
    for row in found[-2:]:
        known = {name: value for name, value in row.items() if value}
        assert known == {
            "decided_at": "2026-11-22T00:00:00.000Z", "touchpoint": "shift.ended",
            "channel": "api", "survey": "team", "asked": "1", "reason": "asked",
        }  # fmt: skip
    assert await reasons(decided, survey="team", **{"from": "2026-11-22"}) == ["asked", "asked"]
    assert await reasons(decided, respondent="kim") == []
    assert "team" not in (await get(decided, latest=100)).text
    for part in ({"respondent": "kim"}, {"latest": 1}, {"after": "0" * 32}):
        refused = await decided.http.get(f"{URL}.csv", params={"survey": "team", **part})
        assert (refused.status_code, refused.json()["code"]) == (403, "small_groups")


async def test_whoever_was_erased_is_in_no_file(decided: Api) -> None:
    assert (await decided.http.delete("/v1/respondents/bo")).is_success

    assert "bo" not in [row["respondent"] for row in await rows(decided)]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_what_is_asked_wrongly_is_said(api: Api) -> None:
    refusals: list[tuple[dict[str, Any], int, str]] = [
        ({"survey": "nothing"}, 404, "nothing"),
        ({"reason": "because"}, 400, "reason"),
        ({"asked": "maybe"}, 400, "asked"),
        ({"columns": "nothing"}, 400, "decision_id"),
        ({"tz": "Mars/Olympus"}, 400, "Europe/Oslo"),
        ({"locale": "xx"}, 400, "de-CH"),
        ({"after": "zz"}, 400, "cursor"),
        ({"latest": 0}, 400, "latest"),
        ({"from": "2026-11-22", "to": "2026-11-21"}, 400, "ends"),
        ({"from": "0001-01-01"}, 400, "1971"),
    ]
    for query, status, said in refusals:
        reply = await api.http.get(f"{URL}.csv", params=query)
        assert (query, reply.status_code) == (query, status)
        assert said in reply.text


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_where_nothing_was_decided_the_file_has_its_heading(api: Api) -> None:
    assert (await get(api, columns="decision_id,reason")).text == "decision_id,reason\n"
    assert (await get(api, "jsonl")).text == ""


def _of_parquet(content: bytes) -> list[str]:
    from pyarrow import parquet

    return parquet.read_table(io.BytesIO(content)).column("decision_id").to_pylist()
