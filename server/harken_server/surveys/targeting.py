"""Where, when and to whom the web widget shows a survey; the browser decides by these rules."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from harken_server.kernel.documents.canonical import FilePart
from harken_server.surveys.texts import Locale, LocalText

MAX_SELECTOR_CHARS = 300
MAX_PAGE_CHARS = 500
EVENT_PATTERN = r"^[a-zA-Z][a-zA-Z0-9_.:-]{0,63}(?!\n)$"

Selector: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_SELECTOR_CHARS)]
EventName: TypeAlias = Annotated[str, msgspec.Meta(pattern=EVENT_PATTERN, max_length=64)]
Days: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=3650)]


class _Opening(FilePart, kw_only=True, frozen=True, tag_field="on"):
    """Something that happens on the page and opens the survey."""


class OnLoad(_Opening, tag="load", kw_only=True, frozen=True):
    """As soon as the page is ready."""


class OnTime(_Opening, tag="time", kw_only=True, frozen=True):
    """After so long on the page, counted while it is visible."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class OnScroll(_Opening, tag="scroll", kw_only=True, frozen=True):
    """When so much of the page was scrolled through; a page without scroll bar counts as read."""

    percent: Annotated[int, msgspec.Meta(ge=1, le=100)]


class OnExit(_Opening, tag="exit", kw_only=True, frozen=True):
    """When the pointer leaves by the top edge; on touch, after a quick scroll back to the top."""


class OnClick(_Opening, tag="click", kw_only=True, frozen=True):
    """When something that matches a CSS selector is clicked."""

    selector: Selector


class PropertyRule(FilePart, kw_only=True, frozen=True):
    """What a property of an event must be; all rules of an event must hold."""

    property: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    op: Literal["equals", "not_equals", "at_least", "at_most", "contains"] = "equals"
    """A missing property makes every rule false; `contains` looks for a part of a text."""
    value: str | int | float | bool


class OnEvent(_Opening, tag="event", kw_only=True, frozen=True, omit_defaults=True):
    """When the site calls `harken.track(name, properties)`."""

    name: EventName
    where: Annotated[tuple[PropertyRule, ...], msgspec.Meta(max_length=10)] = ()


Opening: TypeAlias = OnLoad | OnTime | OnScroll | OnExit | OnClick | OnEvent


class PageRule(FilePart, kw_only=True, frozen=True):
    """Which addresses are meant.

    A value that begins with `/` is compared with the path, the query and the fragment; any other
    with the whole address. In a glob `*` stands for any text and `?` for one character.
    """

    match: Literal["contains", "exact", "prefix", "glob"]
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_PAGE_CHARS)]


class Cooldowns(FilePart, kw_only=True, frozen=True):
    """Days for which one visitor is left in peace after each; each has a clock of its own.

    How long a clock is remembered is up to the `memory` that the site allows the widget.
    """

    shown_days: Days = 7.0
    dismissed_days: Days = 30.0
    answered_days: Days = 90.0


class Targeting(FilePart, kw_only=True, frozen=True):
    """How the web widget presents a survey, and what must hold before it does."""

    mode: Literal["popover", "modal", "sheet", "inline", "tab", "slide_in"] = "popover"
    """On phones, popover, modal and slide-in become a sheet at the bottom."""
    position: Literal["bottom_right", "bottom_left", "top_right", "top_left"] = "bottom_right"
    """Corner of a popover, side of a tab or slide-in; mirrored in right-to-left languages."""
    element: Selector | None = None
    """Where an inline survey is put: the first element that matches."""
    button: LocalText | None = None
    """Label of the tab; None means the language's word for feedback."""
    opens: Annotated[tuple[Opening, ...], msgspec.Meta(max_length=10)] = ()
    """What opens the survey. None at all: an inline survey and a tab are there at once, any other
    survey waits for `harken.show()` or for a trigger from the server."""
    needs: Literal["any", "all"] = "any"
    """Whether one of `opens` is enough or all must have happened on this page."""
    pages: Annotated[tuple[PageRule, ...], msgspec.Meta(max_length=50)] = ()
    """Only where one of these matches; none means every page."""
    not_pages: Annotated[tuple[PageRule, ...], msgspec.Meta(max_length=50)] = ()
    """Never where one of these matches."""
    locales: Annotated[tuple[Locale, ...], msgspec.Meta(max_length=60)] = ()
    """Only for these locales of the page; `en` takes in `en-GB`. None means all."""
    devices: Annotated[
        tuple[Literal["phone", "tablet", "desktop"], ...], msgspec.Meta(max_length=3)
    ] = ()
    """Only on these, told apart by the width of the window: under 600 px, under 1024 px, wider."""
    sample_rate: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    """Share of visitors asked, 0 to 1; the same visitor always falls on the same side."""
    cooldown: Cooldowns = Cooldowns()
    max_shown: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    """How often one visitor is shown the survey at most; None is no limit."""
    closes_on_navigation: bool = False
    """Whether an open survey closes when a single-page application changes its route."""
