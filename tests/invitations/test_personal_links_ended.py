"""A personal link is listed for its respondent, and revoked alone."""

from __future__ import annotations

from typing import Any

from api_client import Api
from conversation_steps import SURVEY, invite


async def links_of(live: Api, respondent: str) -> list[dict[str, Any]]:
    reply = await live.http.get("/v1/invitations", params={"respondent": respondent})
    assert reply.status_code == 200, reply.text
    return reply.json()["invitations"]


async def test_a_personal_link_is_listed_without_its_code_and_revoked_alone(live: Api) -> None:
    await live.push(SURVEY)
    codes = [await invite(live, respondent=name) for name in ("ada", "kim")]
    (link,) = await links_of(live, "ada")
    assert (link["survey"], link["channel"], link["answered"]) == ("after_call", "sms", False)
    assert codes[0] not in str(link)
    assert (await live.http.get(f"/i/{codes[0]}")).status_code == 200

    revoked = await live.http.delete(f"/v1/invitations/{link['id']}")

    assert revoked.status_code == 204
    pages = [(await live.http.get(f"/i/{code}")).status_code for code in codes]
    assert pages == [410, 200]
    (entry,) = (await live.http.get("/v1/audit?action=revoke_personal_link")).json()["entries"]
    assert entry["subject"] == link["id"]
    again = await live.http.delete(f"/v1/invitations/{link['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "invitation_unknown")


async def test_nothing_is_taken_by_a_revoked_link(live: Api) -> None:
    await live.push(SURVEY)
    code = await invite(live, respondent="ada")
    (link,) = await links_of(live, "ada")
    await live.http.delete(f"/v1/invitations/{link['id']}")

    sent = await live.http.post(
        "/v1/public/responses",
        json={"id": link["id"], "token": code, "answers": {"satisfaction": 5}, "complete": True},
    )

    assert (sent.status_code, sent.json()["code"]) == (410, "invitation_expired")


async def test_whose_links_are_meant_must_be_said(live: Api) -> None:
    for query in ("", "?respondent=", "?respondent=" + "a" * 201):
        reply = await live.http.get("/v1/invitations" + query)
        assert (reply.status_code, reply.json()["code"]) == (400, "bad_parameter")
