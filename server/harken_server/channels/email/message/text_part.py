"""The plain text part: every answer as a line with its link, for programs that show no HTML."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

import msgspec

from harken_server.channels.email.message.views import MailQuestion
from harken_server.channels.email.words import MailWords

COLUMNS = 72
"""Width of running text; links are never broken."""
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


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
    kept = _harmless(" ".join(text.split()))
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def _harmless(line: str) -> str:
    """Without what moves a terminal's cursor, or turns the reading direction of what follows."""
    return "".join(
        letter
        for letter in line
        if unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _BIDI_CONTROLS
    )


def _wrapped(text: str) -> str:
    lines = [
        textwrap.fill(_harmless(line), COLUMNS, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    ]
    return "\n".join(lines)
