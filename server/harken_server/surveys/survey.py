"""A survey definition: what a file holds and what a published version keeps unchanged."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.kernel.documents.canonical import FilePart
from harken_server.surveys.asking import SurveyAsking
from harken_server.surveys.questions.conditions import Condition
from harken_server.surveys.questions.types import Key, Question
from harken_server.surveys.targeting import Targeting
from harken_server.surveys.texts import Locale, LocalText

MAX_QUESTIONS = 200
MAX_MINIMUM_GROUP = 1000
MAX_DEFINITION_BYTES = 256 * 1024
SURVEY_KEY_PATTERN = r"^[a-z][a-z0-9_]{0,63}(?!\n)$"
TOUCHPOINT_PATTERN = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*(?!\n)$"
LINK_PATTERN = r"^https://[^\s]+(?!\n)$"
COLOUR_PATTERN = r"^#[0-9a-fA-F]{6}(?!\n)$"
ORIGIN_PATTERN = r"^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?(?!\n)$"
LOGO_PATTERN = r"^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}(?!\n)$"

TouchpointKey: TypeAlias = Annotated[str, msgspec.Meta(pattern=TOUCHPOINT_PATTERN, max_length=64)]
Origin: TypeAlias = Annotated[str, msgspec.Meta(pattern=ORIGIN_PATTERN, max_length=200)]
Instrument: TypeAlias = Literal[
    "sus", "umux", "umux_lite", "product_market_fit", "expectation_match"
]
Colour: TypeAlias = Annotated[str, msgspec.Meta(pattern=COLOUR_PATTERN, max_length=7)]


class Ending(FilePart, kw_only=True, frozen=True):
    """The thank-you page: it says what happens next."""

    key: Key
    title: LocalText
    text: LocalText | None = None
    link: Annotated[str, msgspec.Meta(pattern=LINK_PATTERN, max_length=500)] | None = None
    link_label: LocalText | None = None
    show_if: Condition | None = None
    """The first ending whose condition holds is shown; the last ending needs none."""


class Theme(FilePart, kw_only=True, frozen=True):
    """Typed looks; there is no free CSS."""

    accent: Colour = "#0b6e5f"
    """Colour of buttons and chosen ratings; text on it is chosen for contrast."""
    radius: Literal["none", "small", "large"] = "large"
    font: Literal["system", "serif", "rounded", "mono"] = "system"
    scheme: Literal["auto", "light", "dark"] = "auto"
    """Light or dark; auto follows the respondent's device."""
    background: Colour | None = None
    """Colour behind the questions in the light scheme; None is white."""
    ink: Colour | None = None
    """Colour of text in the light scheme; at least 4.5:1 on the background (WCAG 2.2, 1.4.3)."""
    logo: Annotated[str, msgspec.Meta(pattern=LOGO_PATTERN)] | None = None
    """A PNG, JPEG or WebP picture as a `data:` address, 24 KiB at most; served by this server."""


class Presentation(FilePart, kw_only=True, frozen=True):
    """How the hosted page shows the survey."""

    pages: Literal["single", "question"] = "single"
    """All questions on one page as far as logic allows, or one question at a time."""
    show_progress: bool = True
    theme: Theme = Theme()
    brand: Annotated[str, msgspec.Meta(min_length=1, max_length=80)] | None = None
    """The name shown above the survey; None shows the survey's title alone."""
    framed_by: Annotated[tuple[Origin, ...], msgspec.Meta(max_length=20)] = ()
    """Sites that may show the hosted page in a frame; nobody else may."""


class MailTexts(FilePart, kw_only=True, frozen=True):
    """What an invitation by e-mail says around the first question."""

    subject: LocalText | None = None
    """None is the survey's title; a reminder puts its word before it."""
    preheader: LocalText | None = None
    """What mail programs show after the subject; None is the first question."""
    intro: LocalText | None = None
    """Above the question, a paragraph a line; None is the survey's intro."""


class Survey(FilePart, kw_only=True, frozen=True):
    """A named, ordered set of questions with logic and texts."""

    key: Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]
    title: LocalText
    questions: Annotated[tuple[Question, ...], msgspec.Meta(min_length=1, max_length=MAX_QUESTIONS)]
    schema: str | None = msgspec.field(default=None, name="$schema")
    """Ignored by the server; lets an editor find the JSON Schema."""
    description: LocalText | None = None
    intro: LocalText | None = None
    locale: Locale = "en"
    """The default locale: the language of plain strings and the end of each fallback chain."""
    locales: Annotated[tuple[Locale, ...], msgspec.Meta(max_length=60)] = ()
    """Further locales offered; every text map must have a string for each."""
    context: Annotated[dict[Key, str], msgspec.Meta(max_length=50)] = msgspec.field(default={})
    """Names that placeholders and conditions may use, each with the fallback shown when absent."""
    touchpoints: Annotated[tuple[TouchpointKey, ...], msgspec.Meta(max_length=50)] = ()
    """Touchpoints that ask this survey; pushing the file assigns them."""
    endings: Annotated[tuple[Ending, ...], msgspec.Meta(max_length=20)] = ()
    presentation: Presentation = Presentation()
    widget: Targeting | None = None
    """How the web widget shows the survey; None keeps it out of the widget, unless named there."""
    asking: SurveyAsking | None = None
    """Whom triggers ask, and until when; None is everybody, without end."""
    instrument: Instrument | None = None
    """A published instrument that the survey asks; scores and results give its number."""
    email: MailTexts | None = None
    """What an invitation by e-mail says; None is the survey's own texts."""
    anonymous: bool = False
    """Nothing that is kept of an answer leads to a person, and no time finer than a day."""
    minimum_group: Annotated[int, msgspec.Meta(ge=0, le=MAX_MINIMUM_GROUP)] | None = None
    """Answers are shown of so many people together or not at all; 0 shows them one by one. None is
    5 for anonymous surveys and for those that ask employees, and 0 for all others."""
    grouped_by: Key | None = None
    """What answers are put together by before they are shown: touchpoint, channel, wave or a
    declared dimension. None is the first declared dimension, or else the touchpoint."""


def offered_locales(survey: Survey) -> tuple[str, ...]:
    """The default locale first, then the others as listed."""
    return tuple(dict.fromkeys((survey.locale, *survey.locales)))
