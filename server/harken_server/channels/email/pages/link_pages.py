"""The pages behind a message's links as bytes; none of them has a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from harken_server.channels.email.preferences import Preference
from harken_server.channels.email.words import MAIL_WORDS, MailWords
from harken_server.channels.page.documents import content_policy
from harken_server.channels.page.render import page_style
from harken_server.channels.page.wording import wording_of
from harken_server.design.templates import open_templates
from harken_server.http.pages import Document
from harken_server.kernel.languages import is_right_to_left, nearest_language
from harken_server.surveys.survey import Survey, Theme

_TEMPLATES = Path(__file__).parent / "templates"


class ChoiceView(msgspec.Struct, kw_only=True, frozen=True):
    """Everything one of these pages depends on."""

    survey: Survey
    locale: str
    token: str
    """Of the page's own address; links between the pages need it."""
    choice: Preference = "all"
    """What holds now."""


class _Option(msgspec.Struct, frozen=True):
    value: Preference
    label: str
    is_chosen: bool


def render_stop(view: ChoiceView) -> Document:
    """The question whether to stop; only the button does it."""
    return _render_for(view, "stop", token=view.token)


def render_stopped(view: ChoiceView) -> Document:
    """It is done; one press takes it back."""
    return _render_for(view, "stopped", token=view.token)


def render_choices(view: ChoiceView) -> Document:
    """All choices, with the one chosen that holds now."""
    language, words = _words(view)
    title = wording_of(view.survey, language, {}, {}).say(view.survey.title)
    labels: dict[Preference, str] = {
        "all": words.ask_all,
        "not_this": words.ask_not_this.replace("{title}", title),
        "nothing": words.ask_nothing,
    }
    options = [_Option(value, label, value == view.choice) for value, label in labels.items()]
    return _render_for(view, "choices", options=options)


def render_saved(view: ChoiceView) -> Document:
    """What holds from now on."""
    _, words = _words(view)
    said: dict[Preference, str] = {
        "all": words.saved_all,
        "not_this": words.saved_not_this,
        "nothing": words.saved_nothing,
    }
    return _render_for(view, "saved", text=said[view.choice])


def render_unknown(locale: str) -> Document:
    """The kind page for a link that is forged, damaged or too old."""
    words = MAIL_WORDS.of(locale)
    page = _render(
        "unknown.html",
        nearest_language(locale),
        None,
        title=words.link_unknown_title,
        text=words.link_unknown_text,
    )
    return msgspec.structs.replace(page, status=404)


def _words(view: ChoiceView) -> tuple[str, MailWords]:
    language = nearest_language(view.locale, view.survey.locale)
    return language, MAIL_WORDS.of(language)


def _render_for(view: ChoiceView, name: str, **parts: Any) -> Document:
    """The page of this name; its title is among the words under the same name."""
    language, words = _words(view)
    title: str = getattr(words, f"{name}_title")
    return _render(f"{name}.html", language, view.survey, title=title, **parts)


def _render(template: str, language: str, survey: Survey | None, **parts: Any) -> Document:
    theme = survey.presentation.theme if survey else Theme()
    style = page_style(theme)
    html = (
        open_templates(_TEMPLATES)
        .get_template(template)
        .render(
            locale=language,
            direction="rtl" if is_right_to_left(language) else "ltr",
            color_scheme="light dark" if theme.scheme == "auto" else theme.scheme,
            brand=survey.presentation.brand if survey else None,
            phrases=MAIL_WORDS.of(language),
            style=Markup(style),  # noqa: S704 - built from checked tokens
            **parts,
        )
    )
    return Document(html.encode(), content_policy(style, ""), 200, language)
