"""Live, paused, closed: what each means for people with links, and how one becomes another."""

from __future__ import annotations

from typing import NamedTuple

from harken_server.http.pages import Shown
from harken_server.http.problems import BadRequestError
from harken_server.surveys.catalog import SURVEY, Catalog
from harken_server.surveys.published import SurveyStatus
from harken_server.surveys.store import surveys
from harken_server.workspaces.signed_in import Form, Visit, act

STATUS_WORDS: dict[str, tuple[str, str, str]] = {
    "live": ("good", "Live", "Everybody with a link can answer."),
    "draft": (
        "middle",
        "Paused",
        "Links say that there is no such survey, personal ones that it is not open yet.",
    ),
    "closed": (
        "quiet",
        "Closed",
        "Links say kindly that the survey is over, and nothing is asked.",
    ),
    "new": ("note", "Draft", "Nobody sees it before it is published."),
}
"""The pill's kind and word for each status, and what it means for people with links."""


class Move(NamedTuple):
    """One thing that can be done with a survey's status."""

    to: SurveyStatus
    label: str
    icon: str
    means: str
    said: str


_OPEN = Move("live", "Reopen", "play", "Links work again, the printed ones too.", "Open again.")
_PAUSE = Move(
    "draft",
    "Pause",
    "pause",
    "For a while nobody can begin. Links work again when you reopen it.",
    "Paused. Nobody can begin until you reopen it.",
)
_CLOSE = Move(
    "closed",
    "Close",
    "close",
    "Links thank people and say that it is over. Answers stay, and you can reopen it.",
    "Closed. Links say that it is over.",
)
MOVES: dict[str, tuple[Move, ...]] = {
    "live": (_PAUSE, _CLOSE),
    "draft": (_OPEN, _CLOSE),
    "closed": (_OPEN,),
    "new": (),
}
_SAID: dict[SurveyStatus, str] = {move.to: move.said for move in (_OPEN, _PAUSE, _CLOSE)}


@act("/surveys/{key:str}/status", "set_survey_status", right="edit")
async def set_status(visit: Visit, form: Form, key: str) -> Shown:
    """Open, pause or close a survey."""
    status = _status_of(form.text("status"))
    changed = await surveys.set_status(visit.db, visit.workspace_id, key, status, visit.now())
    SURVEY.found(changed, key)
    visit.runtime.of(Catalog).forget()
    visit.note(status=status)
    return visit.to(f"/surveys/{key}", _SAID[status])


def _status_of(sent: str) -> SurveyStatus:
    for status in _SAID:
        if status == sent:
            return status
    raise BadRequestError(
        f"The field 'status' must be one of {', '.join(_SAID)}.", code="bad_parameter"
    )
