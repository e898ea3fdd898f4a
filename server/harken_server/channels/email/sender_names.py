"""By which name a workspace writes: its own, the one in the settings, or the server's host."""

from __future__ import annotations

from urllib.parse import urlsplit

from harken_server.channels.email.rules.addresses import parse_sender
from harken_server.channels.email.settings import MailSettings
from harken_server.http.settings import HttpSettings
from harken_server.kernel.settings import Settings


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
