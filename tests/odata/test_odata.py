"""OData 4.0: the tables of a survey, their types, and what a query picks out of them."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import Any

import httpx
import pytest
from api_client import Api
from every_type import TYPES, asked
from sheet_steps import basic, bearer, make_sheet

ROOT = "/odata/post_purchase/"
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@pytest.fixture
async def answered(live: Api) -> Api:
    """Five answers a minute apart, on two channels, one with a comment."""
    for at, rating in enumerate((9, 10, 3, 7, 0)):
        said: dict[str, Any] = {"recommend": rating}
        if rating == 3:
            said["why"] = "It's late, O'Brien."
        await live.submit(said, channel="email" if at % 2 else "web", touchpoint="order.delivered")
        live.clock.move(minutes=1)
    return live


async def ask(api: Api, path: str, **options: str) -> httpx.Response:
    """With the key of the client; options without their dollar."""
    return await api.http.get(
        ROOT + path, params={f"${name}": value for name, value in options.items()}
    )


async def rows(api: Api, path: str = "Responses", **options: str) -> list[dict[str, Any]]:
    told = await ask(api, path, **options)
    assert told.status_code == 200, told.text
    return told.json()["value"]


async def ratings(api: Api, **options: str) -> list[int]:
    """In the order of their arrival, where nothing else is wanted."""
    options.setdefault("orderby", "submitted_at")
    return [row["recommend"] for row in await rows(api, **options)]


async def test_the_service_names_its_tables_with_or_without_a_slash(answered: Api) -> None:
    for path in (ROOT, ROOT.rstrip("/")):
        told = await answered.http.get(path)
        assert told.status_code == 200
        assert told.headers["odata-version"] == "4.0"
        assert told.headers["content-type"].startswith("application/json;odata.metadata=minimal")
        body = told.json()
        assert body["@odata.context"] == (
            "https://feedback.example.com/odata/post_purchase/$metadata"
        )
        assert [each["url"] for each in body["value"]] == [
            "Responses", "Answers", "Scores", "Trends", "Comments",
        ]  # fmt: skip


async def test_types_follow_the_questions(live: Api) -> None:
    questions = [asked(kind, key=kind) for kind in TYPES]
    pushed = await live.push({"key": "every_type", "title": "All", "questions": questions})
    assert pushed.status_code == 201, pushed.text
    told = await live.http.get("/odata/every_type/$metadata")
    tree = ET.fromstring(told.content)
    (row,) = [each for each in tree.iter(f"{EDM}EntityType") if each.get("Name") == "ResponsesRow"]

    assert told.headers["content-type"].startswith("application/xml")
    types = {each.get("Name"): each.get("Type") for each in row.iter(f"{EDM}Property")}
    assert {types[kind] for kind in ("nps", "csat", "ces", "rating")} == {"Edm.Int32"}
    assert types["number"] == "Edm.Double"
    assert types["date"] == "Edm.Date"
    assert types["consent"] == "Edm.Boolean"
    assert {types[kind] for kind in ("long_text", "single_choice", "phone")} == {"Edm.String"}
    assert {types[f"{kind}__a"] for kind in ("multiple_choice", "ranking")} == {"Edm.Int32"}
    assert types["response_id"] == "Edm.Guid"
    for entity in tree.iter(f"{EDM}EntityType"):
        assert [*entity.iter(f"{EDM}PropertyRef")]


async def test_rows_are_those_of_the_export(answered: Api) -> None:
    export = await answered.http.get("/v1/surveys/post_purchase/export.csv")
    lines = [*csv.DictReader(io.StringIO(export.text))]
    found = await rows(answered, orderby="submitted_at")

    assert len(found) == len(lines) == 5
    for row, line in zip(found, lines, strict=True):
        for name in ("response_id", "state", "channel", "touchpoint", "context", "reason", "why"):
            assert (row[name] or "") == line[name]
        assert str(row["recommend"]) == line["recommend"]
        assert row["survey_version"] == int(line["survey_version"])


async def test_a_filter_picks_rows(answered: Api) -> None:
    for text, wanted in (
        ("recommend ge 7", [9, 10, 7]),
        ("recommend gt 9 or recommend eq 0", [10, 0]),
        ("not (recommend lt 9)", [9, 10]),
        ("channel eq 'email' and recommend le 7", [7]),
        ("channel ne 'email'", [9, 3, 0]),
        ("why ne null", [3]),
        ("why eq 'It''s late, O''Brien.'", [3]),
        ("why eq null and survey_version eq 1", [9, 10, 7, 0]),
        ("survey_version eq 2", []),
        ("submitted_at ge 2026-11-21T12:02:00Z and submitted_at lt 2026-11-21T12:04:00Z", [3, 7]),
        ("answered_at gt 2026-11-21T13:02:00+01:00", [7, 0]),
        ("is_sample eq false and touchpoint eq 'order.delivered'", [9, 10, 3, 7, 0]),
        ("touchpoint eq 'order.delivered' and touchpoint eq 'elsewhere'", []),
    ):
        assert await ratings(answered, filter=text) == wanted, text
        counted = await ask(answered, "Responses", filter=text, count="true", top="0")
        assert counted.json() == {
            "@odata.context": f"https://feedback.example.com{ROOT}$metadata#Responses",
            "@odata.count": len(wanted), "value": [],
        }, text  # fmt: skip
        alone = await ask(answered, "Responses/$count", filter=text)
        assert alone.text == str(len(wanted)), text


async def test_columns_order_and_how_many_are_chosen(answered: Api) -> None:
    told = await ask(
        answered, "Responses", select="recommend,channel", top="2", skip="1", orderby="submitted_at"
    )

    assert told.json()["@odata.context"].endswith("$metadata#Responses(recommend,channel)")
    assert told.json()["value"] == [
        {"recommend": 10, "channel": "email"}, {"recommend": 3, "channel": "web"},
    ]  # fmt: skip
    assert await ratings(answered, orderby="submitted_at desc", top="2") == [0, 7]
    assert await ratings(answered, orderby="submitted_at desc", skip="3") == [10, 9]
    ordered = "survey_version,submitted_at desc"
    assert await ratings(answered, orderby=ordered, filter="recommend ge 7") == [7, 10, 9]
    scored = await rows(answered, "Scores", orderby="group desc", filter="by eq 'channel'")
    assert [row["group"] for row in scored] == ["web", "email"]


@pytest.mark.parametrize(
    ("table", "orderby"),
    [("Responses", ""), ("Responses", "submitted_at desc"), ("Answers", ""), ("Scores", "")],
)
async def test_pages_lead_on_and_hold_each_row_once(
    answered: Api, table: str, orderby: str
) -> None:
    for size in (1, 2, 3):
        await _walk(answered, table, orderby, size)


async def _walk(answered: Api, table: str, orderby: str, size: int) -> None:
    options = {"$filter": "n ge 0" if table == "Scores" else "channel ne 'none'", "$count": "true"}
    options |= {"$orderby": orderby} if orderby else {}
    whole = await answered.http.get(ROOT + table, params=options)
    found: list[Any] = []
    url: str | None = f"{ROOT}{table}?" + str(httpx.QueryParams(options))
    while url:
        told = await answered.http.get(url, headers={"prefer": f"odata.maxpagesize={size}"})
        assert told.status_code == 200, told.text
        assert len(told.json()["value"]) <= size
        found += told.json()["value"]
        url = told.json().get("@odata.nextLink", "").removeprefix("https://feedback.example.com")
    assert found == whole.json()["value"]
    assert len(found) == whole.json()["@odata.count"]
    cut = await answered.http.get(
        ROOT + table, params={**options, "$top": "3", "$skip": "1"},
        headers={"prefer": f"odata.maxpagesize={size}"},
    )  # fmt: skip
    url, taken = cut.json().get("@odata.nextLink", ""), cut.json()["value"]
    while url:
        told = await answered.http.get(
            url.removeprefix("https://feedback.example.com"),
            headers={"prefer": f"odata.maxpagesize={size}"},
        )
        taken += told.json()["value"]
        url = told.json().get("@odata.nextLink", "")
    assert taken == whole.json()["value"][1:4]


async def test_numbers_are_those_of_the_api(answered: Api) -> None:
    api = await answered.score()
    by_channel = await answered.http.get(
        "/v1/surveys/post_purchase/scores", params={"by": "channel"}
    )
    trends = await answered.http.get("/v1/surveys/post_purchase/trends", params={"period": "day"})
    (total,) = await rows(answered, "Scores", filter="by eq 'all'")
    groups = await rows(answered, "Scores", filter="by eq 'channel'")
    days = await rows(answered, "Trends", filter="length eq 'day'")
    filtered = await answered.http.get(f"{ROOT}Scores", params={"channel": "email"})

    for name in ("score", "low", "high", "n", "level", "method", "evidence", "share", "mean"):
        assert total[name] == api[name]
    told = {each["group"]: each["scores"][0] for each in by_channel.json()["groups"]}
    assert {row["group"]: (row["score"], row["n"]) for row in groups} == {
        name: (score["score"], score["n"]) for name, score in told.items()
    }
    points = trends.json()["trends"][0]["points"]
    assert [{name: row[name] for name in points[0]} for row in days] == points
    assert filtered.json()["value"][0]["n"] == 2


async def test_answers_and_comments_are_rows_of_their_own(answered: Api) -> None:
    answers = await rows(
        answered, "Answers", filter="question eq 'recommend'", orderby="submitted_at"
    )
    (comment,) = await rows(answered, "Comments")

    assert [row["value_number"] for row in answers] == [9, 10, 3, 7, 0]
    assert [row["value"] for row in answers] == ["9", "10", "3", "7", "0"]
    assert (comment["text"], comment["rating"]) == ("It's late, O'Brien.", 3)
    assert comment["response_id"] in {row["response_id"] for row in answers}


NOT_OFFERED: list[tuple[str, dict[str, str]]] = [
        ("Responses", {"$expand": "x"}), ("Responses", {"$search": "x"}),
        ("Responses", {"$apply": "aggregate($count as n)"}), ("Responses", {"$format": "xml"}),
        ("Responses", {"$filter": "contains(why,'x')"}),
        ("Responses", {"$filter": "recommend in (1)"}),
        ("Responses", {"$filter": "recommend add 1 eq 2"}),
        ("Responses", {"$filter": "channel eq touchpoint"}),
        ("Responses", {"$orderby": "recommend"}), ("Responses", {"$orderby": "length(why)"}),
        ("Responses(0197a000-0000-7000-8000-00000000000a)", {}), ("$batch", {}),
        ("Responses/recommend", {}),
]  # fmt: skip
NO_QUERIES: list[dict[str, str]] = [
        {"$filter": "nothing eq 1"}, {"$filter": "recommend eq 'x'"}, {"$filter": "recommend"},
        {"$filter": "(recommend eq 1"}, {"$filter": "recommend eq 1)"}, {"$filter": "recommend eq"},
        {"$filter": "recommend is 1"}, {"$filter": "channel eq email"}, {"$filter": "'"},
        {"$filter": "submitted_at ge 2026-13-01T00:00:00Z"}, {"$filter": "x" * 4_001},
        {"$filter": "response_id eq 'x'"}, {"$filter": "(" * 30 + "recommend eq 1" + ")" * 30},
        {"$select": "nothing"}, {"$orderby": "submitted_at sideways"}, {"$top": "-1"},
        {"$skip": "x"}, {"$count": "1"}, {"$skiptoken": "x"}, {"odd": "1"},
        {"$skiptoken": f"{2**128}.0.all"}, {"$top": "2147483648"},
]  # fmt: skip


async def test_what_is_not_offered_is_told_so(live: Api) -> None:
    for path, options in NOT_OFFERED:
        told = await live.http.get(ROOT + path, params=options)
        assert told.status_code == 501, (path, options, told.text)
        assert told.json()["code"] == "odata_not_supported"


async def test_what_is_no_query_is_refused(live: Api) -> None:
    for options in NO_QUERIES:
        told = await live.http.get(f"{ROOT}Responses", params=options)
        assert told.status_code == 400, (options, told.text)
        assert told.json()["code"] == "bad_parameter"


async def test_tokens_open_it_and_lead_on_in_the_address(answered: Api) -> None:
    token = (await make_sheet(answered))["token"]
    nobody = {"authorization": ""}
    for headers in (basic(token), bearer(token)):
        told = await answered.http.get(f"{ROOT}Responses", headers=headers)
        assert told.status_code == 200
    told = await answered.http.get(
        f"{ROOT}Responses", params={"token": token},
        headers={**nobody, "prefer": "odata.maxpagesize=2"},
    )  # fmt: skip
    on = told.json()["@odata.nextLink"].removeprefix("https://feedback.example.com")
    assert (await answered.http.get(on, headers=nobody)).status_code == 200
    refused = await answered.http.get(ROOT, headers=nobody)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic ")
    missing = await answered.http.get(f"{ROOT}Nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "odata_table_unknown")
