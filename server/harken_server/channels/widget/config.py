"""What the widget is told of surveys: the types `Config` and `Survey` of widget/src/types.ts.

Every field is named here, so that nothing of a definition becomes public by itself. Texts are
those of one locale, placeholders left in; what equals its default is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit

from harken_server.channels.page.render import safe_link
from harken_server.channels.page.wording import choose_locale, offered_locales
from harken_server.channels.page.words import phrases_for
from harken_server.channels.widget.conditions import condition_config
from harken_server.channels.widget.looks import look_config
from harken_server.channels.widget.page_rules import browser_rules
from harken_server.channels.widget.questions import question_config
from harken_server.channels.widget.texts import Texts
from harken_server.surveys.survey import Ending, Survey
from harken_server.surveys.texts import is_right_to_left

Json: TypeAlias = dict[str, Any]

PHRASES = {
    **{
        name: name
        for name in (
            "back", "close", "next", "other_text", "place",
            "save_failed", "send", "sending", "thanks_title", "try_again",
            "waiting_text", "waiting_title",
        )
    },
    "thanks_text": "received_text",
    "already_answered": "already_answered_text",
    "invitation_expired": "expired_text",
    "survey_closed": "closed_text",
    "invalid_submission": "error_title",
    "refused": "closed_text",
}  # fmt: skip
"""What the widget says, and the phrase it says it with. Refusals go by the server's own code."""


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
    surveys = [survey_config(item.survey, item.number, locale) for item in shown]
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


def survey_config(survey: Survey, number: int, locale: str) -> Json:
    """One version of a survey in the offered locale that is nearest to the one asked for."""
    chosen = choose_locale(survey, locale, "")
    phrases = phrases_for(chosen, survey.locale)
    texts = Texts(chosen, survey.locale, phrases, survey.context)
    presentation = survey.presentation
    found: Json = {
        "key": survey.key,
        "version": number,
        "locale": chosen,
        "rtl": is_right_to_left(chosen),
        "language": phrases.locale,
        "title": texts.of(survey.title),
        "button": texts.of(survey.widget and survey.widget.button) or phrases.feedback,
        "intro": texts.of(survey.intro),
        "brand": presentation.brand,
        "endings": [_ending(ending, texts) for ending in survey.endings],
    }
    targeting = _targeting(survey)
    return {
        **{name: value for name, value in found.items() if value},
        **({} if targeting is None else {"widget": targeting}),
        "progress": presentation.show_progress,
        "questions": [question_config(question, texts) for question in survey.questions],
        "look": look_config(presentation.theme),
    }


def phrases_config(language: str) -> dict[str, str]:
    """The words of the interface that the widget uses, in the nearest language there is."""
    phrases = phrases_for(language)
    return {name: str(getattr(phrases, phrase)) for name, phrase in PHRASES.items()}


def _ending(ending: Ending, texts: Texts) -> Json:
    link = safe_link(ending.link)
    label = texts.of(ending.link_label) if link else ""
    found: Json = {
        "key": ending.key,
        "title": texts.of(ending.title),
        "text": texts.of(ending.text),
        "link": link,
        "link_label": label or (urlsplit(link).hostname if link else ""),
        "show_if": ending.show_if and condition_config(ending.show_if),
    }
    return {name: value for name, value in found.items() if value}


def _targeting(survey: Survey) -> Json | None:
    """All of the targeting but its label, which stands at the top of the survey."""
    if survey.widget is None:
        return None
    found: Json = browser_rules(survey.widget)
    found.pop("button", None)
    return found
