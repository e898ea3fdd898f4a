"""What can be set about mail: the server that takes it, its senders, its hours and its caps."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import msgspec

from harken_server.channels.email.rules.addresses import (
    parse_domain,
    parse_sender,
    parse_smtp_url,
    read_name,
)
from harken_server.deliveries.times import parse_window
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings, SettingsError, checked_by, setting


class MailSettings(msgspec.Struct, kw_only=True, frozen=True):
    """How mail leaves the house, and what comes back. Texts are as written, and mean something."""

    name: Annotated[
        str,
        setting(
            "Name of whoever asks, such as The Shop: people read it in mail where the survey "
            "has no brand and the sender no name. Default: the host of the public URL.",
            read=read_name,
        ),
    ] = ""
    smtp_url: Annotated[
        str,
        setting(
            "Mail server: smtp://user:password@host:587 (TLS by STARTTLS when offered; "
            "?starttls=required or ?starttls=off) or smtps://user:password@host:465. "
            "Default: none; mail waits until there is one.",
            read=checked_by(parse_smtp_url),
            is_secret=True,
        ),
    ] = ""
    mail_from: Annotated[
        str,
        setting(
            "Sender of all mail, such as feedback@shop.example or The Shop <feedback@shop.example>."
            " Without a name the survey's brand is shown, or HARKEN_NAME.",
            read=checked_by(parse_sender),
        ),
    ] = ""
    mail_reply_to: Annotated[
        str,
        setting(
            "Where replies of people go. Default: to the sender.", read=checked_by(parse_sender)
        ),
    ] = ""
    mail_bounce_domain: Annotated[
        str,
        setting(
            "Domain whose mail Harken gets to see, for signed return addresses: bounces then find "
            "their delivery. Default: mail returns to the sender.",
            read=checked_by(parse_domain),
        ),
    ] = ""
    mail_daily_cap: Annotated[
        int,
        setting(
            "Most mails a workspace sends in one UTC day; the rest waits for the next. 0 is no "
            "cap.",
            low=0,
            high=10_000_000,
        ),
    ] = 0
    mail_window: Annotated[
        str,
        setting(
            "Hours in which mail is sent, in the respondent's time zone (UTC when unknown). The "
            "end may lie past midnight; 00:00-24:00 is always.",
            read=checked_by(parse_window),
        ),
    ] = "08:00-20:00"
    mailgun_signing_key: Annotated[
        str,
        setting(
            "HTTP webhook signing key of Mailgun: its notices of bounces are then only taken when "
            "they are signed. Default: the signed address of the hook is enough.",
            is_secret=True,
        ),
    ] = ""

    def __post_init__(self) -> None:
        if self.smtp_url and not self.mail_from:
            raise SettingsError("HARKEN_MAIL_FROM: must be set when HARKEN_SMTP_URL is")


def sender_name(settings: Settings, workspace_name: str) -> str:
    """What people read as sender where neither the address nor the survey has a name."""
    url = settings.of(HttpSettings).public_url
    own = settings.of(MailSettings).name
    return workspace_name or own or urlsplit(url).hostname or url


def missing_names(settings: Settings) -> list[str]:
    """A sentence for each name that is worth giving, with what is shown without it."""
    mail = settings.of(MailSettings)
    shown = sender_name(settings, "")
    found: list[str] = []
    if not mail.name:
        found.append(
            f"HARKEN_NAME is not set: people who are asked read “{shown}”, the host's name, "
            "where a survey has no presentation.brand."
        )
    if mail.mail_from and not parse_sender(mail.mail_from).name:
        found.append(
            "HARKEN_MAIL_FROM has no name before its address: the sender's name is the survey's "
            f"presentation.brand, or “{shown}”."
        )
    return found
