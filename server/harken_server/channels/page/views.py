"""What the templates show: every text resolved, every input named, nothing left to decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from harken_server.kernel.errors import Problem
from harken_server.surveys.logic.paging import Page
from harken_server.surveys.survey import Survey

NoticeKind = Literal[
    "draft", "closed", "expired", "already_answered", "unknown", "unavailable", "too_many",
    "not_understood", "invited_only",
]  # fmt: skip

FieldKind = Literal[
    "scale", "radios", "checkboxes", "matrix", "ranking", "line", "area", "consent", "statement"
]


class PageView(msgspec.Struct, kw_only=True, frozen=True):
    """Everything one question page depends on."""

    survey: Survey
    number: int
    """The survey version shown; it comes back with the form."""
    locale: str
    page: Page
    form_id: str
    """`forms.FormId` as the form holds it, or what leaves a place for it."""
    sends_to: str = ""
    """Address that the form is sent to; empty for the one that the page stands at."""
    is_watched: bool = False
    """Whether a script reports that somebody is there, to `seen` below the page's address."""
    after: str = ""
    """Where this page begins: the last question of the page before."""
    answers: dict[str, Any] = {}
    """Wire answers known so far, of this page and of earlier ones."""
    context: dict[str, Any] = {}
    problems: tuple[Problem, ...] = ()
    is_unsaved: bool = False
    """Whether the answers could not be stored just now."""
    is_nothing: bool = False
    """Whether it was to be sent with nothing answered, which is asked about."""
    begun: tuple[datetime, datetime] | None = None
    """When it was begun elsewhere, and the time now: said where an answer from there is kept."""
    carried: tuple[tuple[str, str], ...] = ()
    """Further hidden fields that come back with the form: names and values."""
    cleared: str = ""
    """Key of a question whose answer was just taken back: the browser goes there."""


class OptionView(msgspec.Struct, frozen=True):
    """One radio, checkbox or select option."""

    value: str
    label: str
    is_chosen: bool = False
    detail: str = ""
    """Read out after the label, not shown."""
    mark: str = ""
    """SVG path data drawn instead of the label; the label is then read out only."""
    is_alone: bool = False
    """Whether it cannot be combined with others."""


class GroupView(msgspec.Struct, frozen=True):
    """One row of a matrix, or one place of a ranking."""

    value: str
    name: str
    label: str
    options: tuple[OptionView, ...]
    error: str = ""


class FieldError(msgspec.Struct, frozen=True):
    """One line of the list of errors."""

    name: str
    """Id of the input that it leads to."""
    text: str
    question: str


class FieldView(msgspec.Struct, kw_only=True, frozen=True):
    """One question as it is shown."""

    kind: FieldKind
    name: str
    """Name of the form field, and id of its first input."""
    text: str
    help: str = ""
    hint: str = ""
    is_required: bool = False
    error: str = ""
    style: str = ""
    """How a scale is drawn: number, star, smiley or thumbs."""
    options: tuple[OptionView, ...] = ()
    groups: tuple[GroupView, ...] = ()
    low_label: str = ""
    high_label: str = ""
    value: str = ""
    input_type: str = "text"
    input_mode: str | None = None
    """The keyboard that is shown; empty for the usual one. None, as below, says nothing of it."""
    autocomplete: str | None = None
    placeholder: str = ""
    unit: str = ""
    low: str | None = None
    high: str | None = None
    max_chars: int = 0
    label: str = ""
    """The text beside a single checkbox."""
    own_text: str | None = None
    """What was typed for the choice of one's own; None when the question offers none."""
    own_max_chars: int = 0
    own_error: str = ""
    has_focus: bool = False
    """Whether the browser goes there as the page comes."""

    @property
    def can_be_cleared(self) -> bool:
        """Whether what is chosen cannot be taken back without a button or a script."""
        return not self.is_required and self.kind in {"scale", "radios", "matrix"}

    def errors(self) -> list[FieldError]:
        """What is to be put right, each with the input where that is done."""
        first = self.groups[0].name if self.groups else self.name
        found = [
            (first, self.error),
            *((group.name, group.error) for group in self.groups),
            (f"{self.name}-own", self.own_error),
        ]
        return [FieldError(name, text, self.text) for name, text in found if text]
