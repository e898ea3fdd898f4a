"""The channel `email`: an invitation becomes a mail, whose ratings are links."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from harken_server.channels.email.answers.settling import settle_answer
from harken_server.channels.email.answers.taking import MAIL_SETTLE
from harken_server.channels.email.settings import MailSettings
from harken_server.channels.email.words import MAIL_WORDS
from harken_server.database.outbox import OutboxItem
from harken_server.deliveries.channels import Channel, Sends
from harken_server.deliveries.sender import Sender
from harken_server.deliveries.times import Limits, parse_window
from harken_server.http.runtime import Runtime
from harken_server.kernel.settings import Settings
from harken_server.kernel.work_outcomes import Done, Outcome
from harken_server.responses.asked import collection_of
from harken_server.workspaces.people.resetting import RESET_MAIL


def _open(settings: Settings, keys: Sequence[bytes]) -> AbstractAsyncContextManager[Sender]:
    from harken_server.channels.email.sending.mail import open_mail  # the mail client loads late

    return open_mail(settings, keys)


def _waits_for(settings: Settings) -> str | None:
    is_ready = bool(settings.of(MailSettings).smtp_url)
    return None if is_ready else "Waits for a mail server: HARKEN_SMTP_URL is not set."


def _limits(settings: Settings) -> Limits:
    mail = settings.of(MailSettings)
    return Limits(mail.mail_daily_cap, parse_window(mail.mail_window))


async def _settle(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Judge an answer that came from a message."""
    await settle_answer(collection_of(runtime), item)
    return Done()


async def _send_reset(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Send somebody of the house a link to a new password."""
    from harken_server.channels.email.sending.house import send_reset

    return await send_reset(runtime, item)


EMAIL = Channel(
    name="email",
    way=Sends(
        needs="email",
        open=_open,
        waits_for=_waits_for,
        limits=_limits,
        reminds=True,
        delivered=("sent",),
    ),
    document="how-to/send-by-email.md",
    words=MAIL_WORDS.of,
    jobs={MAIL_SETTLE: _settle, RESET_MAIL: _send_reset},
)
