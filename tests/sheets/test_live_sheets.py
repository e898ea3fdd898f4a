"""A sheet token reads one survey, however it is shown, until it is revoked."""

from __future__ import annotations

import csv
import io

import httpx
import pytest
from api_client import SURVEY, Api, let_keys_in
from sheet_steps import NOBODY, RESPONSES, SCORES, SHEETS, basic, bearer, make_sheet

from harken_server.app import create_app


@pytest.fixture
async def token(live: Api) -> str:
    return (await make_sheet(live))["token"]


async def test_it_is_taken_as_bearer_as_any_users_password_and_in_the_address(
    live: Api, token: str
) -> None:
    await live.submit({"recommend": 9})
    ways = [
        await live.http.get(RESPONSES, headers=bearer(token)),
        await live.http.get(RESPONSES, headers=basic(token)),
        await live.http.get(RESPONSES, headers=basic(token, user="")),
        await live.http.get(RESPONSES, params={"token": token}, headers=NOBODY),
    ]
    export = await live.http.get(
        "/v1/surveys/post_purchase/export.csv", params={"dialect": "spreadsheet"}
    )

    assert {way.text for way in ways} == {export.text}
    for way in ways:
        assert way.headers["cache-control"] == "private, no-cache"
        assert way.headers["referrer-policy"] == "no-referrer"
        assert not way.history
        assert way.status_code == 200


async def test_an_api_key_that_reads_is_taken_but_not_in_the_address(live: Api) -> None:
    key = await live.key("read")
    for headers in (bearer(key), basic(key)):
        assert (await live.http.get(RESPONSES, headers=headers)).status_code == 200
    for narrow in ("write", "public"):
        told = await live.http.get(RESPONSES, headers=basic(await live.key(narrow)))
        assert told.status_code == 403
    told = await live.http.get(RESPONSES, params={"token": key}, headers=NOBODY)
    assert told.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [NOBODY, basic("wrong"), basic("hk_" + "a" * 32), {"authorization": "Basic ###"},
     {"authorization": "Digest x"}, bearer("")],
)  # fmt: skip
async def test_whoever_has_none_is_asked_for_user_and_password(
    live: Api, headers: dict[str, str]
) -> None:
    for path in (RESPONSES, SCORES):
        told = await live.http.get(path, headers=headers)
        assert told.status_code == 401
        assert told.headers["www-authenticate"] == 'Basic realm="Harken", charset="UTF-8"'


async def test_revoking_ends_one_alone_and_another_survey_stays_closed(live: Api) -> None:
    await live.push({**SURVEY, "key": "other", "touchpoints": ["other"]})
    first, second = await make_sheet(live, "One"), await make_sheet(live, "Two")
    other = await live.http.get("/sheets/other/responses.csv", headers=bearer(first["token"]))
    elsewhere = await live.http.delete(f"/v1/surveys/other/sheets/{first['id']}")
    ended = await live.http.delete(f"{SHEETS}/{first['id']}")
    again = await live.http.delete(f"{SHEETS}/{first['id']}")

    assert (other.status_code, other.json()["code"]) == (401, "sheet_token_invalid")
    assert elsewhere.status_code == 404
    assert (ended.status_code, again.status_code) == (204, 404)
    assert (await live.http.get(RESPONSES, headers=basic(first["token"]))).status_code == 401
    assert (await live.http.get(RESPONSES, headers=basic(second["token"]))).status_code == 200


async def test_it_is_shown_once_listed_with_its_last_use_and_written_down(live: Api) -> None:
    made = await make_sheet(live)
    await live.http.get(RESPONSES, headers=basic(made["token"]))
    first = live.clock.now
    live.clock.move(seconds=59)
    await live.http.get(RESPONSES, headers=basic(made["token"]))
    within = (await live.http.get(SHEETS)).json()["sheets"][0]
    live.clock.move(seconds=1)
    await live.http.get(RESPONSES, headers=basic(made["token"]))
    listed = await live.http.get(SHEETS)
    await live.http.delete(f"{SHEETS}/{made['id']}")
    entries = (await live.http.get("/v1/audit")).json()["entries"]

    assert within["used_at"] == first.isoformat().replace("+00:00", "Z")
    (sheet,) = listed.json()["sheets"]
    assert sheet["used_at"] > within["used_at"]
    assert sheet["name"] == "Weekly figures"
    assert made["token"] not in listed.text
    assert made["responses_url"].endswith(f"{RESPONSES}?token={made['token']}")
    told = [each for each in entries if "sheet" in each["action"]]
    assert [each["action"] for each in told] == ["revoke_sheet_token", "create_sheet_token"]
    assert made["token"] not in str(entries)


async def test_what_has_not_changed_is_not_sent_again(live: Api, token: str) -> None:
    await live.submit({"recommend": 9})
    for path in (RESPONSES, SCORES, f"{SCORES}?by=day"):
        first = await live.http.get(path, headers=basic(token))
        same = {**bearer(token), "if-none-match": first.headers["etag"]}
        again = await live.http.get(path, headers=same)
        filtered = await live.http.get(path, params={"channel": "email"}, headers=same)
        await live.submit({"recommend": 3})
        changed = await live.http.get(path, headers=same)

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "private, no-cache"
        assert filtered.status_code == 200
        assert changed.status_code == 200
        assert changed.headers["etag"] != first.headers["etag"]


async def test_a_response_that_is_set_aside_or_erased_changes_the_tag(
    live: Api, token: str
) -> None:
    response = "0197a000-0000-7000-8000-00000000000a"
    await live.submit({"recommend": 9}, id=response)
    path = f"/v1/surveys/post_purchase/responses/{response}"
    tags = [(await live.http.get(RESPONSES, headers=basic(token))).headers["etag"]]
    await live.http.patch(path, json={"standing": "excluded"})
    tags.append((await live.http.get(RESPONSES, headers=basic(token))).headers["etag"])
    await live.http.delete(path)
    tags.append((await live.http.get(RESPONSES, headers=basic(token))).headers["etag"])

    assert len(set(tags)) == 3


async def test_only_the_latest_come_when_so_many_are_wanted(live: Api, token: str) -> None:
    for rating in (1, 2, 3):
        await live.submit({"recommend": rating})
        live.clock.move(minutes=1)
    told = await live.http.get(RESPONSES, params={"latest": "2", "token": token}, headers=NOBODY)
    wrong = await live.http.get(RESPONSES, params={"latest": "0"}, headers=basic(token))

    rows = [*csv.DictReader(io.StringIO(told.text.removeprefix("\ufeff")))]
    assert [row["recommend"] for row in rows] == ["2", "3"]
    assert wrong.status_code == 400


async def test_scores_are_those_of_the_api(live: Api, token: str) -> None:
    for rating in (9, 9, 3):
        await live.submit({"recommend": rating})
    api = await live.score()
    plain, by_day, by_channel = [
        [*csv.DictReader(io.StringIO(told.text.removeprefix("\ufeff")))]
        for query in ({}, {"by": "day"}, {"by": "channel"})
        for told in [await live.http.get(SCORES, params=query, headers=basic(token))]
    ]

    for rows in (plain, by_day, by_channel):
        assert [(float(row["score"]), int(row["n"])) for row in rows] == [(api["score"], 3)]
        assert float(rows[0]["low"]) == api["low"]
    assert by_day[0]["first_day"] == "2026-11-21"
    assert by_channel[0]["group"] == "api"


def outside(api: Api) -> httpx.AsyncClient:
    """A client that is not on this machine."""
    transport = httpx.ASGITransport(create_app(api.runtime), client=("203.0.113.9", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_a_token_may_do_as_much_as_a_key(live: Api, token: str) -> None:
    let_keys_in(live.runtime, 2)
    async with outside(live) as http:
        told = [(await http.get(RESPONSES, headers=basic(token))).status_code for _ in range(3)]
    assert told == [200, 200, 429]
