"""What a survey is called."""

from __future__ import annotations

from harken_server.surveys.logic.placeholders import substitute
from harken_server.surveys.survey import Survey
from harken_server.surveys.texts import resolve_text


def title_of(survey: Survey | None, key: str = "") -> str:
    """The title in its own language, with its fallbacks; the key while there is no survey."""
    if survey is None:
        return key
    title = resolve_text(survey.title, survey.locale, survey.locale)
    return substitute(title, {}, {}, survey.context)
