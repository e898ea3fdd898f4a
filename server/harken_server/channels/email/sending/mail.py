"""Makes mails of deliveries, with all headers, and hands them to the mail server."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
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

_WHOLE_LINES = frozenset({"list-unsubscribe", "message-id"})
"""Headers of one long word, which folding would turn into something else."""


class _MailPolicy(EmailPolicy):
    """Folds headers as mail wants it, and leaves those alone that are one long word."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Write one header."""
        if name.lower() in _WHOLE_LINES:
            return f"{name}: {value}\r\n".encode("ascii")
        return super().fold_binary(name, value)


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
    message = EmailMessage(policy=_policy(recipient, letterhead))
    _head(message, delivery, document, letterhead)
    message["To"] = _address(recipient)
    message["Date"] = now
    if unsubscribe_url:
        message["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(message, document, delivery)
    return Letter(message.as_bytes(), recipient)


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


def _head(
    message: EmailMessage, delivery: Delivery, document: MailDocument, letterhead: Letterhead
) -> None:
    name = letterhead.sender.name or document.brand
    message["From"] = _address(wire_address(letterhead.sender.address), name)
    if letterhead.reply_to is not None:
        reply_to = letterhead.reply_to
        message["Reply-To"] = _address(wire_address(reply_to.address), reply_to.name)
    message["Subject"] = document.subject
    message["Message-ID"] = message_id(delivery, letterhead.sender)


def _fill(message: EmailMessage, document: MailDocument, delivery: Delivery) -> None:
    """Both forms of the message; `=_` cannot stand in either, as quoted-printable writes `=3D_`."""
    message.set_content(document.text, cte="quoted-printable")
    message.make_alternative(boundary=f"=_{delivery.id.hex}")
    message.add_alternative(document.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = document.locale


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _policy(recipient: str, letterhead: Letterhead) -> _MailPolicy:
    addresses = [recipient, letterhead.sender.address]
    if letterhead.reply_to is not None:
        addresses.append(letterhead.reply_to.address)
    is_plain = all(wire_address(address).isascii() for address in addresses)
    return _MailPolicy(linesep="\r\n", raise_on_defect=True, utf8=not is_plain)


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
