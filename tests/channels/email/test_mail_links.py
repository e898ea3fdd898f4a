"""Personal links for a list of respondents: made once, told again, never for the suppressed."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

import httpx
import pytest
from api_client import SURVEY, Api

from harken_server.invitations.redeeming_sql import find_invitation

URL = "/v1/surveys/post_purchase/links"


def rows_of(reply: httpx.Response) -> list[dict[str, str]]:
    assert reply.status_code == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"), newline="")))


async def make(api: Api, *respondents: str, **query: Any) -> httpx.Response:
    body = {"respondents": [{"respondent": name} for name in respondents]}
    return await api.http.post(URL, json=body, params=query)


async def test_each_respondent_gets_a_link_that_can_be_answered(live: Api) -> None:
    rows = rows_of(await make(live, "ada", "bob"))

    assert [row["respondent"] for row in rows] == ["ada", "bob"]
    assert len({row["code"] for row in rows}) == 2
    for row in rows:
        assert row["link"] == f"https://feedback.example.com/e/{row['code']}"
        assert (row["expires_at"], row["reason"]) == ("2026-12-21T12:00:00Z", "")
        page = await live.http.get(f"/i/{row['code']}")
        assert page.status_code == 200
    invitation = await find_invitation(live.runtime.db, rows[0]["code"])
    assert invitation is not None
    assert (invitation.respondent, invitation.channel) == ("ada", "email")
    assert (invitation.touchpoint, invitation.is_single_use) == ("order.delivered", True)


async def test_an_answer_through_a_link_is_the_respondents(live: Api) -> None:
    row = rows_of(await make(live, "ada"))[0]
    reply = await live.submit({"recommend": 9}, token=row["code"], complete=True)
    assert reply.status_code == 201, reply.text

    found = (await live.http.get("/v1/surveys/post_purchase/responses")).json()["responses"]

    assert [(each["respondent"], each["channel"]) for each in found] == [("ada", "email")]


async def test_repeating_it_gives_the_same_links(live: Api) -> None:
    first = await make(live, "ada", "bob")
    live.clock.move(days=3)
    again = await make(live, "ada", "bob")

    assert again.content == first.content


async def test_another_wave_gives_other_links(live: Api) -> None:
    first, second = [rows_of(await make(live, "ada", wave=wave))[0] for wave in ("", "spring")]

    assert first["code"] != second["code"]


async def test_the_same_list_sent_at_once_makes_one_link_each(live: Api) -> None:
    names = [f"r{number}" for number in range(60)]

    replies = await asyncio.gather(*(make(live, *names) for _ in range(6)))

    assert len({reply.content for reply in replies}) == 1
    stored = await live.runtime.db.fetch("SELECT count(*) FROM invitation")
    assert stored[0][0] == 60


async def test_a_suppressed_respondent_is_listed_without_a_link(live: Api) -> None:
    await live.http.put("/v1/suppressions/bob", json={"reason": "unsubscribed"})

    ada, bob = rows_of(await make(live, "ada", "bob"))

    assert (bob["link"], bob["code"], bob["expires_at"]) == ("", "", "")
    assert bob["reason"] == "suppressed: unsubscribed"
    assert ada["reason"] == ""


async def test_a_csv_file_gives_locale_and_declared_context_only(live: Api) -> None:
    file = "respondent;locale;store;email\nada;de;Oslo;ada@example.com\n\nbob;;;\n"
    reply = await live.http.post(
        URL, content=file.encode("utf-8-sig"), headers={"content-type": "text/csv"}
    )

    ada, bob = rows_of(reply)
    invited = await find_invitation(live.runtime.db, ada["code"])
    assert invited is not None
    assert (invited.locale, invited.context) == ("de", {"store": "Oslo"})
    plain = await find_invitation(live.runtime.db, bob["code"])
    assert plain is not None
    assert (plain.locale, plain.context) == (None, {})


async def test_answers_ask_for_a_column_each(live: Api) -> None:
    row = rows_of(await make(live, "ada", answers="true", link_column="HKLINK"))[0]

    heads = ["respondent", "HKLINK", "code", "expires_at", "reason"]
    assert list(row) == [*heads, *(f"HKLINK_{point}" for point in range(11))]
    assert row["HKLINK_9"] == f"{row['HKLINK']}?a=9"


async def test_names_that_look_like_formulas_are_guarded_for_spreadsheets(live: Api) -> None:
    for_people = await make(live, "=HYPERLINK(1)", "@ada")
    for_programs = await make(live, "=HYPERLINK(1)", "@ada", dialect="raw")

    assert for_people.content.startswith(b"\xef\xbb\xbf")
    assert [row["respondent"] for row in rows_of(for_people)] == ["'=HYPERLINK(1)", "'@ada"]
    assert [row["respondent"] for row in rows_of(for_programs)] == ["=HYPERLINK(1)", "@ada"]
    assert b"\r" not in for_programs.content


async def test_a_repeated_respondent_stands_once(live: Api) -> None:
    assert len(rows_of(await make(live, "ada", "ada"))) == 1


async def test_a_link_can_end_sooner_and_be_filed_elsewhere(live: Api) -> None:
    row = rows_of(await make(live, "ada", ttl_days=2, touchpoint="news.june"))[0]

    assert row["expires_at"] == "2026-11-23T12:00:00Z"
    invited = await find_invitation(live.runtime.db, row["code"])
    assert invited is not None
    assert invited.touchpoint == "news.june"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("name\nada\n", "respondent"),
        ("respondent\n" + "x" * 201 + "\n", "200"),
        ('respondent\n"ada\n', "line 2"),
        ("respondent\n\x00\n", "NUL"),
        ("respondent,respondent\na,b\n", "exactly one"),
        ("respondent\n", "nobody"),
        ("", "respondent"),
        ("respondent,locale\nada,much too long a locale\n", "line 2"),
    ],
)
async def test_a_bad_file_names_what_is_wrong(live: Api, file: str, said: str) -> None:
    reply = await live.http.post(URL, content=file, headers={"content-type": "text/csv"})

    assert reply.status_code == 422, reply.text
    assert said in reply.text
    stored = await live.runtime.db.fetch("SELECT count(*) FROM invitation")
    assert stored[0][0] == 0


async def test_a_file_in_another_encoding_is_refused(live: Api) -> None:
    reply = await live.http.post(
        URL, content="respondent\nJürgen\n".encode("latin-1"), headers={"content-type": "text/csv"}
    )

    assert (reply.status_code, "UTF-8" in reply.text) == (422, True)


async def test_more_than_ten_thousand_are_refused(live: Api) -> None:
    file = "respondent\n" + "".join(f"r{number}\n" for number in range(10_001))
    reply = await live.http.post(URL, content=file, headers={"content-type": "text/csv"})

    assert reply.status_code == 422
    assert reply.json()["problems"][0]["limit"] == 10_000


async def test_a_list_above_the_ordinary_body_limit_is_taken(live: Api) -> None:
    names = [f"{number:0>190}" for number in range(1_500)]

    rows = rows_of(await make(live, *names))

    assert [row["respondent"] for row in rows] == names


async def test_a_body_above_its_own_limit_is_refused(live: Api) -> None:
    body = b"respondent\n" + b"x" * (4 * 1024 * 1024)
    reply = await live.http.post(URL, content=body, headers={"content-type": "text/csv"})

    assert reply.status_code == 413


@pytest.mark.parametrize(
    "query",
    [{"ttl_days": 0}, {"ttl_days": 4000}, {"wave": "x" * 81}, {"link_column": "=a"},
     {"touchpoint": "Not One"}, {"dialect": "x"}],
)  # fmt: skip
async def test_bad_wishes_are_refused(live: Api, query: dict[str, Any]) -> None:
    assert (await make(live, "ada", **query)).status_code == 400


async def test_making_links_takes_a_key_that_writes(live: Api) -> None:
    key = await live.key("read")
    reply = await live.http.post(
        URL, json={"respondents": []}, headers={"authorization": f"Bearer {key}"}
    )

    assert reply.status_code == 403


async def test_links_of_two_surveys_are_apart(live: Api) -> None:
    other = {**SURVEY, "key": "other", "touchpoints": []}
    assert (await live.push(other)).status_code == 201

    here = rows_of(await make(live, "ada"))[0]
    reply = await live.http.post(
        "/v1/surveys/other/links", json={"respondents": [{"respondent": "ada"}]}
    )

    there = rows_of(reply)[0]
    assert here["code"] != there["code"]
    invited = await find_invitation(live.runtime.db, there["code"])
    assert invited is not None
    assert invited.touchpoint == "email"
