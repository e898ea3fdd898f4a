"""The preview: a message beside its text part, in the widths and colours that people read it in."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup

from harken_server.channels.email.message.colours import DARK
from harken_server.channels.email.message.views import MailDocument, MailKind
from harken_server.channels.email.rules.addresses import Sender
from harken_server.design.templates import open_templates
from harken_server.http.pages import Document
from harken_server.kernel.languages import language_name
from harken_server.kernel.numbers import write_number

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
_FOLDER = Path(__file__).parent


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
    style = (_FOLDER / "static" / "preview.css").read_text("utf-8")
    given = {"token": token, **msgspec.to_builtins(choices)}
    body = (
        open_templates(_FOLDER / "templates")
        .get_template("preview.html")
        .render(
            mail=mail,
            sender=sender,
            chosen=choices,
            token=token,
            frame=f"?{urlencode({**given, 'part': 'frame'})}",
            width=WIDTHS[choices.device],
            size_kb=write_number(len(mail.html.encode()) / 1000, 1),
            locales=[(locale, language_name(locale)) for locale in locales],
            style=Markup(style),  # noqa: S704 - our own file
        )
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return Document(body.encode(), policy)


def in_scheme(mail: MailDocument, scheme: MailScheme) -> str:
    """The message as a device of this scheme draws it, whatever the viewer's own is.

    The message's one condition on the scheme is ours, so it can be put as met or not met.
    """
    condition = "@media all" if scheme == "dark" else "@media not all"
    return mail.html.replace(DARK, condition)
