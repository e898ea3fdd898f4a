"""What Harken itself puts into a message and onto the pages behind its links."""

from __future__ import annotations

from pathlib import Path

import msgspec

from harken_server.kernel.words import Catalogue


class MailWords(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Every fixed string of a message and of its pages. Braces name what is filled in."""

    reminder: str
    """Subject of a reminder: {subject}."""
    reminder_text: str
    """First line of a reminder."""
    preheader: str
    choose: str
    """Before the links of the text part."""
    confirm: str
    """Below the answers: choosing opens a page, and there one press sends."""
    open_survey: str
    other_answers: str
    """Before the survey's address in the text part."""
    why: str
    """Why this message came: {brand}."""
    why_unnamed: str
    unsubscribe: str

    stop_title: str
    stop_text: str
    stop: str
    stopped_title: str
    stopped_text: str
    undo: str
    more: str
    """Leads from there to the page with all choices."""
    choices_title: str
    choices_text: str
    ask_all: str
    ask_not_this: str
    """No more of this survey: {title}."""
    ask_nothing: str
    save: str
    saved_title: str
    saved_all: str
    saved_not_this: str
    saved_nothing: str
    link_unknown_title: str
    link_unknown_text: str


MAIL_WORDS = Catalogue(Path(__file__).parent, MailWords)
