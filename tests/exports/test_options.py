"""What an export can be asked: columns, labels, zone, layout, locale, the latest, what is new."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import brotli
import httpx
import pytest
from api_client import Api
from spoken_survey import ANSWERS, SURVEY

CSV = "/v1/surveys/visit/export.csv"


@pytest.fixture
async def visited(api: Api) -> Api:
    body = {"dimensions": [{"name": "store", "source": "context", "key": "shop"},
                           {"name": "plan", "source": "trait", "key": "plan"}]}  # fmt: skip
    assert (await api.http.put("/v1/dimensions", json=body)).status_code == 200
    await api.push(SURVEY)
    await api.trigger(respondent="ada", traits={"plan": "gold", "age": 41})
    for number, answers in enumerate(ANSWERS):
        fields: dict[str, Any] = {"respondent": "ada"} if number < 2 else {}
        reply = await api.submit(answers, survey="visit", context={"shop": 17 + number}, **fields)
        assert reply.status_code == 201, reply.text
    return api


async def get(api: Api, url: str = CSV, **query: Any) -> httpx.Response:
    reply = await api.http.get(url, params=query)
    assert reply.status_code == 200, reply.text
    return reply


async def rows(api: Api, separator: str = ",", **query: Any) -> list[dict[str, str]]:
    text = (await get(api, **query)).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


async def test_all_columns_by_name_hold_what_the_plain_file_holds(visited: Api) -> None:
    plain = await rows(visited)

    named = await rows(visited, columns="*")

    assert named == plain


async def test_columns_come_in_the_order_in_which_they_are_named(visited: Api) -> None:
    found = await rows(visited, columns="why,liked__*,recommend")

    assert list(found[0]) == ["why", "liked__food", "liked__staff", "recommend"]
    assert found[0] == {
        "why": "=SUM(A1)", "liked__food": "1", "liked__staff": "0", "recommend": "9",
    }  # fmt: skip


async def test_context_and_traits_are_columns_of_their_own(visited: Api) -> None:
    declared = await rows(visited, columns="context__*,trait__*,trait__age,context__other")

    assert list(declared[0]) == ["context__shop", "trait__plan", "trait__age", "context__other"]
    assert [row["context__shop"] for row in declared] == ["17", "18", "19"]
    assert [row["trait__plan"] for row in declared] == ["gold", "gold", ""]
    assert [row["trait__age"] for row in declared] == ["41", "41", ""]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"columns": "nothing"}, "recommend"),
        ({"columns": "zzz*"}, "recommend"),
        ({"columns": ","}, "no column"),
        ({"tz": "Mars/Olympus"}, "Europe/Oslo"),
        ({"tz": "../../etc/passwd"}, "Europe/Oslo"),
        ({"locale": "xx"}, "de-CH"),
        ({"after": "zz"}, "cursor"),
        ({"latest": 0}, "latest"),
        ({"labels": "2"}, "labels"),
    ],
)
async def test_what_is_asked_wrongly_is_refused_with_what_there_is(
    visited: Api, query: dict[str, Any], said: str
) -> None:
    reply = await visited.http.get(CSV, params=query)

    assert (reply.status_code, said in reply.text) == (400, True), reply.text


async def test_labels_stand_in_place_of_values_or_beside_them(visited: Api) -> None:
    only = await rows(visited, labels="1", columns="reason,parts__till")
    both = await rows(visited, labels="both", columns="reason,parts__till,recommend")

    assert [row["reason"] for row in only] == ["Price", "Other", ""]
    assert both[0] == {
        "reason": "price", "reason__label": "Price", "parts__till": "good",
        "parts__till__label": "Good", "recommend": "9",
    }  # fmt: skip


async def test_a_locale_gives_its_words_and_its_signs(visited: Api) -> None:
    text = (await get(
        visited, locale="de", labels="1", header="label", columns="reason,liked__*,spent"
    )).text  # fmt: skip

    assert text.splitlines() == [
        '"Warum?";"Mochte?: Essen";"Mochte?: Personal";"Ausgegeben?"',
        '"Preis";1;0;12,5',
        '"Anderes";;;-1234,25',
        ";;;",
    ]


async def test_times_are_those_of_the_zone(visited: Api) -> None:
    raw = await rows(visited, tz="Europe/Oslo", columns="answered_at")
    shown = await rows(visited, tz="Asia/Kolkata", columns="answered_at", dialect="spreadsheet")

    assert raw[0]["answered_at"] == "2026-11-21T13:00:00.000+01:00"
    assert shown[0]["answered_at"] == "2026-11-21 17:30:00"


async def test_the_long_layout_has_one_row_an_answer(visited: Api) -> None:
    found = await rows(visited, layout="long")
    first = found[0]["response_id"]

    own = [list(row.values())[1:] for row in found if row["response_id"] == first]
    assert list(found[0]) == [
        "response_id", "question", "part", "option", "value_number", "value_text",
    ]  # fmt: skip
    assert own == [
        ["recommend", "", "", "9", ""],
        ["reason", "", "price", "", ""],
        ["liked", "", "food", "1", ""],
        ["liked", "", "staff", "0", ""],
        ["parts", "till", "good", "", ""],
        ["spent", "", "", "12.5", ""],
        ["why", "", "", "", "=SUM(A1)"],
    ]
    assert ["reason", "", "other", "", "Smell; noise"] in [list(row.values())[1:] for row in found]


async def test_what_is_named_stands_beside_each_answer_of_the_long_layout(visited: Api) -> None:
    found = await rows(visited, layout="long", columns="response_id,context__shop,spent")

    assert [(row["context__shop"], row["value_number"]) for row in found] == [
        ("17", "12.5"), ("18", "-1234.25"),
    ]  # fmt: skip


async def test_json_lines_by_column_hold_the_same(visited: Api) -> None:
    url = "/v1/surveys/visit/export.jsonl"
    text = (await get(visited, url, columns="recommend,reason,spent,liked__food", labels="1")).text

    assert [json.loads(line) for line in text.splitlines()] == [
        {"recommend": 9, "reason": "Price", "spent": 12.5, "liked__food": True},
        {"recommend": 3, "reason": "Other", "spent": -1234.25, "liked__food": None},
        {"recommend": 7, "reason": None, "spent": None, "liked__food": None},
    ]


async def test_the_latest_are_those_that_changed_last(visited: Api) -> None:
    assert [row["recommend"] for row in await rows(visited, latest=2)] == ["3", "7"]
    assert [row["recommend"] for row in await rows(visited, latest=9)] == ["9", "3", "7"]


async def test_an_interrupted_download_is_taken_up_after_its_last_whole_row(visited: Api) -> None:
    whole = await rows(visited, columns="response_id,recommend,cursor")

    for place, row in enumerate(whole):
        rest = await rows(visited, columns="response_id,recommend,cursor", after=row["cursor"])
        assert rest == whole[place + 1 :]


async def test_what_comes_later_is_behind_the_link_to_the_next_part(visited: Api) -> None:
    first = await get(visited, columns="recommend", tz="Europe/Oslo")
    await visited.submit({"recommend": 10}, survey="visit")

    url = first.headers["link"][1:].split(">")[0].removeprefix("https://feedback.example.com")
    later = await visited.http.get(url)

    assert later.text == "recommend\n10\n"
    assert first.headers["link"].endswith('rel="next"')


@pytest.mark.parametrize("url", [CSV, "/v1/surveys/visit/export.jsonl"])
async def test_nothing_is_sent_twice_until_a_response_changes(visited: Api, url: str) -> None:
    etag = (await get(visited, url)).headers["etag"]
    known = {"if-none-match": etag}

    assert (await visited.http.get(url, headers=known)).status_code == 304
    assert (await visited.http.get(f"{url}?latest=1", headers=known)).status_code == 200
    found = (await get(visited, url.replace("csv", "jsonl"))).text.splitlines()
    path = f"/v1/surveys/visit/responses/{json.loads(found[0])['id']}"
    await visited.http.patch(path, json={"standing": "excluded"})
    set_aside = await visited.http.get(url, headers=known)
    assert set_aside.status_code == 200
    known = {"if-none-match": set_aside.headers["etag"]}
    await visited.http.delete(path)
    assert (await visited.http.get(url, headers=known)).status_code == 200
    await visited.push({**SURVEY, "title": "Another"})
    known = {"if-none-match": (await get(visited, url)).headers["etag"]}
    assert (await visited.http.get(url, headers=known)).status_code == 304


async def test_traits_change_by_themselves_so_such_a_file_has_no_etag(visited: Api) -> None:
    reply = await get(visited, columns="trait__plan")

    assert "etag" not in reply.headers


@pytest.mark.parametrize("url", [CSV, "/v1/surveys/visit/comments.csv", "export-link", "sheet"])
async def test_a_file_is_compressed_for_whoever_takes_it(visited: Api, url: str) -> None:
    if url == "export-link":
        made = await visited.http.post("/v1/surveys/visit/export-link")
        url = made.json()["url"].removeprefix("https://feedback.example.com")
    elif url == "sheet":
        made = await visited.http.post("/v1/surveys/visit/sheets", json={"name": "Weekly"})
        url = f"/sheets/visit/responses.csv?token={made.json()['token']}"
    plain = await visited.http.get(url, headers={"accept-encoding": "identity"})

    assert plain.status_code == 200
    assert (plain.headers["vary"], "content-encoding" in plain.headers) == (
        "accept-encoding",
        False,
    )
    for taken, coding, unpack in (
        ("gzip, br;q=0", "gzip", gzip.decompress), ("gzip, br", "br", brotli.decompress),
    ):  # fmt: skip
        packed = visited.http.build_request("GET", url, headers={"accept-encoding": taken})
        reply = await visited.http.send(packed, stream=True)
        raw = b"".join([piece async for piece in reply.aiter_raw()])
        assert reply.headers["content-encoding"] == coding
        assert unpack(raw) == plain.content


async def test_whoever_has_it_in_one_coding_is_not_sent_it_in_another(visited: Api) -> None:
    """The tag is a weak one: it is the same rows in every coding."""
    tags = {
        coding: (await visited.http.get(CSV, headers={"accept-encoding": coding})).headers["etag"]
        for coding in ("identity", "gzip", "br")
    }

    assert len({*tags.values()}) == 1
    assert tags["br"].startswith('W/"')
    known = {"accept-encoding": "br", "if-none-match": tags["identity"]}
    found = await visited.http.get(CSV, headers=known)
    assert (found.status_code, found.content) == (304, b"")
    assert found.headers["vary"] == "accept-encoding"
    part = await visited.http.get(CSV, headers={"accept-encoding": "br", "range": "bytes=5-"})
    assert part.status_code == 200  # rows are taken up by a cursor, and bytes of no stream
    assert "accept-ranges" not in part.headers
