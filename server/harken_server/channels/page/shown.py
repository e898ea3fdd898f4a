"""What a visitor sees inside: the next page, the same page again, the thank-you."""

from __future__ import annotations

from typing import Any

import msgspec

from harken_server.channels.page.destination import Destination, Visit
from harken_server.channels.page.forms import Form, FormId, decode_answers, first_value
from harken_server.channels.page.render import render_answered, render_ending, render_question_page
from harken_server.channels.page.views import PageView
from harken_server.http.pages import Document
from harken_server.responses.asked import Collection
from harken_server.responses.sitting import Sitting, ending_of, page_at
from harken_server.responses.steps import Step
from harken_server.surveys.logic.paging import Page


class PageState(msgspec.Struct, frozen=True):
    """A visitor inside: through which destination, how far, and in which locale."""

    destination: Destination
    form_id: FormId
    sitting: Sitting
    locale: str


def next_page(state: PageState, after: str) -> Document:
    """The page after a question, as it is stored."""
    page = page_at(state.sitting, after)
    return render_question_page(_view(state, page, after, state.sitting.known))


def page_again(
    state: PageState, step: Step, *, is_unsaved: bool = False, is_nothing: bool = False
) -> Document:
    """The page with everything still in it, and why it comes again."""
    view = _view(state, step.page, step.after, step.answers)
    return render_question_page(
        msgspec.structs.replace(
            view, problems=step.problems, is_unsaved=is_unsaved, is_nothing=is_nothing
        )
    )


def typed_page(state: PageState, form: Form, *, is_unsaved: bool = False) -> Document:
    """The page that was sent with what is chosen and typed on it, stored or not."""
    after = first_value(form, "after")
    page = page_at(state.sitting, after)
    known = {key: value for key, value in state.sitting.known.items() if key not in page.asked}
    answers = known | decode_answers(page.questions, form)
    cleared = first_value(form, "clear")
    answers.pop(cleared, None)
    view = _view(state, page, after, answers)
    return render_question_page(
        msgspec.structs.replace(view, is_unsaved=is_unsaved, cleared=cleared)
    )


def _view(state: PageState, page: Page, after: str, answers: dict[str, Any]) -> PageView:
    sitting = state.sitting
    return PageView(
        survey=sitting.loaded.survey,
        number=sitting.loaded.number,
        locale=state.locale,
        page=page,
        form_id=str(state.form_id),
        after=after,
        answers=answers,
        context=sitting.context,
    )


def thanks(state: PageState) -> Document:
    """The ending that the answers lead to."""
    sitting = state.sitting
    return render_ending(
        sitting.loaded.survey,
        ending_of(sitting),
        state.locale,
        answers=sitting.known,
        context=sitting.context,
    )


def answered_page(room: Collection, sitting: Sitting, visit: Visit, locale: str) -> Document:
    """That and when it was answered; nothing of what was said."""
    stored = sitting.stored
    return render_answered(
        sitting.loaded.survey,
        locale,
        answered_at=stored and (stored.completed_at or stored.updated_at),
        now=room.clock(),
        form_id=str(visit.form_id) if sitting.is_revisable else "",
    )
