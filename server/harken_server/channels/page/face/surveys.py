"""What a script is told of a survey: the type `Survey` of widget/src/types.ts.

Every field is named here, so that nothing of a definition becomes public by itself. Texts are
those of one locale, placeholders left in; what equals its default is left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from harken_server.channels.page.face.questions import condition_config, question_config
from harken_server.channels.page.render import safe_link
from harken_server.channels.page.themes import theme_tokens
from harken_server.channels.page.wording import Texts, choose_locale, texts_of
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.kernel.languages import is_right_to_left, nearest_language
from harken_server.kernel.local.numbers import signs_of
from harken_server.surveys.logo import LogoFile, logo_file
from harken_server.surveys.survey import Ending, Survey, Theme

Json: TypeAlias = dict[str, Any]
PHRASES = {
    **{
        name: name
        for name in (
            "back", "close", "next", "not_accepted", "other_text", "place",
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
"""What a script says, and the phrase it says it with. Refusals go by the server's own code."""


def survey_config(
    survey: Survey, number: int, locale: str, *, targeting: Json | None = None
) -> Json:
    """One version of a survey in the offered locale that is nearest to the one asked for.

    `targeting` says when a web page shows it; other faces have none.
    """
    chosen = choose_locale(survey, locale, "")
    texts = texts_of(survey, chosen)
    presentation = survey.presentation
    found: Json = {
        "key": survey.key,
        "version": number,
        "locale": chosen,
        "rtl": is_right_to_left(chosen),
        "signs": _signs(chosen),
        "language": nearest_language(chosen, survey.locale),
        "title": texts.say(survey.title),
        "button": texts.say(survey.widget and survey.widget.button) or texts.phrases.feedback,
        "intro": texts.say(survey.intro),
        "brand": presentation.brand,
        "endings": [_ending(ending, texts) for ending in survey.endings],
    }
    return {
        **{name: value for name, value in found.items() if value},
        **({} if targeting is None else {"widget": targeting}),
        "progress": presentation.show_progress,
        "questions": [question_config(question, texts) for question in survey.questions],
        "look": look_config(presentation.theme),
    }


def phrases_config(language: str) -> dict[str, str]:
    """The words of the interface that the widget uses, in the nearest language there is."""
    phrases = PAGE_WORDS.of(language)
    return {name: str(getattr(phrases, phrase)) for name, phrase in PHRASES.items()}


def look_config(theme: Theme) -> dict[str, str]:
    """Custom properties for the shape and for each scheme, and where the logo is."""
    return dict(_look(theme))


def logo_path(logo: LogoFile) -> str:
    """Path of a logo below the server's address."""
    return f"/widget/logo/{logo.name}"


def _signs(locale: str) -> str:
    """The decimal sign of the locale and what parts thousands; nothing for those of English."""
    signs = "".join(signs_of(locale))
    return signs if signs != ".," else ""


def _ending(ending: Ending, texts: Texts) -> Json:
    link = safe_link(ending.link)
    label = texts.say(ending.link_label) if link else ""
    found: Json = {
        "key": ending.key,
        "title": texts.say(ending.title),
        "text": texts.say(ending.text),
        "link": link,
        "link_label": label or (urlsplit(link).hostname if link else ""),
        "show_if": ending.show_if and condition_config(ending.show_if),
    }
    return {name: value for name, value in found.items() if value}


@lru_cache(maxsize=512)
def _look(theme: Theme) -> dict[str, str]:
    look = dict(theme_tokens(theme)._asdict())
    if theme.scheme != "auto":
        look["scheme"] = theme.scheme
    if (logo := logo_file(theme)) is not None:
        look["logo"] = logo_path(logo)
    return look
