"""What the widget is told: the type `Config` of widget/src/types.ts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from harken_server.channels.page.face.surveys import phrases_config, survey_config
from harken_server.channels.page.wording import offered_locales
from harken_server.channels.widget.page_rules import browser_rules
from harken_server.surveys.survey import Survey

Json: TypeAlias = dict[str, Any]


class Shown(NamedTuple):
    """One version of a survey, as the widget is to get it."""

    survey: Survey
    number: int


def config_document(
    shown: Iterable[Shown], *, locale: str, code: str, origins: Sequence[str] = ()
) -> Json:
    """The whole config: surveys in the locale nearest to the one asked for, and their phrases.

    `code` is the file name of the survey code; `origins` are those that may use the key, none
    meaning any.
    """
    shown = tuple(shown)
    surveys = [
        survey_config(item.survey, item.number, locale, targeting=_targeting(item.survey))
        for item in shown
    ]
    languages = dict.fromkeys(str(survey["language"]) for survey in surveys)
    document: Json = {
        "code": code,
        "surveys": surveys,
        "phrases": {language: phrases_config(language) for language in languages},
        "locale": locale,
    }
    if any(len(offered_locales(item.survey)) > 1 for item in shown):
        spoken = {str(survey["locale"]) for survey in surveys}
        names = sorted({locale, *(spoken if len(spoken) == 1 else ())} - {""})
        document["fits"] = f"^({'|'.join(names)})\\b"
    if origins:
        document["origins"] = list(origins)
    return document


def _targeting(survey: Survey) -> Json | None:
    """All of the targeting but its label, which stands at the top of the survey."""
    if survey.widget is None:
        return None
    found: Json = browser_rules(survey.widget)
    found.pop("button", None)
    return found
