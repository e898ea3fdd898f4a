"""What is the same on every channel: addresses, caps, hours, reminders and failures."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from api_client import NOW, FakeClock
from mail_steps import PostOffice, publish

from harken_server.channels.email.store import find_by_address
from harken_server.database import outbox
from harken_server.database.database import Database
from harken_server.deliveries.channels import Channel, Channels, Sends
from harken_server.deliveries.handing_over import Dispatcher
from harken_server.deliveries.queueing import queue_invitation
from harken_server.deliveries.reminders import queue_reminders
from harken_server.deliveries.rules import Delivery, DeliveryState, send_kind
from harken_server.deliveries.sender import (
    Content,
    PlainOutgoing,
    RefusedError,
    UnknownOutcomeError,
    UnreachableError,
)
from harken_server.deliveries.times import Limits, parse_window
from harken_server.invitations.codes import make_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation
from harken_server.kernel.settings import Settings
from harken_server.kernel.work_outcomes import Later, Outcome
from harken_server.respondents.store.respondents import Respondent, merge_respondent
from harken_server.respondents.store.suppressions import is_suppressed
from harken_server.routes import CHANNELS
from harken_server.workspaces.workspace import Workspace

NAME = "whistle"


class Whistle:
    """A sender that keeps what it was given, or fails as it is told to."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.fails: Exception | None = None

    def write(self, delivery: Delivery, content: Content, now: datetime) -> PlainOutgoing:
        async def take() -> None:
            if self.fails is not None:
                raise self.fails
            self.taken.append(delivery.address)

        return PlainOutgoing(f"whistle-{delivery.id}", take)


@asynccontextmanager
async def _open(settings: Settings, keys: Sequence[bytes]) -> AsyncGenerator[Whistle]:
    yield Whistle()


def whistle(**changes: Any) -> Channel:
    way: dict[str, Any] = {
        "needs": "phone", "open": _open, "waits_for": lambda _: None, "limits": lambda _: Limits(),
        "reminds": True, "delivered": ("sent",),
    }  # fmt: skip
    return Channel(name=NAME, way=Sends(**{**way, **changes}), document="x.md", words=None)


@pytest.fixture
async def office(database: Database, workspace: Workspace) -> PostOffice:
    survey_id = await publish(database, workspace.id, NOW)
    return PostOffice(database, workspace.id, FakeClock(NOW), survey_id)


async def queue(office: PostOffice, channel: Channel | None = None, **known: Any) -> UUID | None:
    """What is queued for a new invitation of Ada's on the whistle."""
    now = office.clock()
    made = Invitation(
        id=office.new_id(), workspace_id=office.home, survey_id=office.survey_id,
        code=make_code(office.new_id().bytes[-8:]), touchpoint="order.delivered", channel=NAME,
        respondent="ada", created_at=now, expires_at=now + timedelta(days=30),
    )  # fmt: skip
    reach: dict[str, Any] = {"email": None, "phone": None, **known}
    async with office.db.transaction() as tx:
        await add_invitation(tx, made)
        return await queue_invitation(
            tx, Channels([channel or whistle()]), made, due_at=now, now=now,
            new_id=office.new_id, **reach,
        )  # fmt: skip


async def send(office: PostOffice, sender: Whistle, limits: Limits = Limits()) -> Outcome:  # noqa: B008
    now = office.clock()
    (item,) = await outbox.claim_due(office.db, now, 1, 20.0, kind=send_kind(NAME))
    dispatcher = Dispatcher(office.db, sender, limits, clock=office.clock)
    return await dispatcher.send(item)


async def tell_phone(office: PostOffice, phone: str) -> None:
    async with office.db.transaction() as tx:
        told = Respondent(respondent="ada", phone=phone)
        await merge_respondent(tx, office.home, told, office.clock())


@pytest.mark.parametrize(
    ("need", "known", "address"),
    [
        ("phone", {"phone": "+47 22 12 34 56"}, "+4722123456"),
        ("phone", {"email": "ada@example.com"}, None),
        ("email", {"email": "ada@example.com"}, "ada@example.com"),
        ("email", {"phone": "+4722123456"}, None),
        ("respondent", {}, "ada"),
    ],
)
async def test_an_invitation_is_queued_where_what_the_channel_needs_is_known(
    office: PostOffice, need: str, known: dict[str, str], address: str | None
) -> None:
    queued = await queue(office, whistle(needs=need), **known)

    assert [one.address for one in await office.deliveries()] == ([address] if address else [])
    assert (queued is None) == (address is None)


async def test_a_phone_number_that_was_told_before_is_found(office: PostOffice) -> None:
    await tell_phone(office, "+4722123456")

    await queue(office)

    assert (await office.only()).address == "+4722123456"


async def test_nothing_is_queued_on_a_channel_that_nobody_registered(office: PostOffice) -> None:
    other = Channel(name="other", way=whistle().way, document="x.md", words=None)

    assert await queue(office, other, phone="+4722123456") is None


async def test_the_cap_of_a_day_counts_each_channel_by_itself(office: PostOffice) -> None:
    await office.invite()
    await office.db.execute("UPDATE delivery SET state = 'sent', handed_over_at = $1", NOW)
    sender = Whistle()
    outcomes: list[Outcome] = []
    for number in range(2):
        await queue(office, phone=f"+472212345{number}")
        outcomes.append(await send(office, sender, Limits(daily_cap=1)))

    assert sender.taken == ["+4722123450"]
    assert isinstance(outcomes[1], Later)
    assert outcomes[1].due_at == NOW.replace(hour=0) + timedelta(days=1)


async def test_hours_hold_on_any_channel(office: PostOffice) -> None:
    await queue(office, phone="+4722123456")

    outcome = await send(office, Whistle(), Limits(window=parse_window("14:00-15:00")))

    assert isinstance(outcome, Later)
    assert outcome.due_at == NOW.replace(hour=14)


@pytest.mark.parametrize(
    ("error", "state", "says"),
    [
        (RefusedError("no such number", is_final=True), "failed", "no such number"),
        (RefusedError("busy", is_final=False), "queued", "busy"),
        (UnreachableError("no route"), "queued", "no route"),
        (UnknownOutcomeError("the text"), "unknown", "lost after the text. It is not sent again"),
    ],
)
async def test_each_failure_is_what_the_sender_says_it_is(
    office: PostOffice, error: Exception, state: DeliveryState, says: str
) -> None:
    sender = Whistle()
    sender.fails = error
    await queue(office, phone="+4722123456")

    await send(office, sender)

    delivery = await office.only()
    assert delivery.state == state
    assert says in (delivery.last_error or "")


async def test_a_dead_address_is_not_written_to_again(office: PostOffice) -> None:
    sender = Whistle()
    sender.fails = RefusedError("gone", is_final=True, is_dead_address=True)
    await queue(office, phone="+4722123456")

    await send(office, sender)

    assert await is_suppressed(office.db, office.home, "ada")


@pytest.mark.parametrize(("delivered", "reminders"), [(("sent",), 0), (("sent", "unknown"), 1)])
async def test_who_is_reminded_follows_from_what_the_channel_counts_as_delivered(
    office: PostOffice, delivered: tuple[DeliveryState, ...], reminders: int
) -> None:
    sender = Whistle()
    sender.fails = UnknownOutcomeError("the text")
    await queue(office, phone="+4722123456")
    await send(office, sender)
    office.clock.move(days=3, hours=1)

    channels = Channels([whistle(delivered=delivered)])
    queued = await queue_reminders(office.db, channels, now=office.clock(), new_id=office.new_id)

    assert queued == reminders
    assert {one.channel for one in await office.deliveries()} == {NAME}


async def test_a_channel_reminds_nobody_of_another_channel(office: PostOffice) -> None:
    await queue(office, phone="+4722123456")
    await send(office, Whistle())
    office.clock.move(days=3, hours=1)

    assert await queue_reminders(office.db, CHANNELS, now=office.clock(), new_id=office.new_id) == 0


async def test_a_bounce_of_mail_is_never_taken_for_another_channels(office: PostOffice) -> None:
    await queue(office, whistle(needs="email"), email="ada@example.com")
    await send(office, Whistle())

    async with office.db.transaction() as tx:
        assert await find_by_address(tx, office.home, "ada@example.com") is None
