"""A test message through the configured mail server, one line for each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from harken_server.channels.email.rules.addresses import (
    Sender,
    SmtpServer,
    parse_sender,
    parse_smtp_url,
    wire_address,
)
from harken_server.channels.email.rules.written_mail import (
    address_header,
    date_header,
    text_header,
    write_text_mail,
)
from harken_server.channels.email.sending.mail import helo_name
from harken_server.channels.email.sending.smtp import (
    Envelope,
    Patience,
    announce,
    connect,
    is_encrypted,
)
from harken_server.channels.email.settings import MailSettings, sender_name
from harken_server.deliveries.sender import RefusedError, UnknownOutcomeError, UnreachableError
from harken_server.http.settings import HttpSettings
from harken_server.kernel.formats import is_email
from harken_server.kernel.settings import Settings

Say = Callable[[str], None]

_TEXT = """This is a test message from Harken at {url}.

It was sent through {server}. If you can read it, mail works. Look at its headers for what your
provider says of SPF, DKIM and DMARC.
"""


async def try_mail(
    settings: Settings, address: str, now: datetime, *, say: Say, patience: Patience | None = None
) -> bool:
    """Send a test message to `address`, saying each step; whether the mail server took it."""
    mail = settings.of(MailSettings)
    if not mail.smtp_url:
        say("failed  HARKEN_SMTP_URL is not set: there is no mail server to talk to.")
        return False
    if not is_email(address):
        say(f"failed  {address!r} is not an address that mail can be sent to.")
        return False
    server = parse_smtp_url(mail.smtp_url)
    sender = parse_sender(mail.mail_from)
    say(f"server  {server.label} ({_security_words(server)})")
    say(f"sender  {sender.address}")
    try:
        recipient = wire_address(address)
        content = _message(settings, sender, server, recipient, now)
        reply = await _hand_over(
            settings, server, content, (sender.address, recipient), say, patience
        )
    except (RefusedError, UnreachableError, ValueError) as error:
        say(f"failed  {error}")
        return False
    except UnknownOutcomeError as error:
        say(f"unknown The connection was lost after {error}. The message may have been taken.")
        return False
    say(f"taken   {reply}")
    return True


async def _hand_over(  # noqa: PLR0917  # the steps in the order of the conversation
    settings: Settings,
    server: SmtpServer,
    content: bytes,
    envelope: tuple[str, str],
    say: Say,
    patience: Patience | None,
) -> str:
    patience = patience or Patience()
    client = await connect(server, helo_name(settings.of(HttpSettings).public_url), patience)
    try:
        say(f"opened  {'encrypted' if is_encrypted(client) else 'not encrypted'}")
        if server.user:
            say(f"login   as {server.user}")
        await announce(client, *envelope, patience)
        say(f"address {envelope[1]} accepted")
        return await Envelope(client, patience).hand_over(content)
    finally:
        client.close()


def _message(
    settings: Settings, sender: Sender, server: SmtpServer, recipient: str, now: datetime
) -> bytes:
    name = sender.name or sender_name(settings, "")
    headers = [
        address_header("From", wire_address(sender.address), name),
        address_header("To", recipient),
        text_header("Subject", "Test message from Harken"),
        date_header(now),
    ]
    url = settings.of(HttpSettings).public_url
    return write_text_mail(headers, _TEXT.format(url=url, server=server.label))


def _security_words(server: SmtpServer) -> str:
    match server.security:
        case "tls":
            return "TLS from the start"
        case "required":
            return "STARTTLS required"
        case "if_offered":
            return "STARTTLS when offered"
        case "off":
            return "no encryption"
