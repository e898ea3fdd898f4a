"""The pages behind a message's links as bytes; none of them has a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from harken_server.channels.email.pages.views import Choice, ChoiceView
from harken_server.channels.email.pages.words import ChoicePhrases, choice_phrases_for
from harken_server.channels.page.documents import Document, content_policy
from harken_server.channels.page.render import page_style
from harken_server.channels.page.wording import wording_of
from harken_server.design.templates import open_templates
from harken_server.surveys.survey import Survey, Theme
from harken_server.surveys.texts import is_right_to_left

_TEMPLATES = Path(__file__).parent / "templates"


class _Option(msgspec.Struct, frozen=True):
    value: Choice
    label: str
    is_chosen: bool


def render_stop(view: ChoiceView) -> Document:
    """The question whether to stop; only the button does it."""
    phrases = choice_phrases_for(view.locale, view.survey.locale)
    return _render("stop.html", phrases, view.survey, title=phrases.stop_title, token=view.token)


def render_stopped(view: ChoiceView) -> Document:
    """It is done; one press takes it back."""
    phrases = choice_phrases_for(view.locale, view.survey.locale)
    return _render(
        "stopped.html", phrases, view.survey, title=phrases.stopped_title, token=view.token
    )


def render_choices(view: ChoiceView) -> Document:
    """All choices, with the one chosen that holds now."""
    phrases = choice_phrases_for(view.locale, view.survey.locale)
    title = wording_of(view.survey, phrases.locale, {}, {}).say(view.survey.title)
    labels: tuple[tuple[Choice, str], ...] = (
        ("all", phrases.ask_all),
        ("not_this", phrases.ask_not_this.replace("{title}", title)),
        ("nothing", phrases.ask_nothing),
    )
    options = [_Option(value, label, value == view.choice) for value, label in labels]
    return _render(
        "choices.html", phrases, view.survey, title=phrases.choices_title, options=options
    )


def render_saved(view: ChoiceView) -> Document:
    """What holds from now on."""
    phrases = choice_phrases_for(view.locale, view.survey.locale)
    said = {
        "all": phrases.saved_all,
        "not_this": phrases.saved_not_this,
        "nothing": phrases.saved_nothing,
    }
    return _render(
        "saved.html", phrases, view.survey, title=phrases.saved_title, text=said[view.choice]
    )


def render_unknown(locale: str) -> Document:
    """The kind page for a link that is forged, damaged or too old."""
    phrases = choice_phrases_for(locale)
    page = _render(
        "unknown.html", phrases, None, title=phrases.unknown_title, text=phrases.unknown_text
    )
    return msgspec.structs.replace(page, status=404)


def _render(template: str, phrases: ChoicePhrases, survey: Survey | None, **parts: Any) -> Document:
    theme = survey.presentation.theme if survey else Theme()
    style = page_style(theme)
    html = (
        open_templates(_TEMPLATES)
        .get_template(template)
        .render(
            locale=phrases.locale,
            direction="rtl" if is_right_to_left(phrases.locale) else "ltr",
            color_scheme="light dark" if theme.scheme == "auto" else theme.scheme,
            brand=survey.presentation.brand if survey else None,
            phrases=phrases,
            style=Markup(style),  # noqa: S704 - built from checked tokens
            **parts,
        )
    )
    return Document(html.encode(), content_policy(style, ""), 200, phrases.locale)
