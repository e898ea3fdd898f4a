"""How the hosted page is served to invited people, and when storage fails."""

from __future__ import annotations

from uuid import uuid4

import httpx
from api_client import let_in

from harken_server.app import create_app
from harken_server.invitations.codes import make_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation
from harken_server.surveys.catalog import Catalog


async def test_an_invitation_is_answered_once_by_its_own_link(visitor, api, responses_of):
    decision = (
        await api.trigger(touchpoint="stay.ended", respondent="c-1", context={"guest": "Ada"})
    ).json()
    code = decision["invitation"]["code"]

    page = await visitor.open(f"/i/{code.lower()[:4]}-{code[4:]}")
    assert "Recommend us, Ada?" in page.text
    await visitor.send(recommend="9")
    opened_anew = await visitor.open(f"/I/{code}")
    assert "a_recommend" not in opened_anew.fields
    await visitor.send(recommend="10")
    last = await visitor.send(used=["spa"])
    page = await visitor.send()
    assert "Thank you, truly" in page.text

    again = await visitor.open(f"/i/{code}")
    assert visitor.reply.status_code == 410
    assert "You answered on 21 November." in again.text
    fields = {name: values[0] for name, values in last.fields.items()}
    await visitor.post(fields | {"a_ok": "yes"})
    assert "You have already answered" in visitor.page.text
    [stored] = await responses_of()
    assert stored["answers"]["recommend"] == 10
    assert (stored["respondent"], stored["touchpoint"]) == ("c-1", "stay.ended")
    assert code not in str(visitor.reply.headers)


async def test_an_expired_invitation_says_so(visitor, api):
    decision = (await api.trigger(touchpoint="stay.ended", respondent="c-1")).json()
    api.clock.move(days=31)

    page = await visitor.open(f"/i/{decision['invitation']['code']}")

    assert visitor.reply.status_code == 410
    assert "This link has expired" in page.text


async def test_looking_at_an_invitation_does_not_use_it(visitor, api, responses_of):
    code = (await api.trigger(touchpoint="stay.ended", respondent="c-1")).json()["invitation"][
        "code"
    ]
    for method in ("GET", "HEAD", "GET"):
        reply = await visitor.http.request(method, f"/i/{code}")
        assert reply.status_code == 200

    assert await responses_of() == []


async def test_when_storage_fails_the_page_comes_back_with_everything_typed(visitor, api):
    await visitor.open("/s/stay")
    await api.runtime.db.close()

    page = await visitor.send(recommend="9")

    assert visitor.reply.status_code == 503
    assert visitor.reply.headers["retry-after"] == "5"
    assert page.fields["a_recommend"] == ["9"]
    assert "We could not save your answers just now." in page.text


async def test_when_storage_fails_a_visitor_is_asked_to_come_back(visitor, api):
    await api.runtime.db.close()

    page = await visitor.open("/s/another")

    assert visitor.reply.status_code == 503
    assert visitor.reply.headers["retry-after"] == "5"
    assert "We will be right back" in page.text


async def test_a_link_for_many_answers_gives_each_visitor_a_response(visitor, api, responses_of):
    survey = (await api.http.get("/v1/surveys/stay")).json()
    assert survey["status"] == "live"
    loaded = await api.runtime.of(Catalog).find("stay")
    code = make_code(b"12345678")
    await add_invitation(
        api.runtime.db,
        Invitation(
            id=uuid4(), workspace_id=loaded.workspace.id, survey_id=loaded.record.id, code=code,
            touchpoint="stay.ended", channel="poster", created_at=api.clock(),
            is_single_use=False,
        ),
    )  # fmt: skip
    for rating in ("9", "3"):
        await visitor.open(f"/i/{code}")
        await visitor.send(recommend=rating)

    stored = await responses_of()
    assert [item["answers"]["recommend"] for item in stored] == [9, 3]
    assert {item["channel"] for item in stored} == {"poster"}


async def test_guessing_codes_too_fast_is_slowed_down(api):
    let_in(api.runtime, 20)
    transport = httpx.ASGITransport(create_app(api.runtime), client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        slowed = await http.get("/i/0000000000000")
        assert slowed.status_code == 404
        for _ in range(60):
            if slowed.status_code == 429:
                break
            slowed = await http.get("/i/0000000000000")

    assert slowed.status_code == 429
    assert int(slowed.headers["retry-after"]) in range(1, 4)
    assert "One moment, please" in slowed.text
