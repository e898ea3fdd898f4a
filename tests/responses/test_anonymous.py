"""Nothing that is kept of an answer to an anonymous survey leads to a person, by any way in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest
from api_client import Api
from dumped_rows import Rows, dump
from public_ways import Fields
from team_survey import ANONYMOUS, URL, answer, n_of, open_team

from harken_server.kernel.ids import NOBODYS
from harken_server.responses.tables import Response

SURVEY: dict[str, Any] = {**ANONYMOUS, "touchpoints": ["order.delivered"]}
CODED = {"survey_number", "number", "position", "version", "sequence", "day", "locale", "channel"}
"""What many answers share, or counts them: it names nothing outside of the answers."""
TOLD = {"recommend": 2, "why": "Too many meetings in the morning."}
Answer: TypeAlias = Callable[[Api, str], Awaitable[None]]


async def by_api(api: Api, code: str) -> None:
    sent = await api.submit(
        TOLD, survey="team", token=code, started_at="2026-11-21T11:58:01Z",
        resume="a secret of the device", context={"store": "Oslo", "mail": "kim@example.org"},
    )  # fmt: skip
    assert sent.is_success, sent.text


async def by_page(api: Api, code: str) -> None:
    page = await api.http.get(f"/i/{code}")
    form = Fields(page.text).held | {"a_recommend": "2", "a_why": TOLD["why"]}
    sent = await api.http.post(f"/i/{code}", data=form)
    assert sent.status_code in {200, 303}, sent.text


async def by_mail(api: Api, code: str) -> None:
    page = await api.http.get(f"/e/{code}", params={"a": "2"})
    form = Fields(page.text).held | {"a_recommend": "2", "a_why": TOLD["why"]}
    sent = await api.http.post(f"/e/{code}", params={"a": "2"}, data=form)
    assert sent.status_code in {200, 303}, sent.text


async def in_two_parts(api: Api, code: str) -> None:
    own: dict[str, Any] = {
        "id": str(uuid4()), "survey": "team", "token": code, "resume": "a secret of the device"
    }  # fmt: skip
    for sequence, answers in enumerate(({"recommend": 2}, {"why": TOLD["why"]}), 1):
        body = {**own, "answers": answers, "sequence": sequence, "complete": sequence == 2}
        sent = await api.http.post("/v1/public/responses", json=body)
        assert sent.is_success, sent.text


WAYS: tuple[Answer, ...] = (by_api, by_page, by_mail, in_two_parts)
every_way = pytest.mark.parametrize("way", WAYS)


async def invite(api: Api) -> str:
    await open_team(api, SURVEY)
    asked = await api.trigger(respondent="kim", channel="email", email="kim@example.org")
    assert asked.json()["asked"], asked.text
    return asked.json()["invitation"]["code"]


def changes(before: Rows, after: Rows) -> dict[str, set[str]]:
    """Tables with other rows than before, and of rows that stay which columns are others."""
    found: dict[str, set[str]] = {}
    for table, rows in after.items():
        new = [row for row in rows if row not in before[table]]
        old = [row for row in before[table] if row not in rows]
        if new or old:
            pairs = zip(old, new, strict=False)
            columns = {name for one, other in pairs for name in one if one[name] != other[name]}
            found[table] = columns
    return found


@every_way
async def test_an_answer_changes_only_what_tells_nothing_of_the_person(
    live: Api, way: Answer
) -> None:
    code = await invite(live)
    live.clock.move(seconds=77)
    before = await dump(live.runtime.db)
    await way(live, code)
    after = await dump(live.runtime.db)
    changed = changes(before, after)
    assert changed.pop("feed") <= {"position"}
    assert changed == {"response": set(), "invitation": {"response_id"}}
    (invitation,) = after["invitation"]
    assert as_id(invitation["response_id"]) == NOBODYS
    (row,) = after["response"]
    empty = ("respondent", "invitation_id", "started_at", "answered_at", "probability")
    assert {name: row[name] for name in empty} == dict.fromkeys(empty)
    assert (row["proof"], row["history"], row["claimed"] in {"", "*"}) == (0, "", True)
    assert {as_time(row[name]) for name in ("submitted_at", "updated_at")} == {
        datetime(2026, 11, 21, tzinfo=UTC)
    }
    assert "kim" not in str(row).lower().replace("skim", "")


@every_way
async def test_no_value_of_an_answer_stands_anywhere_else(live: Api, way: Answer) -> None:
    """Whatever could be joined by: walks every column of an answer beside every cell there is."""
    code = await invite(live)
    await way(live, code)
    rows = await dump(live.runtime.db)
    (row,) = rows.pop("response")
    assert row.keys() == {column._meta.db_column_name for column in Response._meta.columns}
    cells = [str(value) for table in rows.values() for each in table for value in each.values()]
    joined = {
        name
        for name, value in row.items()
        if name not in CODED and is_telling(value)
        if any(str(value) in cell for cell in cells)
    }
    assert joined <= {"dimensions", "context", "touchpoint", "submitted_at", "updated_at"}, joined
    assert not [cell for cell in cells if TOLD["why"] in cell]


async def test_a_repeat_has_the_same_receipt_and_a_second_answer_is_refused(live: Api) -> None:
    code = await invite(live)
    body = {"id": str(uuid4()), "token": code, "answers": TOLD}
    first = await live.http.post("/v1/public/responses", json=body)
    again = await live.http.post("/v1/public/responses", json=body)
    assert first.json() == again.json()
    assert first.json()["id"] == body["id"]
    other = await live.http.post("/v1/public/responses", json={**body, "id": str(uuid4())})
    assert (other.status_code, other.json()["code"]) == (410, "already_answered")
    page = await live.http.get(f"/i/{code}")
    assert "a_recommend" not in page.text


async def test_an_answered_invitation_is_reminded_of_no_more(live: Api) -> None:
    code = await invite(live)
    await by_api(live, code)
    listed = (await live.http.get("/v1/invitations", params={"respondent": "kim"})).json()
    assert [each["answered"] for each in listed["invitations"]] == [True]


@pytest.mark.parametrize("survey", [SURVEY, {**SURVEY, "anonymous": False}])
async def test_what_is_shown_is_alike_in_all_that_is_kept_beside_the_answers(
    live: Api, survey: dict[str, Any]
) -> None:
    await open_team(live, survey)
    made = await live.http.post(f"{URL}/links", json={"respondents": [{"respondent": "c-4"}]})
    code = made.text.splitlines()[1].split(",")[2]
    for number, channel in enumerate(("email", "web", "web", "web")):
        await answer(live, [number], "Oslo", channel=channel, respondent=f"c-{number}")
    await answer(live, [4], "Oslo", token=code)
    assert await n_of(live) == 5
    rows = (await dump(live.runtime.db))["response"]
    own = {"id", "number", "position", "digest", "answers", "has_text"}
    if survey is not SURVEY:  # for whoever wants to be erased
        own |= {"respondent", "invitation_id"}
    beside = [{name: value for name, value in row.items() if name not in own} for row in rows]
    assert beside == [beside[0]] * 5
    assert (beside[0]["channel"], beside[0]["context"]) == ("", "{}")
    if survey is not SURVEY:
        return
    erased = await live.http.delete("/v1/respondents/c-1")
    assert erased.json()["erased"].get("response", 0) == 0
    assert (await live.http.get(f"{URL}/scores")).json()["scores"][0]["n"] == 5


def is_telling(value: Any) -> bool:
    """Whether it could name something: not a small number, a truth, or nothing."""
    return value is not None and not isinstance(value, bool) and len(str(value)) > 6


def as_id(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(bytes=value)


def as_time(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromtimestamp(value / 1000, UTC)
