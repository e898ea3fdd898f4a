"""Submitting a response, repeating it, going on with it, and being refused."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from api_client import SURVEY, Api


async def test_a_submission_is_stored_and_counts_in_the_score(live: Api) -> None:
    reply = await live.submit({"recommend": 9})

    assert reply.status_code == 201, reply.text
    receipt = reply.json()
    assert receipt["survey"] == "post_purchase"
    assert receipt["complete"] is True
    assert receipt["received_at"] == "2026-11-21T12:00:00Z"
    score = await live.score()
    assert score["score"] == 100.0
    assert score["n"] == 1


async def test_text_plain_is_taken_as_json_and_answered_for_any_origin(live: Api) -> None:
    body = b'{"id":"%s","survey":"post_purchase","answers":{"recommend":3}}' % str(uuid4()).encode()

    reply = await live.post_raw(body, "text/plain;charset=UTF-8")

    assert reply.status_code == 201, reply.text
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "set-cookie" not in reply.headers


async def test_a_preflight_is_answered(live: Api) -> None:
    reply = await live.http.options("/v1/public/responses")

    assert reply.status_code == 204
    assert "POST" in reply.headers["access-control-allow-methods"]


async def test_a_repeat_gets_the_same_receipt_and_is_stored_once(live: Api) -> None:
    identity = str(uuid4())
    first = await live.submit({"recommend": 9}, id=identity)
    live.clock.move(days=3)

    again = await live.submit({"recommend": 9}, id=identity)

    assert again.content == first.content
    assert (await live.score())["n"] == 1


async def test_a_hundred_simultaneous_copies_are_one_response(live: Api) -> None:
    identity = str(uuid4())

    replies = await asyncio.gather(
        *(live.submit({"recommend": 7}, id=identity) for _ in range(100))
    )

    assert {reply.status_code for reply in replies} == {201}
    assert len({reply.content for reply in replies}) == 1
    assert (await live.score())["n"] == 1


async def test_another_body_under_the_same_id_is_a_conflict_and_changes_nothing(live: Api) -> None:
    identity = str(uuid4())
    await live.submit({"recommend": 9}, id=identity)

    reply = await live.submit({"recommend": 2}, id=identity)

    assert reply.status_code == 409
    assert reply.json()["code"] == "response_conflict"
    assert (await live.score())["score"] == 100.0


async def test_a_partial_response_grows_and_is_completed(live: Api) -> None:
    identity = str(uuid4())
    await live.submit({"recommend": 3}, id=identity, complete=False)
    await live.submit({"reason": "price"}, id=identity, complete=False, sequence=2)

    reply = await live.submit({"why": "Slow"}, id=identity, sequence=3)

    assert reply.status_code == 201, reply.text
    stored = (await live.http.get(f"/v1/surveys/post_purchase/responses/{identity}")).json()
    assert stored["answers"] == {"recommend": 3, "reason": "price", "why": "Slow"}
    assert stored["complete"] is True
    assert (await live.score())["n"] == 1


async def test_a_later_sequence_replaces_and_clears_answers(live: Api) -> None:
    identity = str(uuid4())
    await live.submit({"recommend": 3, "reason": "price"}, id=identity, complete=False)

    await live.submit({"recommend": 10}, id=identity, sequence=2, cleared=["reason"])

    stored = (await live.http.get(f"/v1/surveys/post_purchase/responses/{identity}")).json()
    assert stored["answers"] == {"recommend": 10}
    assert (await live.score())["score"] == 100.0


async def test_a_late_copy_of_an_earlier_sequence_changes_nothing(live: Api) -> None:
    identity = str(uuid4())
    first = await live.submit({"recommend": 3}, id=identity, complete=False)
    await live.submit({"recommend": 8}, id=identity, sequence=2)

    late = await live.submit({"recommend": 3}, id=identity, complete=False)

    assert (late.status_code, late.content) == (201, first.content)
    assert (await live.score())["counts"]["8"] == 1


async def test_a_complete_response_takes_no_more(live: Api) -> None:
    identity = str(uuid4())
    await live.submit({"recommend": 9}, id=identity)

    reply = await live.submit({"recommend": 1}, id=identity, sequence=2)

    assert reply.status_code == 409
    assert reply.json()["code"] == "response_finished"


async def test_an_answer_to_a_hidden_question_is_kept_apart(live: Api) -> None:
    identity = str(uuid4())

    reply = await live.submit({"recommend": 10, "why": "Not shown to me"}, id=identity)

    assert reply.json()["hidden"] == ["why"]
    stored = (await live.http.get(f"/v1/surveys/post_purchase/responses/{identity}")).json()
    assert stored["answers"] == {"recommend": 10}
    assert stored["hidden_answers"] == {"why": "Not shown to me"}


@pytest.mark.parametrize("rating", [11, -1, "5", 4.5, 5.0, None, True, [9], {"value": 9}])
async def test_a_rating_that_is_not_a_whole_number_on_the_scale_is_refused(
    live: Api, rating: Any
) -> None:
    reply = await live.submit({"recommend": rating})

    assert reply.status_code == 422, reply.text
    problem = reply.json()["problems"][0]
    assert problem["question"] == "recommend"
    assert problem["path"] == "$.answers.recommend"
    assert (await live.score())["n"] == 0


async def test_all_problems_are_reported_at_once(live: Api) -> None:
    reply = await live.submit({"recommend": 11, "reason": "weather", "why": 3, "colour": "red"})

    assert reply.status_code == 422
    problems = reply.json()["problems"]
    assert {problem["path"] for problem in problems} == {
        "$.answers.recommend",
        "$.answers.reason",
        "$.answers.why",
        "$.answers.colour",
    }


async def test_a_missing_required_answer_is_refused_only_on_completion(live: Api) -> None:
    complete = await live.submit({"reason": "price"})
    partial = await live.submit({"reason": "price"}, complete=False)

    assert complete.status_code == 422
    assert complete.json()["problems"][0]["question"] == "recommend"
    assert partial.status_code == 201


async def test_a_response_stays_with_the_version_it_began_under(live: Api) -> None:
    identity = str(uuid4())
    await live.submit({"recommend": 9}, id=identity, complete=False)
    changed = {**SURVEY, "questions": SURVEY["questions"][:1]}
    pushed = await live.push(changed)
    assert pushed.json()["version"] == 2

    reply = await live.submit({"reason": "price"}, id=identity, sequence=2)

    assert reply.status_code == 201, reply.text
    assert reply.json()["version"] == 1


async def test_a_repeat_after_closing_still_gets_its_receipt(live: Api) -> None:
    identity = str(uuid4())
    first = await live.submit({"recommend": 9}, id=identity)
    await live.http.post("/v1/surveys/post_purchase/status", json={"status": "closed"})

    again = await live.submit({"recommend": 9}, id=identity)
    new = await live.submit({"recommend": 9})

    assert again.content == first.content
    assert new.status_code == 410
    assert new.json()["code"] == "survey_closed"


async def test_a_draft_survey_takes_nothing(api: Api) -> None:
    await api.push(status="draft")

    reply = await api.submit({"recommend": 9})

    assert reply.status_code == 404
    assert reply.json()["code"] == "survey_unknown"


async def test_an_unknown_survey_and_version_are_named(live: Api) -> None:
    survey = await live.submit({"recommend": 9}, survey="nothing_here")
    version = await live.submit({"recommend": 9}, version=7)

    assert survey.status_code == 404
    assert survey.json()["code"] == "survey_unknown"
    assert version.status_code == 422
    assert version.json()["problems"][0]["path"] == "$.version"


async def test_an_erased_response_stays_erased(live: Api) -> None:
    identity = str(uuid4())
    await live.submit({"recommend": 9}, id=identity)
    erased = await live.http.delete(f"/v1/surveys/post_purchase/responses/{identity}")

    again = await live.submit({"recommend": 9}, id=identity)

    assert erased.status_code == 204
    assert again.status_code == 410
    assert again.json()["code"] == "response_erased"
    assert (await live.score())["score"] is None
    assert (await live.score())["n"] == 0


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-11-21T13:59:00.123987+02:00", "2026-11-21T11:59:00.123000Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
    ],
)
async def test_a_claimed_start_is_kept_alike_on_both_databases(
    live: Api, sent: str, kept: str
) -> None:
    receipt = await live.submit({"recommend": 9}, started_at=sent)

    path = f"/v1/surveys/post_purchase/responses/{receipt.json()['id']}"
    assert (await live.http.get(path)).json()["started_at"] == kept


@pytest.mark.parametrize(
    "sent",
    [
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "2026-11-21T12:00:00",
        "now",
        1,
    ],
)
async def test_a_start_outside_of_any_calendar_or_zone_is_refused(live: Api, sent: object) -> None:
    reply = await live.submit({"recommend": 9}, started_at=sent)

    assert reply.status_code == 422
    assert reply.json()["code"] == "wrong_shape"
