"""Who a response is from: proved, or stored as claimed; never refused, never silently believed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from api_client import Api

from harken import sign_identity
from harken_server.responses.asked import collection_of
from harken_server.responses.known import Way
from harken_server.responses.submission import Submission
from harken_server.responses.submit import submit_response

DAY = timedelta(days=1)


class Site:
    """A site with a public key in its pages and a secret one on its server."""

    def __init__(self, api: Api, public: str, secret: str) -> None:
        self.api, self.public, self.secret = api, public, secret

    def sign(self, respondent: str, *, valid_for: timedelta = DAY) -> str:
        return sign_identity(self.secret, respondent, self.api.clock() + valid_for)

    async def stored(self, identity: str) -> tuple[str | None, bool]:
        path = f"/v1/surveys/post_purchase/responses/{identity}"
        item = (await self.api.http.get(path)).json()
        return item["respondent"], item["respondent_verified"]


@pytest.fixture
async def site(live: Api) -> Site:
    return Site(live, await live.key("public"), await live.key("write"))


async def submit_from_page(site: Site, **fields: Any) -> httpx.Response:
    """As a browser does: no Authorization header at all."""
    held = site.api.http.headers.pop("authorization")
    try:
        return await site.api.submit({"recommend": 9}, **fields)
    finally:
        site.api.http.headers["authorization"] = held


async def test_a_good_signature_proves_the_respondent(site: Site) -> None:
    reply = await submit_from_page(site, respondent="c-42", signature=site.sign("c-42"))

    assert reply.status_code == 201, reply.text
    assert await site.stored(reply.json()["id"]) == ("c-42", True)


@pytest.mark.parametrize("signature", ["", "nonsense", "another's", "expired", "public", None])
async def test_any_other_signature_is_stored_as_claimed(
    site: Site, signature: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    made = {
        "another's": site.sign("c-43"),
        "expired": site.sign("c-42", valid_for=timedelta(0)),
        "public": sign_identity(site.public, "c-42", site.api.clock() + DAY),
    }
    caplog.set_level(logging.INFO, "harken.identity")

    reply = await submit_from_page(
        site, respondent="c-42", signature=made.get(signature or "", signature)
    )

    assert reply.status_code == 201, reply.text
    assert await site.stored(reply.json()["id"]) == ("c-42", False)
    lines = [(getattr(record, "code", ""), record.getMessage()) for record in caplog.records]
    assert [code for code, _ in lines] == (["identity_unverified"] if signature else [])
    assert not any("c-42" in message for _, message in lines)


async def test_a_name_without_proof_and_no_name_at_all_are_not_verified(site: Site) -> None:
    claimed = await submit_from_page(site, respondent="c-42")
    anonymous = await submit_from_page(site, signature=site.sign("c-42"))

    assert await site.stored(claimed.json()["id"]) == ("c-42", False)
    assert await site.stored(anonymous.json()["id"]) == (None, False)


@pytest.mark.parametrize(
    ("scope", "expected"), [("write", True), ("manage", True), ("public", False)]
)
async def test_a_key_that_may_write_says_who_answers(
    site: Site, scope: Any, expected: bool
) -> None:
    key = await site.api.key(scope)

    reply = await site.api.http.post(
        "/v1/public/responses",
        json={"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 9},
              "respondent": "c-42"},
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip

    assert await site.stored(reply.json()["id"]) == ("c-42", expected)


async def test_a_secret_key_in_an_address_vouches_for_nobody(site: Site) -> None:
    held = site.api.http.headers.pop("authorization")
    reply = await site.api.http.post(
        f"/v1/public/responses?key={site.secret}",
        json={"id": str(uuid4()), "survey": "post_purchase", "answers": {"recommend": 9},
              "respondent": "c-42"},
    )  # fmt: skip
    site.api.http.headers["authorization"] = held

    assert await site.stored(reply.json()["id"]) == ("c-42", False)


async def test_an_invitations_own_respondent_is_known(site: Site) -> None:
    personal = (await site.api.trigger(respondent="c-42")).json()["invitation"]["code"]
    anonymous = (await site.api.trigger()).json()["invitation"]["code"]

    first = await submit_from_page(site, token=personal, respondent="somebody else")
    second = await submit_from_page(site, token=anonymous, respondent="c-7")

    assert await site.stored(first.json()["id"]) == ("c-42", True)
    assert await site.stored(second.json()["id"]) == ("c-7", False)


async def test_once_proved_stays_so_for_the_same_respondent_only(site: Site) -> None:
    identity = str(uuid4())
    begun = {"id": identity, "complete": False, "resume": "of this browser"}
    steps = [
        {"respondent": "c-42"},
        {"respondent": "c-42", "signature": site.sign("c-42")},
        {"respondent": "c-42"},
        {"respondent": "c-43"},
        {"respondent": "c-42"},
    ]

    seen = []
    for sequence, step in enumerate(steps, 1):
        reply = await submit_from_page(site, **begun, sequence=sequence, **step)
        assert reply.status_code == 201, reply.text
        seen.append(await site.stored(identity))

    assert seen == [
        ("c-42", False), ("c-42", True), ("c-42", True), ("c-43", False), ("c-42", False),
    ]  # fmt: skip


async def test_a_repeat_with_a_fresh_signature_is_the_same_submission(site: Site) -> None:
    sent = {"id": str(uuid4()), "respondent": "c-42"}
    first = await submit_from_page(site, **sent, signature=site.sign("c-42"))
    site.api.clock.move(hours=20)

    replies = [
        await submit_from_page(site, **sent, **signature)
        for signature in ({"signature": site.sign("c-42")}, {"signature": None}, {})
    ]

    assert [reply.status_code for reply in replies] == [201, 201, 201]
    assert {reply.content for reply in replies} == {first.content}


async def test_many_copies_at_once_are_one_proved_response(site: Site) -> None:
    sent = {"id": str(uuid4()), "respondent": "c-42", "signature": site.sign("c-42")}

    held = site.api.http.headers.pop("authorization")
    replies = await asyncio.gather(*(site.api.submit({"recommend": 9}, **sent) for _ in range(20)))
    site.api.http.headers["authorization"] = held

    assert {reply.status_code for reply in replies} == {201}
    assert await site.stored(str(sent["id"])) == ("c-42", True)


async def test_an_erased_response_is_nobodys(site: Site) -> None:
    reply = await submit_from_page(site, respondent="c-42", signature=site.sign("c-42"))
    identity = reply.json()["id"]

    await site.api.http.delete(f"/v1/surveys/post_purchase/responses/{identity}")

    assert await site.stored(identity) == (None, False)


async def test_a_signature_of_another_workspace_proves_nothing_here(
    site: Site, other_workspace: Callable[[], Awaitable[str]]
) -> None:
    theirs = sign_identity(await other_workspace(), "c-42", site.api.clock() + DAY)

    reply = await submit_from_page(site, respondent="c-42", signature=theirs)

    assert await site.stored(reply.json()["id"]) == ("c-42", False)


async def test_exports_say_it_in_a_column_and_a_field(site: Site) -> None:
    await submit_from_page(site, respondent="c-42", signature=site.sign("c-42"))
    await submit_from_page(site, respondent="c-42")

    text = (await site.api.http.get("/v1/surveys/post_purchase/export.csv")).text
    lines = (await site.api.http.get("/v1/surveys/post_purchase/export.jsonl")).text.splitlines()

    header, *rows = [line.split(",") for line in text.splitlines()]
    place = header.index("respondent_verified")
    assert [row[place] for row in rows] == ["1", "0"]
    assert ['"respondent_verified":true' in line for line in lines] == [True, False]


async def test_what_proves_the_respondent_is_said(site: Site) -> None:
    by_key = await site.api.submit({"recommend": 9}, respondent="c-42")
    signed = await submit_from_page(site, respondent="c-42", signature=site.sign("c-42"))
    claimed = await submit_from_page(site, respondent="c-42")
    code = (await site.api.trigger(respondent="c-42")).json()["invitation"]["code"]
    invited = await submit_from_page(site, token=code)

    proofs = [
        (await stored_item(site, reply))["respondent_proof"]
        for reply in (by_key, signed, claimed, invited)
    ]

    assert proofs == ["key", "signature", "", "link"]


@pytest.mark.parametrize(
    ("standing", "proof"), [("counted", "receipt"), ("unverified", ""), ("provisional", "")]
)
async def test_a_receipt_proves_its_respondent_where_it_counts(
    site: Site, standing: Any, proof: str
) -> None:
    reply = await site.api.trigger(respondent="c-42", channel="receipt")
    submission = Submission(
        id=uuid4(), token=reply.json()["invitation"]["code"], answers={"recommend": 9}
    )

    await submit_response(collection_of(site.api.runtime), submission, Way(standing=standing))

    path = f"/v1/surveys/post_purchase/responses/{submission.id}"
    assert (await site.api.http.get(path)).json()["respondent_proof"] == proof


async def test_names_of_the_context_that_nobody_vouches_for_are_listed(site: Site) -> None:
    context = {"store": "17", "plan": "pro"}
    code = (await site.api.trigger(respondent="c-42", context={"store": "17"})).json()
    token = code["invitation"]["code"]

    by_key = await site.api.submit({"recommend": 9}, context=context)
    claimed = await submit_from_page(site, context=context)
    invited = await submit_from_page(site, token=token, context={**context, "store": "18"})

    assert (await stored_item(site, by_key))["claimed_context"] == []
    assert (await stored_item(site, claimed))["claimed_context"] == ["plan", "store"]
    item = await stored_item(site, invited)
    assert (item["context"], item["claimed_context"]) == (context, ["plan"])


async def test_a_later_sequence_claims_what_it_changes_and_no_more(site: Site) -> None:
    identity, resume = str(uuid4()), "a secret of this client"
    fields: dict[str, Any] = {"id": identity, "resume": resume, "complete": False}

    begun = await site.api.submit({}, context={"store": "17", "plan": "pro"}, **fields)
    same = await submit_from_page(
        site, context={"store": "17", "size": 2}, **{**fields, "sequence": 2}
    )
    listed = (await stored_item(site, same))["claimed_context"]
    await submit_from_page(site, context={"store": "18"}, **{**fields, "sequence": 3})
    changed = (await stored_item(site, begun))["claimed_context"]
    await site.api.submit({}, context={"store": "17"}, **{**fields, "sequence": 4})

    assert listed == ["size"]
    assert changed == ["size", "store"]
    assert (await stored_item(site, begun))["claimed_context"] == ["size"]


async def test_views_say_proof_and_claims(site: Site) -> None:
    await submit_from_page(site, context={"store": "17", "plan": "pro"}, respondent="c-42")

    rows = await site.api.runtime.db.fetch(
        "SELECT respondent_verified, respondent_proof, claimed_context FROM responses_flat"
    )

    ((verified, proof, claimed),) = rows
    assert (bool(verified), proof, msgspec.json.decode(claimed)) == (False, "", ["plan", "store"])


async def stored_item(site: Site, reply: httpx.Response) -> dict[str, Any]:
    assert reply.status_code == 201, reply.text
    path = f"/v1/surveys/post_purchase/responses/{reply.json()['id']}"
    return (await site.api.http.get(path)).json()
