"""What holds for all surveys, surveys that ask under conditions, and escalations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from api_client import SURVEY, Api, problem_codes

CLOCKS = {"asked_days": 0.0, "shown_days": 0.0, "dismissed_days": 0.0, "answered_days": 0.0}


async def poor_answer(api: Api, respondent: str, rating: int = 3) -> None:
    asked = (await api.trigger(respondent=respondent)).json()
    assert asked["asked"], asked
    token = asked["invitation"]["code"]
    reply = await api.submit({"recommend": rating}, survey=None, token=token)
    assert reply.status_code == 201, reply.text
    api.clock.move(days=31)


async def test_the_workspace_has_its_clocks_and_its_escalation(live: Api) -> None:
    before = (await live.http.get("/v1/asking")).json()
    wanted = {"cooldown": {"answered_days": 45}, "escalation": None}

    written = await live.http.put("/v1/asking", json=wanted)

    assert before == {
        "cooldown": CLOCKS,
        "escalation": {"poor_answers": 2, "within_days": 90.0},
    }
    assert written.json() == (await live.http.get("/v1/asking")).json()
    assert written.json() == {"cooldown": {**CLOCKS, "answered_days": 45.0}, "escalation": None}
    await poor_answer(live, "c-1")
    refused = (await live.trigger(respondent="c-1")).json()
    assert (refused["reason"], refused["detail"]) == ("cooldown", "global.answered")
    assert "answered 31 days ago; the cooldown after answering is 45 days" in refused["explanation"]


@pytest.mark.parametrize(
    "body",
    [
        {"cooldown": {"asked_days": -1}},
        {"cooldown": {"asked_days": 3651}},
        {"cooldown": {"answer_days": 1}},
        {"escalation": {"poor_answers": 0}},
        {"escalation": {"within_days": 0}},
        {"escalations": None},
    ],
)
async def test_other_settings_are_refused(live: Api, body: dict[str, Any]) -> None:
    reply = await live.http.put("/v1/asking", json=body)

    assert reply.status_code == 422
    assert len(problem_codes(reply)) == 1


async def test_two_poor_answers_are_for_a_person_to_call(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    await poor_answer(live, "c-1")
    await poor_answer(live, "c-1", rating=0)

    refused = (await live.trigger(respondent="c-1")).json()
    await live.trigger(respondent="c-1")

    assert refused["reason"] == "escalated"
    (opened,) = (await live.http.get("/v1/escalations")).json()["escalations"]
    assert opened["respondent"] == "c-1"
    assert opened["detail"]["poor_answers"] == 2
    headers = {"authorization": f"Bearer {await other_workspace()}"}
    path = f"/v1/escalations/{opened['id']}/close"
    assert (await live.http.post(path, headers=headers)).status_code == 404
    closed = (await live.http.post(path)).json()
    live.clock.move(days=1)
    assert (await live.http.post(path)).json() == closed
    assert (await live.http.get("/v1/escalations")).json() == {"escalations": []}
    for state in ("closed", "all"):
        listed = await live.http.get("/v1/escalations", params={"state": state})
        assert listed.json() == {"escalations": [closed]}
    assert (await live.trigger(respondent="c-1")).json()["asked"] is True


async def test_escalations_come_in_pages_newest_first(live: Api) -> None:
    await live.http.put("/v1/asking", json={"escalation": {"poor_answers": 1}})
    for person in ("c-1", "c-2", "c-3"):
        await poor_answer(live, person)
        await live.trigger(respondent=person)

    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while page := (await live.http.get("/v1/escalations", params=query)).json()["escalations"]:
        seen += [one["respondent"] for one in page]
        query["before"] = page[-1]["id"]

    assert seen == ["c-3", "c-2", "c-1"]


@pytest.mark.parametrize(
    ("query", "status"),
    [({"state": "half"}, 400), ({"before": "x"}, 400), ({"limit": "0"}, 400), ({"a": "b"}, 400)],
)
async def test_a_bad_page_of_escalations_is_refused(
    live: Api, query: dict[str, str], status: int
) -> None:
    assert (await live.http.get("/v1/escalations", params=query)).status_code == status


async def test_an_unknown_escalation_is_not_found(live: Api) -> None:
    for name in (str(uuid4()), "nothing"):
        reply = await live.http.post(f"/v1/escalations/{name}/close")
        assert (reply.status_code, reply.json()["code"]) == (404, "escalation_unknown")


async def test_a_pushed_survey_asks_under_its_conditions(live: Api) -> None:
    asking = {
        "opens_at": "2026-11-01T00:00:00+02:00",
        "closes_at": "2027-01-01T00:00:00Z",
        "needs_consent": True,
        "only_when": [{"name": "plan", "op": "one_of", "value": ["pro", "team"]}],
    }
    pushed = await live.push({**SURVEY, "asking": asking})

    told = [
        await live.trigger(respondent="c-1", **fields)
        for fields in (
            {},
            {"consent": True},
            {"traits": {"plan": "free"}},
            {"traits": {"plan": "team"}},
        )
    ]

    assert pushed.json()["change"] == "cosmetic"
    assert [reply.json()["reason"] for reply in told] == [
        "no_consent",
        "not_in_segment",
        "not_in_segment",
        "asked",
    ]
    live.clock.move(days=60)
    assert (await live.trigger(respondent="c-2", consent=True)).json()["reason"] == "not_open"


async def test_a_survey_that_could_never_ask_is_refused(live: Api) -> None:
    asking = {
        "opens_at": "2026-11-02T00:00:00Z",
        "closes_at": "2026-11-01T00:00:00Z",
        "only_when": [{"name": "n", "op": "at_least", "value": "ten"}],
        "quotas": [{"name": "a", "limit": 1}, {"name": "a", "limit": 2}],
    }

    reply = await live.push({**SURVEY, "asking": asking})

    assert reply.status_code == 422
    assert [(one["path"], one["code"]) for one in reply.json()["problems"]] == [
        ("$.asking.closes_at", "never_true"),
        ("$.asking.only_when[0].value", "wrong_type"),
        ("$.asking.quotas[1].name", "duplicate_key"),
    ]
