"""`/mail-preview/{survey}`: how a survey's e-mail looks, behind a signed link."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import urlencode

import msgspec

from harken_server.channels.email.message.colours import DARK
from harken_server.channels.email.message.render import render_invitation_mail
from harken_server.channels.email.message.views import MailDocument, MailKind, MailView
from harken_server.channels.email.rules.addresses import Sender, parse_sender
from harken_server.channels.email.settings import MailSettings, sender_name
from harken_server.channels.page.wording import choose_locale
from harken_server.design.pages import POLICY, render
from harken_server.http.bodies import with_choices
from harken_server.http.declared import Arrival
from harken_server.http.pages import PRIVATE, Document, Reader, Shown, page, reply_of
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import MAIL_PREVIEW, open_link
from harken_server.kernel.languages import language_name
from harken_server.kernel.numbers import write_number
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.survey import Survey, offered_locales

SAMPLE_CODE = "0000000000004"
"""Stands for an invitation's code in previews: all zeros, which chance never draws."""
WIDTHS: dict[str, int] = {"phone": 360, "desktop": 680}
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Of the message itself: its styles stand on its elements, and nothing in it may run or load."""

MailDevice: TypeAlias = Literal["phone", "desktop"]
MailScheme: TypeAlias = Literal["light", "dark"]
_FOLDER = Path(__file__).parent / "templates" / "preview"


class PreviewChoices(msgspec.Struct, kw_only=True, frozen=True):
    """What the preview shows."""

    locale: str
    kind: MailKind = "invitation"
    device: MailDevice = "phone"
    scheme: MailScheme = "light"


def render_preview(
    mail: MailDocument,
    sender: Sender,
    choices: PreviewChoices,
    locales: tuple[str, ...],
    token: str,
) -> Document:
    """The page around the message; without script. The message comes as a frame of its own."""
    given = {"token": token, **msgspec.to_builtins(choices)}
    body = render(
        _FOLDER,
        "preview.html",
        mail=mail,
        sender=sender,
        chosen=choices,
        token=token,
        frame=f"?{urlencode({**given, 'part': 'frame'})}",
        width=WIDTHS[choices.device],
        size_kb=write_number(len(mail.html.encode()) / 1000, 1),
        locales=[(locale, language_name(locale)) for locale in locales],
    )
    return Document(body.encode(), POLICY)


def in_scheme(mail: MailDocument, scheme: MailScheme) -> str:
    """The message as a device of this scheme draws it, whatever the viewer's own is.

    The message's one condition on the scheme is ours, so it can be put as met or not met.
    """
    condition = "@media all" if scheme == "dark" else "@media not all"
    return mail.html.replace(DARK, condition)


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
    body = render(_FOLDER, "over.html")
    return Document(body.encode(), POLICY, 403)


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
    wanted = said.get("locale", "")[:35]
    chosen = PreviewChoices(locale=choose_locale(survey, wanted, ""))
    return with_choices(chosen, ((n, said.get(n, "")) for n in ("kind", "device", "scheme")))
