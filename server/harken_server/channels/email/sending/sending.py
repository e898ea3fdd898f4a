"""Sends one queued delivery, at most once, and writes down what became of it.

Everything that may stand against it is looked at when it is sent, not when it was queued. That it
is about to be handed over is committed before the mail server hears of the message: a worker that
dies after that leaves `sending`, and whoever finds that makes it `unknown` and sends nothing.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import msgspec

from harken_server.channels.email.rules.addresses import Sender, parse_sender
from harken_server.channels.email.rules.deliveries import Delivery, DeliveryState, SendPayload
from harken_server.channels.email.rules.return_address import make_return_address
from harken_server.channels.email.rules.smtp_servers import parse_smtp_url
from harken_server.channels.email.rules.times import Window, back_off, parse_window
from harken_server.channels.email.sending.caps import wait_for_cap
from harken_server.channels.email.sending.compose import Letter, Letterhead, compose, message_id
from harken_server.channels.email.sending.mailable import Against, read_content, why_not
from harken_server.channels.email.sending.smtp import (
    Patience,
    RefusedError,
    SmtpPost,
    UnknownOutcomeError,
    UnreachableError,
)
from harken_server.channels.email.sending.undeliverable import suppress_mailbox
from harken_server.channels.email.sending.windows import opens_at
from harken_server.channels.email.settings import MailSettings
from harken_server.channels.email.store import deliveries
from harken_server.database import outbox
from harken_server.database.database import Database, Transaction
from harken_server.database.outbox import OutboxItem
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import unsubscribe_url
from harken_server.kernel.clock import Clock
from harken_server.kernel.settings import Settings
from harken_server.kernel.work_outcomes import Done, GiveUp, Later, Lost, Outcome

log = logging.getLogger("harken.mail")

_LOST = "The worker was lost while the mail was being handed over; it is not sent again."


class MailRules(msgspec.Struct, frozen=True):
    """Who sends, when, and how much."""

    sender: Sender
    reply_to: Sender | None
    public_url: str
    bounce_domain: str
    daily_cap: int
    window: Window


class Mailroom:
    """Sends deliveries of all workspaces through one mail server."""

    def __init__(
        self,
        db: Database,
        post: SmtpPost,
        rules: MailRules,
        *,
        clock: Clock,
        signing_keys: Sequence[bytes],
    ) -> None:
        self._db = db
        self._post = post
        self._rules = rules
        self._clock = clock
        self._keys = signing_keys

    async def send(self, item: OutboxItem) -> Outcome:
        """Send the delivery that the item names, or say when to try again."""
        payload = msgspec.json.decode(item.payload, type=SendPayload)
        delivery = await deliveries.get_delivery(self._db, item.workspace_id, payload.delivery_id)
        if delivery is None:
            return GiveUp("There is no such delivery any more.")
        if delivery.state == "sending":
            return await self._give_up_for_lost(item, delivery)
        if delivery.state != "queued":
            return Done()
        now = self._clock()
        found = await why_not(self._db, delivery, now)
        if isinstance(found, Against):
            return await self._end(delivery, found)
        opens = opens_at(now, self._rules.window, found.timezone)
        if opens > now:
            return await self._wait(delivery, opens, "Waits for the hours in which mail is sent.")
        try:
            letter = await self._compose(delivery, found.survey_version, now)
        except ValueError as error:
            return await self._settle(delivery, "failed", error=f"Cannot be written: {error}.")
        return await self._hand_over(item, delivery, letter)

    async def _hand_over(self, item: OutboxItem, delivery: Delivery, letter: Letter) -> Outcome:
        started = False
        try:
            async with self._post.envelope(self._return_path(delivery), letter.recipient) as open_:
                stopped = await self._start(item, delivery)
                if stopped is not None:
                    return stopped
                started = True
                delivery = msgspec.structs.replace(
                    delivery, state="sending", attempts=delivery.attempts + 1
                )
                await open_.hand_over(letter.content)
        except RefusedError as error:
            return await self._refused(delivery, error, started=started)
        except UnreachableError as error:
            return await self._postpone(delivery, str(error), started=started)
        except UnknownOutcomeError as error:
            reason = f"Lost the mail server after {error}. It is not sent again."
            return await self._settle(
                delivery, "unknown", error=reason, handed_over_at=self._clock()
            )
        return await self._settle(delivery, "sent", handed_over_at=self._clock())

    async def _start(self, item: OutboxItem, delivery: Delivery) -> Outcome | None:
        """Commit that it is being handed over; an outcome when it must not be after all."""
        now = self._clock()

        async def begin(tx: Transaction) -> Outcome | Against | datetime | None:
            if not await outbox.is_ours(tx, item):
                return Lost()
            found = await why_not(tx, delivery, now)
            if isinstance(found, Against):
                return found
            free_at = await wait_for_cap(tx, delivery.workspace_id, self._rules.daily_cap, now)
            if free_at is not None:
                return free_at
            name = message_id(delivery, self._rules.sender)
            is_started = await deliveries.start_sending(tx, delivery, now, message_id=name)
            return None if is_started else Done()

        stopped = await self._db.atomic(begin)
        if isinstance(stopped, Against):
            return await self._end(delivery, stopped)
        if isinstance(stopped, datetime):
            note = "Waits for the next day: the daily cap is reached."
            return await self._wait(delivery, stopped, note)
        return stopped

    async def _give_up_for_lost(self, item: OutboxItem, delivery: Delivery) -> Outcome:
        async with self._db.transaction() as tx:
            is_ours = await outbox.is_ours(tx, item)
        if not is_ours:
            return Lost()
        at = delivery.handed_over_at
        return await self._settle(delivery, "unknown", error=_LOST, handed_over_at=at)

    async def _refused(self, delivery: Delivery, error: RefusedError, *, started: bool) -> Outcome:
        is_about_this_mail = error.stage in {"MAIL FROM", "RCPT TO", "DATA", "the message"}
        if not error.is_lasting or not is_about_this_mail:
            return await self._postpone(delivery, str(error), started=started)
        if error.is_unknown_mailbox:
            await suppress_mailbox(self._db, delivery, self._clock())
        return await self._settle(
            delivery, "failed", error=f"Refused at {error}", is_attempt=not started
        )

    async def _postpone(self, delivery: Delivery, error: str, *, started: bool) -> Outcome:
        failures = delivery.attempts if started else delivery.attempts + 1
        pause = back_off(failures)
        if pause is None:
            reason = f"Given up after {failures} attempts: {error}"
            return await self._settle(delivery, "failed", error=reason, is_attempt=not started)
        return await self._wait(delivery, self._clock() + pause, error, is_attempt=not started)

    async def _wait(
        self, delivery: Delivery, due_at: datetime, note: str, *, is_attempt: bool = False
    ) -> Outcome:
        is_kept = await deliveries.postpone(
            self._db, delivery, due_at=due_at, error=note, is_attempt=is_attempt
        )
        return Later(due_at, note) if is_kept else Lost()

    async def _end(self, delivery: Delivery, against: Against) -> Outcome:
        return await self._settle(delivery, against.state, error=against.reason)

    async def _settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        error: str | None = None,
        handed_over_at: datetime | None = None,
        is_attempt: bool = False,
    ) -> Outcome:
        """Write down the end. What another worker took for unknown meanwhile is known here."""
        found_by_others = msgspec.structs.replace(delivery, state="unknown")
        seen = [delivery, found_by_others] if delivery.state == "sending" else [delivery]
        for before in seen:
            if await deliveries.settle(
                self._db, before, state, self._clock(),
                error=error, handed_over_at=handed_over_at, is_attempt=is_attempt,
            ):  # fmt: skip
                extra = {"delivery": str(delivery.id), "state": state}
                log.info("mail", extra={**extra, "attempts": delivery.attempts})
                return Done()
        return Lost()

    async def _compose(self, delivery: Delivery, version: int, now: datetime) -> Letter:
        rules = self._rules
        content = await read_content(self._db, delivery, version)
        stop = unsubscribe_url(
            rules.public_url,
            self._keys,
            workspace_id=delivery.workspace_id,
            invitation_id=delivery.invitation_id,
            now=now,
        )
        head = Letterhead(rules.sender, rules.reply_to, rules.public_url, content.workspace_name)
        return compose(
            delivery, content.invitation, content.survey, head, unsubscribe_url=stop, now=now
        )

    def _return_path(self, delivery: Delivery) -> str:
        if self._rules.bounce_domain:
            return make_return_address(self._keys, delivery.id, self._rules.bounce_domain)
        return self._rules.sender.address


@contextlib.asynccontextmanager
async def open_mailroom(
    settings: Settings,
    *,
    db: Database,
    clock: Clock,
    signing_keys: Sequence[bytes],
    patience: Patience | None = None,
) -> AsyncGenerator[Mailroom | None]:
    """A mailroom as the settings have it; None when there is no mail server, and mail waits."""
    smtp_url = settings.of(MailSettings).smtp_url
    if not smtp_url:
        yield None
        return
    helo = helo_name(settings.of(HttpSettings).public_url)
    post = SmtpPost(parse_smtp_url(smtp_url), helo=helo, patience=patience)
    try:
        yield Mailroom(db, post, mail_rules(settings), clock=clock, signing_keys=signing_keys)
    finally:
        await post.close()


def mail_rules(settings: Settings) -> MailRules:
    """What the settings say about mail."""
    mail = settings.of(MailSettings)
    return MailRules(
        sender=parse_sender(mail.mail_from),
        reply_to=parse_sender(mail.mail_reply_to) if mail.mail_reply_to else None,
        public_url=settings.of(HttpSettings).public_url,
        bounce_domain=mail.mail_bounce_domain.lower(),
        daily_cap=mail.mail_daily_cap,
        window=parse_window(mail.mail_window),
    )


def helo_name(public_url: str) -> str:
    """How the server introduces itself to a mail server (RFC 5321 section 4.1.3)."""
    host = urlsplit(public_url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdecimal() else host
