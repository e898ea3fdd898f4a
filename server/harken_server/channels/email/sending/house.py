"""Mail to people of the house: the link by which somebody chooses a new password."""

from __future__ import annotations

import msgspec

from harken_server.channels.email.rules.addresses import parse_sender, wire_address
from harken_server.channels.email.rules.written_mail import (
    address_header,
    date_header,
    text_header,
    token_header,
    write_text_mail,
)
from harken_server.channels.email.sending.mail import open_post
from harken_server.channels.email.settings import MailSettings, sender_name
from harken_server.database.outbox import OutboxItem
from harken_server.deliveries.sender import RefusedError, UnknownOutcomeError, UnreachableError
from harken_server.http.runtime import Runtime
from harken_server.kernel.work_outcomes import Done, GiveUp, Outcome, after_failure
from harken_server.workspaces.people.resetting import AskedReset, make_reset_link
from harken_server.workspaces.people.store import accounts

_TEXT = """Somebody asked for a new password for your account at {url}.

Choose one here, within one hour:

{link}

The link is good once, and signs you out everywhere. If it was not you who asked, do nothing: your
password stays as it is.
"""


async def send_reset(runtime: Runtime, item: OutboxItem) -> Outcome:
    """Send the link, if somebody has the address; nobody is told whether.

    A mail that may have left or not is not sent again: they can ask once more.
    """
    email = msgspec.json.decode(item.payload, type=AskedReset).email
    account = await accounts.find_account(runtime.db, email)
    if account is None or account.disabled_at is not None:
        return Done()
    if not runtime.settings.of(MailSettings).smtp_url:
        return GiveUp("HARKEN_SMTP_URL is not set")
    link = await make_reset_link(runtime, account)
    try:
        await _hand_over(runtime, item, email, link)
    except UnreachableError as error:
        return after_failure(item.attempts, runtime.clock(), str(error))
    except (RefusedError, UnknownOutcomeError) as error:
        return GiveUp(str(error))
    return Done()


async def _hand_over(runtime: Runtime, item: OutboxItem, email: str, link: str) -> None:
    sender = parse_sender(runtime.settings.of(MailSettings).mail_from)
    recipient, own = wire_address(email), wire_address(sender.address)
    content = write_text_mail(
        [
            address_header("From", own, sender.name or sender_name(runtime.settings, "")),
            address_header("To", recipient),
            text_header("Subject", "Choose a new password for Harken"),
            token_header("Message-ID", f"<{item.id.hex}.{item.attempts}@{own.rpartition('@')[2]}>"),
            token_header("Auto-Submitted", "auto-generated"),
            date_header(runtime.clock()),
        ],
        _TEXT.format(url=link.partition("/reset/")[0], link=link),
    )
    async with (
        open_post(runtime.settings) as post,
        post.envelope(sender.address, recipient) as envelope,
    ):
        await envelope.hand_over(content)
