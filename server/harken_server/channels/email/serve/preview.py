"""`/mail-preview/{survey}`: how a survey's e-mail looks, behind a signed link."""

from typing import NamedTuple

import msgspec

from harken_server.channels.email.message.preview import (
    FRAME_POLICY,
    SAMPLE_CODE,
    PreviewChoices,
    in_scheme,
    render_preview,
)
from harken_server.channels.email.message.render import render_invitation_mail
from harken_server.channels.email.message.views import MailDocument, MailKind, MailView
from harken_server.channels.email.rules.addresses import Sender, parse_sender
from harken_server.channels.email.settings import MailSettings, sender_name
from harken_server.channels.page.wording import choose_locale, offered_locales
from harken_server.http.declared import Arrival
from harken_server.http.packed import Reply
from harken_server.http.pages import PRIVATE, Document, Reader, Shown, page, reply_of
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import MAIL_PREVIEW, open_link
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.survey import Survey

_UNSUBSCRIBE = "/u/sample"


class OpenPreview(NamedTuple):
    """A preview link that was found good, and what it is asked to show."""

    runtime: Runtime
    loaded: LoadedSurvey
    said: dict[str, str]


def sample_mail(
    runtime: Runtime, loaded: LoadedSurvey, locale: str, kind: MailKind
) -> tuple[MailDocument, Sender]:
    """The message as a recipient of whom nothing is known would get it, and who it comes from.

    Its links lead nowhere. Without a configured sender it comes from a name alone.
    """
    url = runtime.settings.of(HttpSettings).public_url
    written = runtime.settings.of(MailSettings).mail_from
    sender = parse_sender(written) if written else Sender("")
    view = MailView(
        survey=loaded.survey,
        locale=locale,
        code=SAMPLE_CODE,
        public_url=url,
        unsubscribe_url=url.rstrip("/") + _UNSUBSCRIBE,
        is_reminder=kind == "reminder",
        sender_name=sender.name or sender_name(runtime.settings, loaded.workspace.name),
    )
    mail = render_invitation_mail(view)
    return mail, Sender(sender.address, sender.name or mail.brand)


async def _open(arrival: Arrival) -> OpenPreview | None:
    loaded = await open_link(arrival, MAIL_PREVIEW)
    return loaded and OpenPreview(arrival.runtime, loaded, arrival.said())


def _refuse(_: Arrival) -> Shown:
    headers = {
        **PRIVATE,
        "content-type": "text/plain; charset=utf-8",
        "content-security-policy": "default-src 'none'",
    }
    return Reply(403, headers, b"This preview link is not valid, or no longer.")


@page("/mail-preview/{survey:str}", reader=Reader(_open, _refuse))
async def show_preview(opened: OpenPreview) -> Shown:
    """The page, or with `part=frame` the message alone for the page's frame."""
    survey = opened.loaded.survey
    choices = _choices(opened.said, survey)
    mail, sender = sample_mail(opened.runtime, opened.loaded, choices.locale, choices.kind)
    if opened.said.get("part") == "frame":
        framed = {**PRIVATE, "x-frame-options": "SAMEORIGIN"}
        return reply_of(Document(in_scheme(mail, choices.scheme).encode(), FRAME_POLICY), framed)
    return render_preview(mail, sender, choices, offered_locales(survey), opened.said["token"])


def _choices(said: dict[str, str], survey: Survey) -> PreviewChoices:
    """What the address says; what it says wrongly is as if not said."""
    wanted = said.get("locale", "")[:35]
    chosen = PreviewChoices(locale=choose_locale(survey, wanted, ""))
    for name in ("kind", "device", "scheme"):
        given = {**msgspec.to_builtins(chosen), name: said.get(name, "")}
        try:
            chosen = msgspec.convert(given, PreviewChoices)
        except msgspec.ValidationError:
            continue
    return chosen
