"""People and programs at the links of a message, over HTTP and with a clock that is moved."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
from api_client import Api, FakeClock

from harken_server.channels.page.forms import make_form_id
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.store.deliveries import add_delivery
from harken_server.http.runtime import Runtime
from harken_server.invitations.codes import make_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation
from harken_server.responses.codes import COUNTED, PARTIAL
from harken_server.responses.store.recount import CountDifference, recount
from harken_server.responses.store.row import decode_answers
from harken_server.routes import CHANNELS
from harken_server.surveys.catalog import Catalog
from harken_server.worker import Worker, jobs_of

HIDDEN = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')
CHOSEN = re.compile(r'type="radio" name="([^"]+)" value="([^"]+)"[^>]* checked')


async def make_invitation(
    runtime: Runtime, survey: str, respondent: str | None = None, **parts: Any
) -> Invitation:
    """A personal link by mail, without the mail."""
    loaded = await runtime.of(Catalog).find(survey)
    invitation = Invitation(
        id=uuid4(),
        workspace_id=runtime.home,
        survey_id=loaded.record.id,
        code=make_code(runtime.random(8)),
        touchpoint="order.delivered",
        channel="email",
        respondent=respondent or f"customer-{uuid4()}",
        created_at=runtime.clock(),
        **parts,
    )
    await add_invitation(runtime.db, invitation)
    return invitation


class Inbox:
    """Makes invitations by mail, and opens their links as a browser without script does."""

    def __init__(self, api: Api, survey: str = "post_purchase") -> None:
        self.api = api
        self.survey = survey
        self.clock: FakeClock = api.clock

    async def invite(self, respondent: str | None = None, **parts: Any) -> Invitation:
        """A new invitation, as if a message with it had been sent long ago."""
        return await make_invitation(self.api.runtime, self.survey, respondent, **parts)

    async def link(self) -> str:
        """The code of a new invitation."""
        return (await self.invite()).code

    async def open(self, code: str, rating: int | str | None = None, **how: Any) -> httpx.Response:
        """Follow a link of the message; by default with GET."""
        method = how.pop("method", "GET")
        query = "" if rating is None else f"?a={rating}"
        return await self.api.http.request(method, f"/e/{code}{query}", **how)

    async def send(self, code: str, page: httpx.Response, **fields: str) -> httpx.Response:
        """Press the button of a page that was opened, with what is chosen on it.

        Where it says that it was answered, answer again.
        """
        form = {**dict(HIDDEN.findall(page.text)), **dict(CHOSEN.findall(page.text))}
        if 'value="again"' in page.text:
            again = await self.api.http.post(page.url, data={**form, "go": "again"})
            return await self.send(code, again, **fields)
        return await self.api.http.post(page.url, data={**form, "go": "next", **fields})

    async def confirm(self, code: str, rating: int, **fields: str) -> httpx.Response:
        """Press the button of an empty page behind a rating, without opening it here."""
        form = {"a_recommend": str(rating), "v": "1", "after": "", "lang": "en", "go": "next"}
        form["r"] = str(make_form_id(self.api.runtime.signing_keys, uuid4()))
        return await self.api.http.post(f"/e/{code}?a={rating}", data={**form, **fields})

    async def answer(self, code: str, rating: int, **answers: str) -> None:
        """Open a link, think for three seconds, and press the button."""
        page = await self.open(code, rating)
        self.clock.move(seconds=3)
        fields = {f"a_{key}": value for key, value in answers.items()}
        reply = await self.send(code, page, **fields)
        assert reply.status_code == httpx.codes.OK, reply.text

    async def hand_over(self, invitation: Invitation, at: datetime) -> None:
        """As if the message of an invitation had been given to the mail server at this time."""
        db, now = self.api.runtime.db, self.clock()
        async with db.transaction() as tx:
            await add_delivery(tx, Delivery(
                id=uuid4(), workspace_id=invitation.workspace_id,
                survey_id=invitation.survey_id, invitation_id=invitation.id,
                channel=invitation.channel, respondent=invitation.respondent or "",
                wave=str(invitation.id), kind="invitation", address="ada@example.com",
                state="sent", attempts=1,
                created_at=now, due_at=now, handed_over_at=at,
                message_id=f"<{invitation.id}@mail.example>",
            ))  # fmt: skip

    async def counted_ratings(self) -> dict[str, int]:
        """The rating that counts, by the code of the invitation."""
        rows = await self.api.runtime.db.fetch(
            "SELECT i.code, r.answers FROM response r JOIN invitation i ON i.id = r.invitation_id"
            f" WHERE r.{COUNTED}"
        )
        return {
            code: answer.rating
            for code, answers in rows
            for answer in decode_answers(answers)
            if answer.question == "recommend" and answer.rating is not None
        }

    async def reopen(self) -> None:
        """Make an answer that counts one that was not finished."""
        db = self.api.runtime.db
        await db.execute(f"UPDATE response SET {PARTIAL}")

    async def differences(self) -> list[CountDifference]:
        """Counts that are not what the answers say."""
        runtime = self.api.runtime
        loaded = await runtime.of(Catalog).find(self.survey)
        return await recount(runtime.db, runtime.home, loaded.record.id)

    async def settle(self, seconds: float = 13) -> None:
        """Let the time pass after which visits are judged, and judge them."""
        self.clock.move(seconds=seconds)
        await self.settle_due()

    async def settle_due(self) -> None:
        """Judge the visits whose time has come."""
        worker = Worker(self.api.runtime, jobs_of(CHANNELS), ())
        while await worker.run_once(500):
            pass

    async def responses(self, *standings: str) -> list[dict[str, Any]]:
        """What is stored, of these standings or of any, as the API lists it."""
        reply = await self.api.http.get(
            f"/v1/surveys/{self.survey}/responses", params={"limit": 1000}
        )
        assert reply.status_code == 200, reply.text
        found: list[dict[str, Any]] = reply.json()["responses"]
        return [item for item in found if not standings or item["standing"] in standings]

    async def standings(self) -> dict[str, int]:
        """How many responses there are of each standing."""
        rows = await self.api.runtime.db.fetch(
            "SELECT standing, COUNT(*) FROM responses_flat GROUP BY standing ORDER BY standing"
        )
        return {row[0]: row[1] for row in rows}

    async def count(self) -> int:
        """How many answers the score takes in."""
        return (await self.api.score(self.survey))["n"]
