"""Trying a survey in the console: its real pages, and nothing of what is answered is stored.

What was answered on earlier pages goes along in the form, since there is nowhere else for it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from harken_server.channels.page.forms import Form as Sent
from harken_server.channels.page.forms import decode_answers, first_value, problems_beside
from harken_server.channels.page.render import render_ending, render_question_page
from harken_server.channels.page.views import PageView
from harken_server.channels.page.wording import choose_locale
from harken_server.http.pages import Document, Shown
from harken_server.kernel.errors import NotFoundError
from harken_server.responses.sittings import Sitting, advance, ending_of, judge_page, page_at
from harken_server.surveys.answers.validation import compile_survey
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.drafting import find_work, judge_text
from harken_server.surveys.gallery import read_gallery
from harken_server.surveys.logic.paging import Page
from harken_server.surveys.protection import minimum_of
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.survey import Survey
from harken_server.workspaces.signed_in import Form, Visit, act, page

KNOWN = "known"
"""The field with the answers of earlier pages."""
_NOBODY = UUID(int=0)
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_FRAMED = (("x-frame-options", "SAMEORIGIN"),)


@page("/preview/templates/{name:str}", right="edit")
async def try_template(visit: Visit, name: str) -> Shown:
    """The first page of a template."""
    return _first_page(visit, _template(name))


@act("/preview/templates/{name:str}", "try_template", right="edit")
async def answer_template(visit: Visit, form: Form, name: str) -> Shown:
    """The page after one of a template."""
    return _next_page(visit, _template(name), form.values)


@page("/preview/surveys/{key:str}", right="see")
async def try_survey(visit: Visit, key: str) -> Shown:
    """The first page of a survey as its draft says it, else as it is published."""
    return _first_page(visit, await _survey(visit, key))


@act("/preview/surveys/{key:str}", "try_survey", right="see")
async def answer_survey(visit: Visit, form: Form, key: str) -> Shown:
    """The page after one of a survey."""
    return _next_page(visit, await _survey(visit, key), form.values)


def _template(name: str) -> Survey:
    found = read_gallery().get(name)
    if found is None:
        raise NotFoundError(f"There is no template {name!r}.", code="template_unknown")
    return found.survey


async def _survey(visit: Visit, key: str) -> Survey:
    work = await find_work(visit.db, visit.workspace_id, key)
    survey = judge_text(work.text, work.syntax).survey
    if survey is None:
        raise NotFoundError(
            "The draft has problems, so there is nothing to try yet.", code="survey_draft"
        )
    return survey


def _first_page(visit: Visit, survey: Survey) -> Document:
    sitting = _sitting(visit, survey, {})
    locale = choose_locale(survey, visit.said().get("lang"), "")
    return _questions(visit, sitting, page_at(sitting, ""), "", locale)


def _next_page(visit: Visit, survey: Survey, sent: Sent) -> Document:
    """What a page that was sent comes to, as on the real pages."""
    locale = choose_locale(survey, sent.get("lang", [""])[-1], "")
    sitting = _sitting(visit, survey, _known(sent))
    after, is_back = first_value(sent, "after"), first_value(sent, "go") == "back"
    page = page_at(sitting, after)
    is_other_language = len(sent.get("lang", ())) > 1
    if "clear" in sent or is_other_language:
        known = decode_answers(page.questions, sent)
        known.pop(first_value(sent, "clear"), None)
        return _questions(visit, sitting, page, after, locale, known)
    given = decode_answers(page.questions, sent, is_whole=not is_back)
    step = judge_page(sitting, page, after, given, is_back=is_back)
    problems = step.problems
    if not is_back and (beside := problems_beside(page.questions, given)):
        problems = (*problems, *beside)
    if problems:
        view = _view(visit, sitting, step.page, step.after, locale, step.answers)
        return _framed(render_question_page(msgspec.structs.replace(view, problems=problems)))
    sitting = advance(sitting, step)
    if step.next_after is None and not is_back:
        return _framed(
            render_ending(
                survey, ending_of(sitting), locale, answers=sitting.known, context=sitting.context
            )
        )
    after = step.next_after or ""
    return _questions(visit, sitting, page_at(sitting, after), after, locale)


def _known(sent: Sent) -> dict[str, Any]:
    """The answers of earlier pages; none where somebody wrote something else there."""
    try:
        return msgspec.json.decode(first_value(sent, KNOWN) or "{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _sitting(visit: Visit, survey: Survey, answers: dict[str, Any]) -> Sitting:
    """Of nobody, with a survey that need not be published."""
    record = SurveyRecord(
        id=_NOBODY, number=0, workspace_id=visit.workspace_id, key=survey.key, status="draft",
        version=0, created_at=_NO_TIME, updated_at=_NO_TIME,
    )  # fmt: skip
    loaded = LoadedSurvey(
        visit.workspace, record, 0, survey, compile_survey(survey), minimum_of(survey)
    )
    known = {question.key for question in survey.questions}
    answers = {key: value for key, value in answers.items() if key in known}
    return Sitting(loaded=loaded, response_id=_NOBODY, answers=answers)


def _questions(  # noqa: PLR0917  # As the pages have them.
    visit: Visit,
    sitting: Sitting,
    page: Page,
    after: str,
    locale: str,
    typed: dict[str, Any] | None = None,
) -> Document:
    answers = sitting.known | (typed or {})
    return _framed(render_question_page(_view(visit, sitting, page, after, locale, answers)))


def _view(  # noqa: PLR0917  # As the pages have them.
    visit: Visit, sitting: Sitting, page: Page, after: str, locale: str, answers: dict[str, Any]
) -> PageView:
    known = msgspec.json.encode(sitting.known).decode()
    return PageView(
        survey=sitting.loaded.survey,
        number=0,
        locale=locale,
        page=page,
        form_id="",
        after=after,
        answers=answers,
        carried=(("csrf", visit.token), (KNOWN, known)),
    )


def _framed(document: Document) -> Document:
    """For a frame of our own pages, and nobody else's; its sandbox runs no script."""
    policy = document.policy.partition("frame-ancestors")[0] + "frame-ancestors 'self'"
    head, _, rest = document.body.rpartition(b"<script>")
    body = head + rest.partition(b"</script>")[2]
    return msgspec.structs.replace(document, body=body, policy=policy, headers=_FRAMED)
