"""What an e-mail depends on, and what it becomes."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias
from urllib.parse import quote

import msgspec

from harken_server.surveys.survey import Survey

MailKind: TypeAlias = Literal["invitation", "reminder"]


class MailLinks(msgspec.Struct, frozen=True):
    """Where the links of a message lead."""

    page: str
    """The survey's page for this recipient."""
    answer: str
    """The same page with an answer selected: the stored value is put at its end."""
    trap: str = ""
    """A link that only machines follow, kept from people; empty for none."""

    def to_answer(self, value: str) -> str:
        """The page with this stored value of the first question selected."""
        return self.answer + quote(value, safe="")


def invitation_links(public_url: str, code: str) -> MailLinks:
    """The links of one invitation: `/e/{code}`, with `?a=` an answer, and `/x` the trap.

    >>> invitation_links("https://acme.com/", "ABC").to_answer("9")
    'https://acme.com/e/ABC?a=9'
    """
    page = f"{public_url.rstrip('/')}/e/{quote(code, safe='')}"
    return MailLinks(page=page, answer=f"{page}?a=", trap=f"{page}/x")


class MailView(msgspec.Struct, kw_only=True, frozen=True):
    """Everything one invitation by e-mail depends on."""

    survey: Survey
    locale: str
    """One that the survey offers (`channels.page.wording.choose_locale`)."""
    code: str
    """The invitation's code."""
    public_url: str
    unsubscribe_url: str = ""
    """Where to stop such messages; empty leaves the line out."""
    context: dict[str, Any] = {}
    """What placeholders may show of this recipient; plain values, escaped where they are shown."""
    is_reminder: bool = False
    sender_name: str = ""
    """Whose message it is, where the survey has no brand."""
    subject: str = ""
    """Instead of the survey's own; placeholders work."""
    preheader: str = ""
    """Instead of the survey's own; placeholders work."""
    postal_line: str = ""
    """Who sends this and from where, as the law of many countries wants it; empty for none."""


class MailDocument(msgspec.Struct, kw_only=True, frozen=True):
    """One finished message, without addresses and transport headers."""

    subject: str
    """One line, without control characters, at most 200 characters."""
    preheader: str
    """What mail programs show after the subject."""
    text: str
    """The plain part; lines end with a line feed."""
    html: str
    locale: str
    """Of the phrases shown, for Content-Language."""
    direction: Literal["ltr", "rtl"]
    brand: str = ""
    """Whose message it is, as it says above the question: the survey's brand, else the sender."""


class AnswerLink(NamedTuple):
    """One answer that can be given from the message."""

    value: str
    label: str
    """What is shown."""
    url: str
    spoken: str
    """What a screen reader says, and the text part writes."""
    mark: str = ""
    """A character drawn with the label: a star, a face, a thumb. Hidden from screen readers."""


class MailQuestion(NamedTuple):
    """The first question as the message shows it."""

    kind: Literal["row", "pair", "stack", "button"]
    """Cells in one row, two large cells, one button below the other, or only the page's button."""
    text: str
    help: str
    answers: tuple[AnswerLink, ...] = ()
    low_label: str = ""
    """Under the start of the row, with its number."""
    high_label: str = ""
    has_gap: bool = False
    """Whether the row breaks in two on narrow screens."""
