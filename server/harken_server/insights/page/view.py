"""What the results page shows, ready to be drawn: numbers, texts, and the filter they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from urllib.parse import urlencode

import msgspec

from harken_server.insights.page.selection import Selection
from harken_server.insights.read.group_times import GroupTimes
from harken_server.insights.read.reaching import AskedByName
from harken_server.insights.rules.comparing.breakdowns import ScoreDifference
from harken_server.insights.rules.comparing.heat_maps import HeatMap
from harken_server.insights.rules.comparing.reasons import Reason
from harken_server.insights.rules.comparing.steps import Step
from harken_server.insights.rules.distributions import Distribution
from harken_server.insights.rules.drivers.records import Found
from harken_server.insights.rules.hidden import Hidden, say_hidden
from harken_server.insights.rules.scores import Score
from harken_server.insights.rules.trends import Period, TrendPoint
from harken_server.insights.rules.weighting.reports import Weighting
from harken_server.insights.store.annotations import Annotation
from harken_server.insights.store.comments import Comment
from harken_server.insights.store.counts import FilterValues
from harken_server.insights.store.people_sql import TOO_MANY, People
from harken_server.insights.store.rates_sql import Finished
from harken_server.responses.store.read import Apart
from harken_server.surveys.logic.placeholders import substitute
from harken_server.surveys.published import SurveyStatus
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import LocalText, resolve_text


class ResultsView(msgspec.Struct, kw_only=True, frozen=True):
    """Everything on the page. `survey` is the version whose questions and labels are shown."""

    survey: Survey
    locale: str
    status: SurveyStatus
    version: int
    generated_at: datetime
    """In the workspace's zone, in which all times are shown."""
    zone: str = "UTC"
    """The name of that zone."""
    path: str
    """Path of the page, such as `/results/post_purchase`; CSV files lie below it."""
    token: str
    """The signed token of the link; carried by the form and by every link of the page. Empty in the
    console, where a session says who it is."""
    selection: Selection
    options: FilterValues
    first_day: date | None
    """First day taken in; None means from the first answer."""
    last_day: date
    has_samples: bool
    period: Period
    scores: tuple[Score, ...]
    beside: tuple[date, date] | None = None
    """The days that the period is compared with."""
    happened: tuple[Annotation, ...] = ()
    """Annotations of these days, by day."""
    segments: tuple[tuple[str, str], ...] = ()
    """Key and title of each segment that the answers can be narrowed to."""
    weights: tuple[tuple[str, str], ...] = ()
    """By what the answers may be weighted: value and name of each."""
    weighting: Weighting | None = None
    """How scores and trends are weighted; None: each answer counts once."""
    refused: str = ""
    """Why a segment that the address names narrows nothing."""
    drivers: Found | None = None
    """What goes with the first score, for whoever asks."""
    fix: Found | None = None
    """The same for a line on top; None where nobody asked and it takes long to know."""
    heat: HeatMap | str | None = None
    """By two groupings; or why not."""
    changes: Mapping[str, ScoreDifference] = {}
    """Of scores by their question, what became of them since those days."""
    groups: GroupTimes | None = None
    """One question by group, and when a group stood out; None where nothing has a score."""
    about: str = ""
    """The question that `groups` are of."""
    steps: tuple[Step, ...] = ()
    """What became of it after each event of these days."""
    reasons: tuple[Reason, ...] = ()
    """Which other questions moved with the surest of what stood out."""
    breakdowns: tuple[str, ...] = ()
    """What can be broken down by."""
    quoted: tuple[Comment, ...] = ()
    """What people said where and when the surest of what stood out did."""
    finished: Finished | None = None
    """How many came to the end; None where there are too many to count, or nobody is asked."""
    left_after: Mapping[str, int] | None = None
    """How many stopped after each question; None where that is not known."""
    asked: AskedByName | None = None
    """Personal links; None where there are none, or whoever looks may not know."""
    trends: tuple[tuple[TrendPoint, ...], ...]
    """One for each score, in the same order."""
    distributions: tuple[Distribution, ...]
    comments: tuple[Comment, ...]
    versions: Mapping[int, Sequence[Question]] = {}
    """What each version asked that somebody answered within the filter, oldest first."""
    instrument: Score | None = None
    """The number of the instrument that the survey is."""
    people: People | None = People(0, 0, 0)
    """Who gave the responses; None where there are too many to tell them apart."""
    hidden: Hidden | None = None
    """Why some answers are in none of these numbers; None when all are."""
    apart: Apart = Apart()
    """Responses of the filter that do not count."""
    place: str = ""
    """Where its answers were when it was read; empty where none come any more."""
    older: str | None = None
    """Cursor of the next page of comments; None when there is none."""
    is_first_page: bool = True
    is_latest: bool = False
    """Whether each person's latest response alone is counted."""

    @property
    def people_sentence(self) -> str:
        """How many responses there are, and how many people who are named gave them."""
        if self.people is None:
            return TOO_MANY.rstrip(".")
        if not self.people.responses:
            return ""
        n, named = self.people.responses, self.people.named
        text = "1 response" if n == 1 else f"{n:,} responses"
        if not named:
            return f"{text}, none by a named person"
        several = f"{self.people.people:,} named people"
        who = "1 named person" if self.people.people == 1 else several
        return f"{text} by {who}" if named == n else f"{text}, {named:,} of them by {who}"

    @property
    def weighting_sentence(self) -> str:
        """How the scores are weighted, and what that costs; empty where each answer counts once."""
        if self.weighting is None:
            return ""
        told = self.weighting
        shared = " and ".join(dict.fromkeys(each.dimension for each in told.margins))
        how = f"to the declared shares of {shared}" if shared else "by their chance of being asked"
        left = f" {told.unknown:,} more have no weight and are left out." if told.unknown else ""
        held = f" {told.trimmed:,} are held back at {told.trim:g}." if told.trimmed else ""
        return (
            f"Scores and trends are weighted {how}: {told.n:,} answers count like "
            f"{told.effective_n:,.0f}.{left}{held} Everything else counts each answer once."
        )

    @property
    def hidden_sentence(self) -> str:
        """What the house is told of answers that are not shown; empty when all are."""
        if self.hidden is None:
            return ""
        return (
            f"{say_hidden(self.hidden)}. This survey shows the answers of at least "
            f"{self.hidden.minimum} people together; some wait for others."
        )

    @property
    def apart_sentence(self) -> str:
        """What is kept apart, in words; empty when everything counts."""
        if not self.apart.standings:
            return ""
        total = sum(self.apart.standings.values())
        noun = "response is" if total == 1 else "responses are"
        parts = _numbered(self.apart.standings)
        why = f" Flagged: {_numbered(self.apart.flags)}." if self.apart.flags else ""
        return f"{total} more {noun} kept apart and in none of these numbers: {parts}.{why}"

    @property
    def days_beside(self) -> int:
        """How many days the period is compared with."""
        return 0 if self.beside is None else (self.beside[1] - self.beside[0]).days + 1

    def versions_without(self, key: str) -> list[int]:
        """Versions with answers that did not ask the question."""
        return [
            number
            for number, questions in self.versions.items()
            if key not in {question.key for question in questions}
        ]

    def link(self, below: str = "", **fields: str) -> str:
        """Address of the page, or of a file below it, with token and filter; empty fields go."""
        token = {"token": self.token} if self.token else {}
        query = token | self.selection.fields() | fields
        return f"{self.path}{below}?{urlencode({k: v for k, v in query.items() if v})}"

    def live(self) -> str:
        """Address that tells of answers after these; empty where none come any more."""
        return self.link("/live", after=self.place) if self.place else ""

    def everything(self) -> str:
        """Address of the page without a filter."""
        return msgspec.structs.replace(self, selection=Selection(days="all")).link()


def _numbered(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in counts.items())


def say(view: ResultsView, text: LocalText) -> str:
    """A text of the survey in the page's locale; placeholders show their fallbacks."""
    return say_in(view.survey, view.locale, text)


def say_in(survey: Survey, locale: str, text: LocalText) -> str:
    """The same where there is no page."""
    return substitute(resolve_text(text, locale, survey.locale), {}, {}, survey.context)


def labels_of(
    question: Question, survey: Survey, versions: Mapping[int, Sequence[Question]], locale: str
) -> dict[str, str]:
    """Shown label of every stored value of a choosing question; empty for other types.

    What only older versions offered has the label of the last of them.
    """
    older = [item for asked in versions.values() for item in asked if item.key == question.key]
    return {
        value: resolve_text(label, locale, survey.locale)
        for item in (*older, question)
        for value, label in item.labels().items()
    }
