"""The first page of a new response: kept in memory by version and locale, free of SQL."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from harken_server.channels.page.destination import Destination, Visit
from harken_server.channels.page.documents import ID_SLOT, PackedDocument, pack_document
from harken_server.channels.page.forms import PREFIX, SENT_TO, Form, decode_answers
from harken_server.channels.page.render import render_question_page
from harken_server.channels.page.views import PageView
from harken_server.http.pages import Document
from harken_server.surveys.answers.validation import check_answers
from harken_server.surveys.catalog import LoadedSurvey
from harken_server.surveys.logic.paging import plan_page

MOST_FIRST_PAGES = 256


def first_page(
    destination: Destination,
    visit: Visit,
    locale: str,
    begun: tuple[datetime, datetime] | None = None,
) -> Document | PackedDocument:
    """The first page of a response, empty; kept in memory unless it is for this visitor alone.

    `begun` says when the response was begun elsewhere, and the time now.
    """
    loaded = destination.loaded
    answers = prefilled(loaded, {**visit.query, **destination.pressed}, destination.context)
    is_own = begun or destination.is_watched or (destination.context and loaded.survey.context)
    if answers or is_own:
        view = _first_view(loaded, locale, str(visit.form_id), answers, destination.context)
        return render_question_page(
            msgspec.structs.replace(
                view, is_watched=destination.is_watched, begun=begun, sends_to=visit.sends_to
            )
        )
    kept = _cached_first_page(_FirstPage(loaded, locale))
    return kept if visit.sends_to == SENT_TO else kept.sent_to(visit.sends_to, str(visit.form_id))


def prefilled(loaded: LoadedSurvey, query: Form, context: dict[str, Any]) -> dict[str, Any]:
    """Good answers named in the link, such as `?a_recommend=9`: shown chosen, never submitted."""
    if not any(name.startswith(PREFIX) for name in query):
        return {}
    named = {name: values for name, values in query.items() if name.startswith(PREFIX)}
    answers = decode_answers(loaded.survey.questions, named)
    return {
        key: value
        for key, value in answers.items()
        if not check_answers(loaded.compiled, {key: value}, context, is_complete=False).problems
    }


class _FirstPage:
    """Names a first page by the version it shows; versions never change."""

    def __init__(self, loaded: LoadedSurvey, locale: str) -> None:
        self.loaded, self.locale = loaded, locale
        self._name = (loaded.record.id, loaded.number, loaded.survey.presentation.pages, locale)

    def __hash__(self) -> int:
        return hash(self._name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _FirstPage) and self._name == other._name


@lru_cache(maxsize=MOST_FIRST_PAGES)
def _cached_first_page(page: _FirstPage) -> PackedDocument:
    view = _first_view(page.loaded, page.locale, ID_SLOT.decode(), {}, {})
    return pack_document(render_question_page(msgspec.structs.replace(view, sends_to=SENT_TO)))


def _first_view(
    loaded: LoadedSurvey,
    locale: str,
    form_id: str,
    answers: dict[str, Any],
    context: dict[str, Any],
) -> PageView:
    return PageView(
        survey=loaded.survey,
        number=loaded.number,
        locale=locale,
        page=plan_page(loaded.survey, {}, context, None, loaded.compiled.decisive),
        form_id=form_id,
        answers=answers,
        context=context,
    )
