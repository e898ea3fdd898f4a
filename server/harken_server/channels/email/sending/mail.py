"""Makes mails of deliveries, and hands them to the mail server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import msgspec

from harken_server.channels.email.rules.addresses import Sender, parse_sender
from harken_server.channels.email.rules.return_address import make_return_address
from harken_server.channels.email.rules.smtp_servers import parse_smtp_url
from harken_server.channels.email.sending.compose import Letter, Letterhead, compose, message_id
from harken_server.channels.email.sending.smtp import Patience, SmtpPost
from harken_server.channels.email.settings import MailSettings, sender_name
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.sender import Content, HandOver
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import unsubscribe_url
from harken_server.kernel.settings import Settings


class OutgoingMail(msgspec.Struct, frozen=True):
    """A finished message, and the mail server that takes it."""

    name: str
    letter: Letter
    return_path: str
    post: SmtpPost

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[HandOver]:
        """Announce sender and recipient; the function within gives the message."""
        async with self.post.envelope(self.return_path, self.letter.recipient) as envelope:
            yield partial(envelope.hand_over, self.letter.content)


class MailSender:
    """Writes mails as the settings have it."""

    def __init__(self, post: SmtpPost, settings: Settings, signing_keys: Sequence[bytes]) -> None:
        self._post = post
        self._settings = settings
        self._keys = signing_keys
        mail = settings.of(MailSettings)
        self._sender = parse_sender(mail.mail_from)
        self._reply_to = read_reply_to(mail)
        self._public_url = settings.of(HttpSettings).public_url
        self._bounce_domain = mail.mail_bounce_domain.lower()

    def write(self, delivery: Delivery, content: Content, now: datetime) -> OutgoingMail:
        """The mail of a delivery."""
        stop = unsubscribe_url(
            self._public_url,
            self._keys,
            workspace_id=delivery.workspace_id,
            invitation_id=delivery.invitation_id,
            now=now,
        )
        name = sender_name(self._settings, content.workspace_name)
        head = Letterhead(self._sender, self._reply_to, self._public_url, name)
        letter = compose(
            delivery, content.invitation, content.survey, head, unsubscribe_url=stop, now=now
        )
        known_by = message_id(delivery, self._sender)
        return OutgoingMail(known_by, letter, self._return_path(delivery), self._post)

    def _return_path(self, delivery: Delivery) -> str:
        if self._bounce_domain:
            return make_return_address(self._keys, delivery.id, self._bounce_domain)
        return self._sender.address


@asynccontextmanager
async def open_mail(
    settings: Settings, signing_keys: Sequence[bytes], *, patience: Patience | None = None
) -> AsyncGenerator[MailSender]:
    """A sender with connections of its own to the configured mail server."""
    server = parse_smtp_url(settings.of(MailSettings).smtp_url)
    helo = helo_name(settings.of(HttpSettings).public_url)
    post = SmtpPost(server, helo=helo, patience=patience)
    try:
        yield MailSender(post, settings, signing_keys)
    finally:
        await post.close()


def read_reply_to(settings: MailSettings) -> Sender | None:
    """Where answers to mails go, when not to the sender."""
    return parse_sender(settings.mail_reply_to) if settings.mail_reply_to else None


def helo_name(public_url: str) -> str:
    """How the server introduces itself to a mail server (RFC 5321 section 4.1.3)."""
    host = urlsplit(public_url).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdecimal() else host
