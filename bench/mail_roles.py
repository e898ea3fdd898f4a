"""The processes of the mail measure: `python -m bench.mail_roles ROLE CORE [OPTION=VALUE ...]`.

`sink` is a mail server that counts, `straight` gives ready messages to it, `room` is the product's
worker on a database. Each reads one order a line (JSON) and prints one reply a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, Literal, cast
from uuid import UUID

import aiosmtplib
import uvloop
from aiosmtpd.smtp import SMTP

from bench.server_process import pin
from bench.survey import KEY, SURVEY
from harken_server.channels.email.channel import EMAIL
from harken_server.channels.email.rules.addresses import Sender
from harken_server.channels.email.sending.mail import Letterhead, compose
from harken_server.database.outbox import OutboxItem
from harken_server.deliveries.channels import Sends
from harken_server.deliveries.handing_over import open_dispatcher
from harken_server.deliveries.queueing import queue_delivery
from harken_server.deliveries.rules import Delivery, send_kind
from harken_server.http.runtime import Runtime
from harken_server.invitations.codes import RANDOM_BYTES, make_code
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.store import add_invitation
from harken_server.kernel.clock import system_clock
from harken_server.kernel.work_outcomes import Outcome
from harken_server.surveys.store.surveys import get_survey
from harken_server.worker import Worker

SENDER = "hello@shop.example"
PUBLIC_URL = "https://feedback.shop.example"
TOGETHER = 100
"""How many mails are queued in one transaction."""
Order = dict[str, Any]
Answer = Callable[[Order], Awaitable[Order]]


class Sink:
    """A mail server that keeps count of what it got, not the mails."""

    def __init__(self) -> None:
        self._recipients: Counter[str] = Counter()
        self._connections = 0
        self._last_at = 0.0
        self._awaited = 0
        self._is_full = asyncio.Event()

    async def answer(self, order: Order) -> Order:
        """`await`: reply once so many mails are here; `count`: reply, and begin at nothing."""
        if order["do"] == "await":
            self._awaited = order["count"]
            self._note()
            await self._is_full.wait()
        counted = {
            "mails": self._recipients.total(), "recipients": len(self._recipients),
            "connections": self._connections, "last_at": self._last_at,
        }  # fmt: skip
        if order["do"] == "count":
            self._recipients.clear()
            self._connections = 0
            self._awaited = 0
            self._is_full.clear()
        return counted

    def connection(self) -> SMTP:
        """Talk to one more client."""
        self._connections += 1
        loop = asyncio.get_running_loop()
        return SMTP(self, hostname="sink.example", loop=loop)

    async def handle_DATA(self, _: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802
        """Take a mail; the name and the order of what is given are aiosmtpd's."""
        self._recipients.update(envelope.rcpt_tos)
        self._last_at = time.time()
        self._note()
        return "250 taken"

    def _note(self) -> None:
        if 0 < self._awaited <= self._recipients.total():
            self._is_full.set()


class Straight:
    """Gives ready messages to the mail server, one after the other, over one connection."""

    def __init__(self, smtp_port: int) -> None:
        self._port = smtp_port
        self._letters: list[tuple[str, bytes]] = []

    async def answer(self, order: Order) -> Order:
        """`fill` with so many messages, `send` them all, or `stop`, which is no work here."""
        if order["do"] == "fill":
            self._letters = [_letter(number) for number in range(order["count"])]
            return {"bytes": sum(len(content) for _, content in self._letters)}
        if order["do"] == "stop":
            return {"times_ms": [], "left": 0}
        began = time.time()
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=self._port, start_tls=False
        ) as client:
            for recipient, content in self._letters:
                await client.sendmail(SENDER, [recipient], content)
        return {"began": began}


class Room:
    """The product's worker, sending what waits in its database."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stopping = asyncio.Event()
        self._working: asyncio.Task[None] | None = None
        self._times_ms: list[float] = []

    async def answer(self, order: Order) -> Order:
        """`fill` the queue, `send` from now on, or `stop` and say how it went."""
        match order["do"]:
            case "fill":
                await _queue(self._runtime, order["count"])
                return {}
            case "send":
                self._times_ms.clear()
                self._stopping.clear()
                began = time.time()
                self._working = asyncio.create_task(self._work())
                return {"began": began}
            case _:
                self._stopping.set()
                assert self._working is not None
                await self._working
                return {"times_ms": self._times_ms, "left": await _left(self._runtime)}

    async def _work(self) -> None:
        runtime = self._runtime
        assert isinstance(EMAIL.way, Sends)
        async with open_dispatcher(runtime, EMAIL.way) as dispatcher:
            assert dispatcher is not None

            async def send(_: Runtime, item: OutboxItem) -> Outcome:
                began = time.perf_counter()
                outcome = await dispatcher.send(item)
                self._times_ms.append((time.perf_counter() - began) * 1000)
                return outcome

            await Worker(runtime, {send_kind(EMAIL.name): send}, ()).run(self._stopping)


async def _queue(runtime: Runtime, count: int) -> None:
    """Queue mails to new respondents, due now."""
    survey = await get_survey(runtime.db, runtime.home, KEY)
    assert survey is not None
    now = runtime.clock()
    for start in range(0, count, TOGETHER):
        async with runtime.db.transaction() as tx:
            for _ in range(min(TOGETHER, count - start)):
                code = make_code(runtime.random(RANDOM_BYTES))
                invitation = Invitation(
                    id=runtime.new_id(), workspace_id=runtime.home, survey_id=survey.id, code=code,
                    touchpoint="order.delivered", channel="email", respondent=f"c-{code}",
                    created_at=now, expires_at=now + timedelta(days=30),
                )  # fmt: skip
                await add_invitation(tx, invitation)
                await queue_delivery(
                    tx, invitation=invitation, address=f"{code.lower()}@example.com", due_at=now,
                    now=now, new_id=runtime.new_id,
                )  # fmt: skip


async def _left(runtime: Runtime) -> int:
    """How many mails are not written down as sent, or not done with in the outbox."""
    row = await runtime.db.fetch_one(
        "SELECT (SELECT COUNT(*) FROM delivery WHERE state <> 'sent')"
        " + (SELECT COUNT(*) FROM outbox WHERE finished_at IS NULL)"
    )
    return int(row[0]) if row else -1


def _letter(number: int) -> tuple[str, bytes]:
    now = system_clock()
    invitation = Invitation(
        id=UUID(int=number + 1), workspace_id=UUID(int=1), survey_id=UUID(int=2),
        code=make_code(number.to_bytes(RANDOM_BYTES, "big")), touchpoint="order.delivered",
        channel="email", respondent=f"c-{number}", created_at=now,
    )  # fmt: skip
    delivery = Delivery(
        id=invitation.id, workspace_id=invitation.workspace_id, survey_id=invitation.survey_id,
        invitation_id=invitation.id, channel="email", respondent=f"c-{number}", wave="",
        kind="invitation",
        address=f"c-{number}@example.com", state="queued", attempts=0, created_at=now, due_at=now,
    )  # fmt: skip
    head = Letterhead(Sender(SENDER, ""), None, PUBLIC_URL, "The Shop")
    stop = f"{PUBLIC_URL}/u/{'x' * 90}"
    letter = compose(delivery, invitation, SURVEY, head, unsubscribe_url=stop, now=now)
    return letter.recipient, letter.content


@contextlib.asynccontextmanager
async def _sink(options: dict[str, str]) -> AsyncGenerator[Answer]:
    sink = Sink()
    loop = asyncio.get_running_loop()
    await loop.create_server(sink.connection, "127.0.0.1", int(options["port"]))
    yield sink.answer


@contextlib.asynccontextmanager
async def _straight(options: dict[str, str]) -> AsyncGenerator[Answer]:
    yield Straight(int(options["smtp_port"])).answer


@contextlib.asynccontextmanager
async def _room(options: dict[str, str]) -> AsyncGenerator[Answer]:
    from harken_server.app import open_runtime
    from harken_server.configuration import load_settings
    from harken_server.surveys.publish import push_survey
    from harken_server.workspaces.store.workspaces import get_workspace

    settings = load_settings({
        "HARKEN_DATA_DIR": options["folder"], "HARKEN_DATABASE_URL": options["url"],
        "HARKEN_PUBLIC_URL": PUBLIC_URL, "HARKEN_LOG_LEVEL": "error", "HARKEN_MAIL_FROM": SENDER,
        "HARKEN_SMTP_URL": f"smtp://127.0.0.1:{options['smtp_port']}?starttls=off",
        "HARKEN_MAIL_WINDOW": "00:00-24:00",
    })  # fmt: skip
    async with open_runtime(settings) as runtime:
        home = await get_workspace(runtime.db, runtime.home)
        assert home is not None
        await push_survey(runtime.db, home, SURVEY, now=runtime.clock(), new_id=runtime.new_id)
        yield Room(runtime).answer


ROLES: dict[str, Callable[[dict[str, str]], AbstractAsyncContextManager[Answer]]] = {
    "sink": _sink,
    "straight": _straight,
    "room": _room,
}


async def serve(role: str, options: dict[str, str]) -> None:
    """Answer orders until there are no more."""
    async with ROLES[role](options) as answer:
        _reply({})
        while line := await asyncio.to_thread(sys.stdin.readline):
            _reply(await answer(json.loads(line)))


def _reply(reply: Order) -> None:
    print(json.dumps(reply), flush=True)


def main(arguments: list[str]) -> None:
    role, core, *rest = arguments
    pin(cast("Literal['server', 'client']", core))
    options = dict(option.split("=", 1) for option in rest)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(role, options))


if __name__ == "__main__":
    main(sys.argv[1:])
