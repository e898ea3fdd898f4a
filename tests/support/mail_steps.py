"""Steps of the mail tests: a live survey, invitations queued as mail, a worker that sends them."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api_client import FakeClock
from mail_sink import Sink

from harken_server.channels.email.channel import EMAIL
from harken_server.channels.email.sending.mail import open_mail
from harken_server.channels.email.sending.smtp import Patience
from harken_server.configuration import load_settings
from harken_server.database import outbox
from harken_server.database.database import Database
from harken_server.database.outbox import OutboxItem
from harken_server.database.values import to_uuid
from harken_server.deliveries.channels import Sends
from harken_server.deliveries.handing_over import Dispatcher
from harken_server.deliveries.queueing import queue_delivery
from harken_server.deliveries.rules import Delivery, send_kind
from harken_server.deliveries.store.deliveries import get_delivery
from harken_server.invitations.codes import RANDOM_BYTES, make_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation
from harken_server.kernel.ids import uuid7
from harken_server.kernel.work_outcomes import Done, Outcome
from harken_server.surveys.definition import decode_survey, encode_survey
from harken_server.surveys.published import SurveyStatus
from harken_server.surveys.store.surveys import publish_version

KEYS = (b"k" * 32,)
SURVEY: dict[str, Any] = {
    "key": "nps",
    "title": "Your order",
    "presentation": {"brand": "Bücher & Söhne"},
    "questions": [{"type": "nps", "key": "recommend", "text": "How likely to recommend us?"}],
}
QUICK = Patience(connect_s=2.0, command_s=0.3, data_s=0.3)
MAIL_SETTINGS = {
    "HARKEN_PUBLIC_URL": "https://feedback.example.com",
    "HARKEN_MAIL_FROM": "hello@shop.example",
}


class PostOffice:
    """A workspace that mails invitations through a sink, under a clock that stands."""

    def __init__(self, db: Database, home: UUID, clock: FakeClock, survey_id: UUID) -> None:
        self.db = db
        self.home = home
        self.clock = clock
        self.survey_id = survey_id

    def new_id(self) -> UUID:
        return self.new_id_at(self.clock())

    @staticmethod
    def new_id_at(now: datetime) -> UUID:
        return uuid7(now, secrets.token_bytes(10))

    async def invite(
        self, address: str = "ada@example.com", respondent: str | None = "ada", **changes: Any
    ) -> Invitation:
        """Queue a mail for a new invitation."""
        values: dict[str, Any] = {
            "id": self.new_id(),
            "workspace_id": self.home,
            "survey_id": self.survey_id,
            "code": make_code(secrets.token_bytes(RANDOM_BYTES)),
            "touchpoint": "order.delivered",
            "channel": "email",
            "respondent": respondent,
            "created_at": self.clock(),
            "expires_at": self.clock() + timedelta(days=30),
        }
        invitation = Invitation(**(values | changes))
        async with self.db.transaction() as tx:
            await add_invitation(tx, invitation)
        await self.queue(invitation, address)
        return invitation

    async def queue(self, invitation: Invitation, address: str, **changes: Any) -> UUID | None:
        now = self.clock()
        async with self.db.transaction() as tx:
            return await queue_delivery(
                tx, invitation=invitation, address=address, due_at=now, now=now,
                new_id=self.new_id, **changes,
            )  # fmt: skip

    async def claim(self, limit: int = 100, lease_s: float = 20.0) -> list[OutboxItem]:
        return await outbox.claim_due(
            self.db, self.clock(), limit, lease_s, kind=send_kind("email")
        )

    async def deliveries(self) -> list[Delivery]:
        rows = await self.db.fetch("SELECT id FROM delivery ORDER BY id")
        found = [await get_delivery(self.db, self.home, to_uuid(row[0])) for row in rows]
        return [delivery for delivery in found if delivery is not None]

    async def only(self) -> Delivery:
        found = await self.deliveries()
        assert len(found) == 1
        return found[0]

    @contextlib.asynccontextmanager
    async def mailroom(self, sink: Sink | str, **settings: str) -> AsyncIterator[Dispatcher]:
        url = sink if isinstance(sink, str) else sink.url
        loaded = load_settings({**MAIL_SETTINGS, "HARKEN_SMTP_URL": url, **settings})
        assert isinstance(EMAIL.way, Sends)
        limits = EMAIL.way.limits(loaded)
        async with open_mail(loaded, KEYS, patience=QUICK) as sender:
            yield Dispatcher(self.db, sender, limits, clock=self.clock)

    async def send(self, sink: Sink | str, **settings: str) -> Outcome:
        """Hand over the one mail that is due."""
        (item,) = await self.claim()
        async with self.mailroom(sink, **settings) as mailroom:
            return await mailroom.send(item)

    async def sent(self, sink: Sink | str, **settings: str) -> Delivery:
        """The same of one that must be taken; the only delivery there is."""
        assert await self.send(sink, **settings) == Done()
        return await self.only()


async def publish(
    db: Database,
    home: UUID,
    now: datetime,
    *,
    survey: dict[str, Any] | None = None,
    status: SurveyStatus = "live",
) -> UUID:
    """Publish a survey; its id."""
    definition = encode_survey(decode_survey(json.dumps(survey or SURVEY).encode(), "json"))
    record, _ = await publish_version(
        db,
        home,
        key=(survey or SURVEY)["key"],
        definition=definition,
        digest=secrets.token_hex(32),
        change="first",
        expected=0,
        now=now,
        survey_id=uuid7(now, secrets.token_bytes(10)),
        version_id=uuid7(now, secrets.token_bytes(10)),
        status=status,
    )
    return record.id
