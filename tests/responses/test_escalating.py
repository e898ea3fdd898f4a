"""Poor answers, from their first sequence to their end, and the escalation that goes with them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from api_client import Api

from harken_server.responses.asked import collection_of, find_asked
from harken_server.responses.merging import Sent, check_merged
from harken_server.responses.store.reviews import REVIEW
from harken_server.responses.store.writing import RESPONSES
from harken_server.responses.submission import Submission, digest_of
from harken_server.responses.submit import compose_response
from harken_server.worker import JOBS, Worker
from harken_server.workspaces.access import WorkspaceCatalog

POOR, GOOD = {"recommend": 2}, {"recommend": 9}


async def listed(api: Api, state: str = "open") -> list[dict[str, Any]]:
    reply = await api.http.get("/v1/escalations", params={"state": state})
    assert reply.status_code == 200, reply.text
    return reply.json()["escalations"]


async def want(api: Api, poor_answers: int = 1) -> None:
    body = {"escalation": {"poor_answers": poor_answers, "within_days": 90}}
    assert (await api.http.put("/v1/asking", json=body)).status_code == 200


async def answer(api: Api, answers: dict[str, Any], **fields: Any) -> str:
    sent = {"respondent": "ada", "touchpoint": "order.delivered", **fields}
    reply = await api.submit(answers, **sent)
    assert reply.status_code == 201, reply.text
    return reply.json()["id"]


async def test_a_poor_answer_opens_one_as_soon_as_it_is_stored_with_all_that_a_caller_needs(
    live: Api,
) -> None:
    await want(live)
    told = {"email": "ada@example.com", "phone": "+47 22 12 34 56"}
    await live.trigger(respondent="ada", **told)

    response = await answer(live, {**POOR, "why": "Nobody came."})

    (opened,) = await listed(live)
    assert (opened["respondent"], opened["email"], opened["phone"]) == (
        "ada", "ada@example.com", "+4722123456",
    )  # fmt: skip
    detail = opened["detail"]
    assert (detail["response"], detail["question"], detail["rating"]) == (response, "recommend", 2)
    assert (detail["comment"], detail["touchpoint"]) == ("Nobody came.", "order.delivered")
    assert detail["survey"] == "post_purchase"


@pytest.mark.parametrize("wanted", [1, 2, 3])
async def test_one_is_open_for_a_person_however_many_poor_answers_come(
    live: Api, wanted: int
) -> None:
    await want(live, wanted)

    numbers = []
    for _ in range(4):
        live.clock.move(minutes=1)
        await answer(live, POOR)
        numbers.append(len(await listed(live)))

    assert numbers == [0] * (wanted - 1) + [1] * (5 - wanted)
    assert (await listed(live))[0]["detail"]["poor_answers"] == 4


async def test_a_comment_that_comes_with_a_later_page_is_there_too(live: Api) -> None:
    await want(live)
    begun = {"id": str(uuid4()), "resume": "of this browser"}
    await answer(live, POOR, **begun, complete=False)
    assert "comment" not in (await listed(live))[0]["detail"]

    await answer(live, {"why": "Nobody came."}, **begun, sequence=2)

    assert (await listed(live))[0]["detail"]["comment"] == "Nobody came."


async def corrected(api: Api, response: str) -> None:
    await answer(api, GOOD, id=response, sequence=2, resume="of this browser", complete=False)


async def set_aside(api: Api, response: str) -> None:
    path = f"/v1/surveys/post_purchase/responses/{response}"
    assert (await api.http.patch(path, json={"standing": "excluded"})).status_code == 200


async def erased(api: Api, response: str) -> None:
    path = f"/v1/surveys/post_purchase/responses/{response}"
    assert (await api.http.delete(path)).status_code in {200, 204}


@pytest.mark.parametrize("undo", [corrected, set_aside, erased])
async def test_before_anybody_called_it_is_taken_back_with_the_answer(live: Api, undo: Any) -> None:
    await want(live)
    response = await answer(live, POOR, complete=False, resume="of this browser")
    assert len(await listed(live)) == 1

    await undo(live, response)

    assert await listed(live, "all") == []
    assert (await live.trigger(respondent="ada")).json()["reason"] == "asked"


@pytest.mark.parametrize("undo", [corrected, set_aside, erased])
async def test_it_stays_while_another_poor_answer_is_reason_enough(live: Api, undo: Any) -> None:
    await want(live)
    other = await answer(live, POOR)
    live.clock.move(minutes=1)
    response = await answer(live, {"recommend": 0}, complete=False, resume="of this browser")

    await undo(live, response)

    (opened,) = await listed(live)
    assert (opened["detail"]["response"], opened["detail"]["rating"]) == (other, 2)


async def test_what_was_dealt_with_stays_closed_and_forgets_an_erased_answer(live: Api) -> None:
    await want(live)
    response = await answer(live, {**POOR, "why": "Nobody came."})
    (opened,) = await listed(live)
    live.clock.move(minutes=1)
    assert (await live.http.post(f"/v1/escalations/{opened['id']}/close")).status_code == 200

    await erased(live, response)

    (closed,) = await listed(live, "all")
    assert closed["closed_at"]
    assert not {"response", "rating", "comment", "question"} & closed["detail"].keys()


async def test_a_repeat_opens_what_a_server_that_died_left_undone(live: Api) -> None:
    await want(live)
    response = await answer(live, POOR)
    await live.runtime.db.execute("DELETE FROM escalation")

    await answer(live, POOR, id=response)

    assert len(await listed(live)) == 1


async def promises(api: Api) -> list[bool]:
    """Of each review that was promised, whether it is still open."""
    sql = "SELECT finished_at FROM outbox WHERE kind = $1"
    return [finished_at is None for (finished_at,) in await api.runtime.db.fetch(sql, REVIEW)]


async def test_a_server_that_stops_right_after_the_answer_has_promised_the_review(
    live: Api,
) -> None:
    await want(live)
    room = collection_of(live.runtime)
    submission = Submission(
        id=uuid4(), survey="post_purchase", answers=POOR, respondent="ada", resume="of its server"
    )
    workspace = await live.runtime.of(WorkspaceCatalog).get(live.runtime.home)
    asked = await find_asked(room, submission, workspace)
    sent = Sent(
        submission, digest_of(submission), "api", is_sample=False, proof="key", is_trusted=True,
        may_go_on=True, is_vouched=False, standing="counted", told=submission.id,
    )  # fmt: skip
    new = await compose_response(room, sent, asked, check_merged(asked, None, submission), None)
    assert (await room.db.store(RESPONSES, new)).kind == "stored"
    assert await listed(live) == []
    worker = Worker(live.runtime, JOBS, ())
    await worker.run_once()
    assert await listed(live) == [], "whoever stored it may still come to it"

    live.clock.move(seconds=31)
    await worker.run_once()

    (opened,) = await listed(live)
    assert opened["detail"]["response"] == str(submission.id)
    assert await promises(live) == [False]


async def test_only_a_poor_answer_promises_a_review_and_it_is_kept_at_once(live: Api) -> None:
    await want(live)
    await answer(live, GOOD)
    await live.submit(POOR)
    assert await promises(live) == []

    for complete in (False, True):
        await answer(live, POOR, complete=complete)
    assert await promises(live) == [False, False]

    begun = {"id": str(uuid4()), "resume": "of this browser"}
    await answer(live, GOOD, **begun, complete=False)
    del live.http.headers["authorization"]
    key = await live.key("public")
    headers = {"authorization": f"Bearer {key}"}
    body = {**begun, "survey": "post_purchase", "answers": POOR, "sequence": 2}
    reply = await live.http.post("/v1/public/responses", json=body, headers=headers)

    assert reply.status_code == 201
    assert await promises(live) == [False] * 3, "whoever was proved before still is"
