"""Customers to call: who sees them, what is said of them, and that somebody has called."""

from __future__ import annotations

from api_client import Api
from home_steps import shown
from signed_in import sign_in

from harken_server.respondents.store.respondents import Respondent, put_respondent
from harken_server.responses.store.escalations import (
    EscalationDetail,
    list_escalations,
    open_escalation,
)


async def escalate(api: Api, respondent: str = "kim") -> str:
    """Gives its id, which is later than that of the one before."""
    api.clock.move(seconds=1)
    runtime, id_ = api.runtime, api.runtime.new_id()
    detail = EscalationDetail(
        poor_answers=2, within_days=90, survey="post_purchase", rating=2, comment="<b>Late</b>"
    )
    assert await open_escalation(
        runtime.db, runtime.home, respondent, detail, now=api.clock(), new_id=id_
    )
    return str(id_)


async def test_who_waits_is_shown_with_what_they_wrote_and_how_to_reach_them(live: Api) -> None:
    await escalate(live)
    known = Respondent(respondent="kim", email="kim@example.com", updated_at=live.clock())
    await put_respondent(live.runtime.db, live.runtime.home, known)

    page = await (await sign_in(live, "analyst")).get("/escalations")

    assert "kim <b>Late</b> Rated 2 Your order just now kim@example.com" in shown(page.text)
    assert "<b>Late" not in page.text
    assert "Somebody has called" not in page.text


async def test_whoever_edits_says_that_somebody_has_called(live: Api) -> None:
    id_ = await escalate(live)
    visitor = await sign_in(live, "editor")

    reply = await visitor.post(f"/escalations/{id_}/close")

    assert reply.status_code == 303
    assert "Nobody waits for a call" in (await visitor.get("/escalations")).text
    db, home = live.runtime.db, live.runtime.home
    assert not await list_escalations(db, home, is_open=True, before=None, limit=9)


async def test_what_is_not_there_is_told_as_such(live: Api) -> None:
    visitor = await sign_in(live)

    for id_ in ("nonsense", "00000000-0000-7000-8000-000000000000"):
        assert (await visitor.post(f"/escalations/{id_}/close")).status_code == 404


async def test_who_may_not_read_answers_is_refused(live: Api) -> None:
    await escalate(live)

    page = await (await sign_in(live, "viewer")).get("/escalations")

    assert page.status_code == 403
    assert "kim" not in page.text


async def test_long_lists_come_a_page_at_a_time(live: Api) -> None:
    for number in range(51):
        await escalate(live, f"person-{number:02}")
    visitor = await sign_in(live)

    first = await visitor.get("/escalations")
    older = first.text.partition('rel="next"')[0].rpartition("before=")[2].partition('"')[0]
    second = await visitor.get("/escalations", before=older)

    assert "person-50" in first.text
    assert "person-00" not in first.text
    assert "person-00" in second.text
    assert "person-01" not in second.text
