"""What the widget is offered: every survey, listed or not, and the reason."""

import msgspec

from harken_server.asking.rules.reasons import ReasonCode
from harken_server.http.replies import item_of
from harken_server.responses.closing import why_closed_to_all
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.published import SurveyStatus
from harken_server.surveys.store.surveys import list_surveys
from harken_server.surveys.survey import Survey
from harken_server.workspaces.keyed import Call, get


class WidgetSurvey(msgspec.Struct, kw_only=True):
    """One survey, as `harken.explain()` on a page would begin to explain it."""

    survey: str
    version: int
    status: SurveyStatus
    listed: bool
    """Whether the widget's config has it; whether a visitor sees it is decided in the browser."""
    reason: ReasonCode
    """asked (listed), not_live, not_open or not_targeted: the codes of the reasons page."""
    detail: str


class WidgetSurveys(msgspec.Struct, kw_only=True):
    """Every survey of the workspace, by key."""

    surveys: list[WidgetSurvey]


@get(
    "/widget/surveys",
    "list_widget_surveys",
    "Which surveys the widget is offered, and why not the others",
    scope="definitions",
)
async def list_all(call: Call) -> WidgetSurveys:
    """Drafts, closed and untargeted surveys included."""
    workspace = call.workspace
    found: list[WidgetSurvey] = []
    for record in await list_surveys(call.db, workspace.id):
        loaded = await call.runtime.of(Catalog).load(workspace, record)
        asking, now = loaded.survey.asking, call.now()
        closed = await why_closed_to_all(call.db, workspace.id, record.id, asking, now)
        reason, detail = explain_listing(record.status, loaded.survey, closed)
        said = {"listed": reason == "asked", "reason": reason, "detail": detail}
        found.append(item_of(WidgetSurvey, record, survey=record.key, **said))
    return WidgetSurveys(surveys=found)


def explain_listing(
    status: SurveyStatus, survey: Survey, closed: str | None
) -> tuple[ReasonCode, str]:
    """Whether the widget's config lists a survey: the reason's code, and a sentence.

    `closed` is why it has closed by itself, if it has.
    """
    if status != "live":
        return "not_live", f"Not listed: the survey is {status}, not live."
    if survey.asking is not None and survey.asking.invited_only:
        return "not_open", "Not listed: it is for invited people only, whom a trigger asks."
    if closed is not None:
        return "not_open", f"Not listed: the survey has closed by itself: {closed}."
    if survey.widget is None:
        return "not_targeted", "Not listed: the survey has no `widget` part; name it to show it."
    return "asked", "Listed: the browser decides by the survey's targeting."
