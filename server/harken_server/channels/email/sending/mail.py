"""Makes mails of deliveries, with all headers, and hands them to the mail server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import msgspec

from harken_server.channels.email.message.render import render_invitation_mail
from harken_server.channels.email.message.views import MailDocument, MailView
from harken_server.channels.email.rules.addresses import (
    Sender,
    make_return_address,
    parse_sender,
    parse_smtp_url,
    wire_address,
)
from harken_server.channels.email.rules.written_mail import (
    Header,
    address_header,
    date_header,
    text_header,
    token_header,
    write_mail,
)
from harken_server.channels.email.sending.smtp import Patience, SmtpPost
from harken_server.channels.email.settings import MailSettings, sender_name
from harken_server.channels.page.wording import choose_locale
from harken_server.deliveries.rules import Delivery
from harken_server.deliveries.sender import Content, HandOver
from harken_server.http.settings import HttpSettings
from harken_server.invitations.invitation import Invitation
from harken_server.invitations.links import unsubscribe_url
from harken_server.kernel.formats import is_email
from harken_server.kernel.settings import Settings
from harken_server.surveys.survey import Survey


class Letterhead(msgspec.Struct, frozen=True):
    """What all mail of a workspace has in common."""

    sender: Sender
    reply_to: Sender | None
    public_url: str
    default_name: str
    """Shown as sender and above the message when nothing else gives a name."""


class Letter(msgspec.Struct, frozen=True):
    """A message ready for the mail server."""

    content: bytes
    """Headers and body, lines ending with CRLF."""
    recipient: str


def compose(
    delivery: Delivery,
    invitation: Invitation,
    survey: Survey,
    letterhead: Letterhead,
    *,
    unsubscribe_url: str,
    now: datetime,
) -> Letter:
    """Make the message; the same delivery always has the same Message-ID.

    ValueError when a header or the address holds what must not be in one: nothing is to be sent.
    """
    if not is_email(delivery.address):
        raise ValueError("the address is not one that mail can be sent to")
    document = _render(delivery, invitation, survey, letterhead, unsubscribe_url)
    recipient = wire_address(delivery.address)
    headers = [
        *_sender_headers(document, letterhead),
        text_header("Subject", document.subject),
        token_header("Message-ID", message_id(delivery, letterhead.sender)),
        address_header("To", recipient),
        date_header(now),
        *_unsubscribe_headers(unsubscribe_url),
    ]
    content = write_mail(
        headers,
        document.text,
        html=document.html,
        locale=document.locale,
        boundary=f"=_{delivery.id.hex}",
    )
    return Letter(content, recipient)


def message_id(delivery: Delivery, sender: Sender) -> str:
    """Name the message after its delivery, in the sender's domain."""
    domain = wire_address(sender.address).rpartition("@")[2]
    return f"<{delivery.id.hex}@{domain}>"


def _render(
    delivery: Delivery,
    invitation: Invitation,
    survey: Survey,
    letterhead: Letterhead,
    unsubscribe_url: str,
) -> MailDocument:
    return render_invitation_mail(
        MailView(
            survey=survey,
            locale=choose_locale(survey, invitation.locale, ""),
            code=invitation.code,
            public_url=letterhead.public_url,
            unsubscribe_url=unsubscribe_url,
            context=dict(invitation.context),
            is_reminder=delivery.kind == "reminder",
            sender_name=letterhead.sender.name or letterhead.default_name,
        )
    )


def _sender_headers(document: MailDocument, letterhead: Letterhead) -> list[Header]:
    sender, reply_to = letterhead.sender, letterhead.reply_to
    name = sender.name or document.brand
    headers = [address_header("From", wire_address(sender.address), name)]
    if reply_to is not None:
        address = wire_address(reply_to.address)
        headers.append(address_header("Reply-To", address, reply_to.name))
    return headers


def _unsubscribe_headers(url: str) -> list[Header]:
    """One press ends it (RFC 8058)."""
    if not url:
        return []
    return [
        token_header("List-Unsubscribe", f"<{url}>"),
        token_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ]


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
    async with open_post(settings, patience) as post:
        yield MailSender(post, settings, signing_keys)


@asynccontextmanager
async def open_post(
    settings: Settings, patience: Patience | None = None
) -> AsyncGenerator[SmtpPost]:
    """Connections of one's own to the configured mail server."""
    server = parse_smtp_url(settings.of(MailSettings).smtp_url)
    helo = helo_name(settings.of(HttpSettings).public_url)
    post = SmtpPost(server, helo=helo, patience=patience)
    try:
        yield post
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
