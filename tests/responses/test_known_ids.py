"""Whoever knows an id can do nothing with it: not read, overwrite or finish an answer, nor take its
place before it comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from api_client import Api
from receipt_steps import SURVEY as RECEIPT_SURVEY
from receipt_steps import form_id_of
from ways_in import Open, by_button, by_kiosk_item, opened

from harken_server.invitations.redeem import redeem_code


async def by_link(there: Open) -> bool:
    return (await there.shop.answer(f"/i/{there.links[0]}")).status_code == 200


async def by_mail_link(there: Open) -> bool:
    return (await there.shop.answer(f"/e/{there.links[1]}")).status_code == 200


async def by_text_reply(there: Open) -> bool:
    body = {"token": there.links[2], "channel": "sms", "reply": "9"}
    return (await there.api.http.post("/v1/public/replies", json=body)).status_code == 200


async def by_signed_receipt(there: Open) -> bool:
    return (await there.shop.answer(f"/r/{there.shop.token(7)}")).status_code == 200


async def by_named_link(there: Open) -> bool:
    return (await there.shop.answer("/s/post_purchase?rid=c-7")).status_code == 200


WAYS: list[Callable[[Open], Awaitable[bool]]] = [
    by_link, by_mail_link, by_text_reply, by_signed_receipt, by_named_link, by_kiosk_item,
    by_button,
]  # fmt: skip
SAID = ("1", "9", "press post_purchase 1", "press 1", "post_purchase 1", "rid\nc-7", "c-7")
"""What these ways in say of themselves, as an id might be made of it."""


async def readable_ids(there: Open) -> set[UUID]:
    """Ids that stand in answers of the API, in mails and in tokens, and what follows from them."""
    api = there.api
    found = {api.runtime.home}
    for code in there.links:
        invitation = await redeem_code(api.runtime.db, code)
        found |= {invitation.id, invitation.survey_id}
    for listing in ("devices", "keys"):
        listed = (await api.http.get(f"/v1/{listing}")).json()[listing]
        found |= {UUID(each["id"]) for each in listed}
    return found | {uuid5(each, said) for each in found for said in SAID}


async def as_stranger(api: Api, **body: Any) -> int:
    """Sent to the public route without a key."""
    held = api.http.headers.pop("authorization")
    reply = await api.submit({"recommend": 0}, **body)
    api.http.headers["authorization"] = held
    return reply.status_code


async def stored_of(api: Api) -> dict[str, dict[str, Any]]:
    path = "/v1/surveys/post_purchase/responses?limit=1000"
    return {each["id"]: each for each in (await api.http.get(path)).json()["responses"]}


async def test_ids_that_can_be_read_are_taken_beforehand_in_vain(api: Api) -> None:
    there = await opened(api, {})
    for each in await readable_ids(there):
        assert await as_stranger(api, id=str(each)) == 201

    for way in WAYS:
        before = await stored_of(api)
        assert await way(there), way.__name__
        new = [item for key, item in (await stored_of(api)).items() if key not in before]
        assert [item["answers"] for item in new] == [{"recommend": 9}], way.__name__


async def test_a_press_is_stored_after_another_key_took_its_name(api: Api) -> None:
    there = await opened(api, {})
    press = {"id": "button-7/2", "survey": "post_purchase", "answers": {"recommend": 9}}

    async def send(key: str, **change: Any) -> Any:
        headers = {"authorization": f"Bearer {key}"}
        body = [{**press, **change}]
        sent = await api.http.post("/v1/public/presses", json=body, headers=headers)
        return sent.json()["results"][0]

    taken = await send(await api.key("public"), answers={"recommend": 0})
    real, again = await send(there.public), await send(there.public)
    other = await send(there.public, answers={"recommend": 1})

    assert real["receipt"]["id"] != taken["receipt"]["id"]
    assert again == real
    assert other["problem"]["code"] == "response_conflict"
    assert {each["answers"]["recommend"] for each in (await stored_of(api)).values()} == {0, 9}


@pytest.mark.parametrize("begun_by", ["page", "api", "key"])
async def test_the_id_of_a_partial_answer_reads_and_changes_nothing(
    api: Api, begun_by: str
) -> None:
    there = await opened(api, {})
    asked = [{"type": "long_text", "key": "why", "text": "Why?"}, *RECEIPT_SURVEY["questions"]]
    one_by_one = {"questions": asked, "presentation": {"pages": "question"}}
    assert (await api.push({**RECEIPT_SURVEY, **one_by_one})).status_code == 201
    secret = {"resume": "of this browser"} if begun_by == "api" else {}
    if begun_by == "page":
        page = await api.http.get("/s/post_purchase")
        form = {"r": form_id_of(page), "v": "3", "after": "", "go": "next", "a_why": "Private."}
        assert (await api.http.post("/s/post_purchase", data=form)).status_code == 200
    else:
        sent = {"answers": {"why": "Private."}, "complete": False, **secret}
        assert (await api.submit(**sent)).status_code == 201
    code = there.links[0]
    ((known, before),) = (await stored_of(api)).items()

    for path in ("/s/post_purchase", f"/i/{code}", f"/e/{code}"):
        for query in (f"?r={known}&after=why", f"?r={known}", f"?id={known}&rid={known}"):
            assert "Private." not in (await api.http.get(path + query)).text
        forged = {"r": known, "v": "3", "after": "", "go": "next", "a_recommend": "0"}
        assert (await api.http.post(path, data=forged)).status_code == 400
    for more in ({}, {"token": code}, {"resume": "x" * 8}, {"resume": known[:36]}):
        for sequence in (1, 2, 3):
            said = {"id": known, "sequence": sequence, **more}
            assert await as_stranger(api, **said) in {403, 409}, said

    assert await stored_of(api) == {known: before}


async def test_the_invited_person_answers_whatever_was_stored_under_the_invitations_id(
    api: Api,
) -> None:
    there = await opened(api, {})
    invitation = await redeem_code(api.runtime.db, there.links[0])
    for sequence in (1, 2):
        said = {"id": str(invitation.id), "sequence": sequence, "resume": "a stranger's"}
        assert await as_stranger(api, **said, complete=sequence == 2) == 201

    reply = await api.submit({"recommend": 9}, token=invitation.code, id=str(uuid4()))

    assert reply.status_code == 201, reply.text


async def test_an_anonymous_press_that_comes_again_with_another_body_is_refused(api: Api) -> None:
    there = await opened(api, {}, anonymous=True)
    headers = {"authorization": f"Bearer {there.public}"}
    press = {"id": "button-7/2", "survey": "post_purchase"}
    results: list[Any] = []
    for rating in (9, 9, 1):
        body = {**press, "answers": {"recommend": rating}}
        sent = await api.http.post("/v1/public/presses", json=[body], headers=headers)
        results += sent.json()["results"]

    assert results[0] == results[1]
    assert results[2]["problem"]["code"] == "response_conflict"
    rows = await api.runtime.db.fetch("SELECT count(*) FROM response")
    assert [tuple(row) for row in rows] == [(1,)]
