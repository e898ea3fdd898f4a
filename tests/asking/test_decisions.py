"""Decisions told again, prospects explained, and what is known of a person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from api_client import SURVEY, Api


async def test_a_decision_is_read_again_word_by_word(live: Api) -> None:
    first = (await live.trigger(respondent="c-1", channel="email", email="kim@x.io")).json()
    live.clock.move(days=3)
    refused = (await live.trigger(respondent="c-1")).json()
    live.clock.move(days=300)
    await live.http.post("/v1/surveys/post_purchase/status", json={"status": "closed"})

    for told in (first, refused):
        reply = await live.http.get(f"/v1/decisions/{told['id']}")
        assert reply.status_code == 200
        assert reply.json() == told
    assert refused["explanation"] == "Not asked: asked 3 days ago; the cooldown is 30 days."
    assert refused["detail"] == "global.asked"
    assert first["delivery"]


async def test_where_the_application_hands_on_the_link_nothing_is_queued(live: Api) -> None:
    told = (await live.trigger(respondent="c-1", channel="sms", email="kim@x.io")).json()

    assert told["asked"] is True
    assert told["invitation"]["url"]
    assert "delivery" not in told


@pytest.mark.parametrize("path", ["0190a000-0000-7000-8000-000000000001", "nothing"])
async def test_an_unknown_decision_is_not_found(live: Api, path: str) -> None:
    reply = await live.http.get(f"/v1/decisions/{path}")

    assert (reply.status_code, reply.json()["code"]) == (404, "decision_unknown")


async def test_workspaces_do_not_see_each_others_decisions_and_people(
    live: Api, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    told = (await live.trigger(respondent="c-1", traits={"plan": "pro"})).json()
    headers = {"authorization": f"Bearer {await other_workspace()}"}

    decision = await live.http.get(f"/v1/decisions/{told['id']}", headers=headers)
    person = await live.http.get("/v1/respondents/c-1", headers=headers)
    explained = await live.http.get("/v1/respondents/c-1/explain", headers=headers)

    assert (decision.status_code, person.status_code) == (404, 404)
    assert explained.json()["surveys"] == []


async def test_every_survey_is_explained_and_nothing_changes(live: Api) -> None:
    await live.push({**SURVEY, "key": "lonely", "touchpoints": []})
    await live.trigger(respondent="c-1")
    before = (await live.http.get("/v1/respondents/c-1/explain")).json()

    again = (await live.http.get("/v1/respondents/c-1/explain")).json()
    stranger = (await live.http.get("/v1/respondents/nobody/explain")).json()

    assert before == again
    assert [(one["survey"], one["touchpoint"], one["reason"]) for one in before["surveys"]] == [
        ("lonely", None, "no_survey"),
        ("post_purchase", "order.delivered", "cooldown"),
    ]
    assert [one["asked"] for one in stranger["surveys"]] == [False, True]
    assert (await live.trigger(respondent="nobody")).json()["asked"] is True


async def test_a_person_is_set_read_and_merged(live: Api) -> None:
    unknown = await live.http.get("/v1/respondents/c-1")
    told = {"email": "Kim@X.io", "phone": "+47 22 12 34 56", "consent": True, "traits": {"a": 1}}
    written = await live.http.put("/v1/respondents/c-1", json=told)
    await live.trigger(respondent="c-1", traits={"b": "x"}, timezone="Europe/Oslo")

    known = (await live.http.get("/v1/respondents/c-1")).json()

    assert (unknown.status_code, unknown.json()["code"]) == (404, "respondent_unknown")
    assert written.json()["email"] == known["email"] == "kim@x.io"
    assert (known["phone"], known["consent"]) == ("+4722123456", True)
    assert (known["traits"], known["timezone"]) == ({"a": 1, "b": "x"}, "Europe/Oslo")
    assert (await live.http.put("/v1/respondents/c-1", json={})).json()["traits"] == {}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"email": "no address"}, "$.email"),
        ({"phone": "phone"}, "$.phone"),
        ({"timezone": "../etc"}, "$.timezone"),
        ({"traits": {"x": "y" * 501}}, "$.traits[...]"),
        ({"traits": {"x": [1]}}, "$.traits[...]"),
        ({"consent": "yes"}, "$.consent"),
        ({"mail": "x"}, "$"),
    ],
)
async def test_a_person_that_cannot_be_kept_is_refused_by_field(
    live: Api, body: dict[str, object], path: str
) -> None:
    reply = await live.http.put("/v1/respondents/c-1", json=body)

    assert reply.status_code == 422
    assert [problem["path"] for problem in reply.json()["problems"]] == [path]


async def test_a_trigger_names_what_is_wrong_with_its_person_and_time(live: Api) -> None:
    reply = await live.trigger(
        email="no address", phone="??????", timezone="a b", send_at="2036-01-01T00:00:00Z"
    )
    naive = await live.trigger(send_at="2026-12-01T00:00:00")

    assert reply.status_code == 422
    assert {problem["path"] for problem in reply.json()["problems"]} == {
        "$.email",
        "$.phone",
        "$.timezone",
        "$.send_at",
    }
    assert naive.status_code == 422
