"""One invitation by e-mail: subject, preheader, HTML that Outlook draws, and a plain text part.

Texts of people are plain text and escaped where they are written; the templates are our own. The
message asks for nothing from elsewhere: no picture, no font, no style sheet.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from harken_server.channels.email.message.colours import MailTheme, mail_theme
from harken_server.channels.email.message.first_question import first_question, mail_question
from harken_server.channels.email.message.views import (
    MailDocument,
    MailLinks,
    MailQuestion,
    MailView,
    invitation_links,
)
from harken_server.channels.email.words import MAIL_WORDS, MailWords
from harken_server.channels.page.wording import Wording, wording_of
from harken_server.design.templates import render_template
from harken_server.kernel.languages import is_right_to_left
from harken_server.kernel.shown_text import without_hidden
from harken_server.surveys.survey import MailTexts, Survey

MAX_SUBJECT_CHARS = 200
MAX_PREHEADER_CHARS = 200
_PADDING = "\u200c\u00a0" * 80
"""Keeps the program from filling the preview line with the message's text."""
_TEMPLATES = Path(__file__).parent / "templates"
_PHONE = "@media only screen and (max-width:479px)"
_WIDE = "@media only screen and (min-width:480px)"


def render_invitation_mail(view: MailView) -> MailDocument:
    """The message for one invitation; pure, so the same view gives the same bytes."""
    survey = view.survey
    wording = wording_of(survey, view.locale, {}, view.context)
    phrases = MAIL_WORDS.of(view.locale, survey.locale)
    links = invitation_links(view.public_url, view.code)
    question = mail_question(first_question(survey, view.context), wording, links)
    own = survey.email or MailTexts()
    subject = wording.say(view.subject or own.subject or survey.title)
    subject = one_line(subject, MAX_SUBJECT_CHARS)
    subject = subject or one_line(question.text, MAX_SUBJECT_CHARS) or phrases.open_survey
    if view.is_reminder:
        subject = one_line(phrases.reminder.format(subject=subject), MAX_SUBJECT_CHARS)
    preheader = wording.say(view.preheader or own.preheader) or question.text or phrases.preheader
    preheader = one_line(preheader, MAX_PREHEADER_CHARS)
    brand = one_line(survey.presentation.brand or view.sender_name, MAX_SUBJECT_CHARS)
    parts = TextParts(
        brand=brand,
        paragraphs=_paragraphs(survey, view, wording, phrases),
        page_url=links.page,
        why=phrases.why.format(brand=brand) if brand else phrases.why_unnamed,
        unsubscribe_url=view.unsubscribe_url,
        postal_line=one_line(view.postal_line, MAX_SUBJECT_CHARS),
    )
    return MailDocument(
        subject=subject,
        preheader=preheader,
        text=text_part(question, parts, phrases),
        html=_html(view, parts, question, links, subject=subject, preheader=preheader),
        locale=view.locale,
        direction="rtl" if is_right_to_left(view.locale) else "ltr",
        brand=brand,
    )


def question_parts(
    question: MailQuestion, theme: MailTheme, phrases: MailWords, locale: str, page_url: str
) -> dict[str, Any]:
    """What the template of the question's answers needs, alone or within a whole message."""
    is_rtl = is_right_to_left(locale)
    return {
        "question": question,
        "theme": theme,
        "phrases": phrases,
        "locale": locale,
        "direction": "rtl" if is_rtl else "ltr",
        "start": "right" if is_rtl else "left",
        "end": "left" if is_rtl else "right",
        "page_url": page_url,
    }


def _html(
    view: MailView,
    parts: TextParts,
    question: MailQuestion,
    links: MailLinks,
    *,
    subject: str,
    preheader: str,
) -> str:
    theme = mail_theme(view.survey.presentation.theme)
    phrases = MAIL_WORDS.of(view.locale, view.survey.locale)
    told = msgspec.structs.asdict(parts) | question_parts(
        question, theme, phrases, view.locale, links.page
    )
    return render_template(
        _TEMPLATES,
        "mail.html",
        subject=subject,
        preheader=preheader,
        padding=_PADDING,
        style=Markup(_style(theme, question)),  # noqa: S704 - built from checked tokens
        trap_url=links.trap,
        **told,
    )


def _paragraphs(survey: Survey, view: MailView, wording: Wording, phrases: MailWords) -> list[str]:
    own = survey.email or MailTexts()
    intro = wording.say(own.intro or survey.intro)
    lines = [phrases.reminder_text] if view.is_reminder else []
    return [*lines, *(line.strip() for line in intro.splitlines() if line.strip())]


def _style(theme: MailTheme, question: MailQuestion) -> str:
    """More room where there is some; programs without media queries keep the narrow layout."""
    phone = _room(8, 16)
    if question.has_gap:
        width = 100 / ((len(question.answers) + 1) // 2)
        phone += (
            ".hk-scale{table-layout:auto !important}.hk-scale tr{display:block !important;"
            "font-size:0}.hk-c{display:inline-block !important;box-sizing:border-box;"
            f"width:{width - 1:.2f}% !important;margin:0 .5% 4px}}"
        )
    wide = f"{_room(16, 32)}.hk-around{{padding-top:32px !important}}"
    wide += ".hk-scale{border-spacing:2px !important}"
    return f"{_WIDE}{{{wide}}}{_PHONE}{{{phone}}}{theme.dark_style}"


def _room(around: int, beside: int) -> str:
    """Rules for the room around the card and beside its texts, in pixels."""
    rules = {".hk-around": around, ".hk-text": beside, ".hk-row": beside - 1}
    return "".join(
        f"{name}{{padding-left:{room}px !important;padding-right:{room}px !important}}"
        for name, room in rules.items()
    )


COLUMNS = 72
"""Width of running text; links are never broken."""


class TextParts(msgspec.Struct, kw_only=True, frozen=True):
    """What the text says besides the question."""

    brand: str
    paragraphs: Sequence[str]
    page_url: str
    why: str
    unsubscribe_url: str
    postal_line: str


def text_part(question: MailQuestion, parts: TextParts, phrases: MailWords) -> str:
    """The whole message as plain text."""
    blocks = [parts.brand, *parts.paragraphs, question.text, question.help]
    written = [_wrapped(block) for block in blocks if block]
    if question.answers:
        written.append(phrases.choose)
        written += [f"{one_line(each.spoken, 300)}\n{each.url}" for each in question.answers]
        written.append(_wrapped(phrases.confirm))
        written.append(f"{phrases.other_answers}\n{parts.page_url}")
    else:
        written.append(f"{phrases.open_survey}:\n{parts.page_url}")
    footer = [_wrapped(parts.why)]
    if parts.unsubscribe_url:
        footer.append(f"{phrases.unsubscribe}:\n{parts.unsubscribe_url}")
    if parts.postal_line:
        footer.append(_wrapped(parts.postal_line))
    # RFC 3676 section 4.3: programs fold what stands after this line.
    return "\n\n".join(written) + "\n\n-- \n" + "\n\n".join(footer) + "\n"


def one_line(text: str, longest: int) -> str:
    """The text on one line, fit for a header: no control characters, cut with an ellipsis.

    >>> one_line("Hello\\r\\nBcc: all@example.com", 200)
    'Hello Bcc: all@example.com'
    """
    kept = without_hidden(" ".join(text.split()))
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def _wrapped(text: str) -> str:
    lines = [
        textwrap.fill(without_hidden(line), COLUMNS, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    ]
    return "\n".join(lines)
