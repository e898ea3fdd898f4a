"""`/u/{token}`: stop the messages, with one request (RFC 8058) or on a page. A GET stops nothing.

No cookie and no login: the signed token says whom it is for, and shows nothing of them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec
from markupsafe import Markup

from harken_server.channels.email.preferences import (
    Preference,
    Recipient,
    find_recipient,
    read_preference,
    set_preference,
)
from harken_server.channels.email.words import MAIL_WORDS, MailWords
from harken_server.channels.page.documents import content_policy
from harken_server.channels.page.forms import first_value, read_form
from harken_server.channels.page.render import page_style
from harken_server.channels.page.wording import preferred_locales, wording_of
from harken_server.design.templates import render_template
from harken_server.http.declared import Arrival
from harken_server.http.pages import Document, Reader, page
from harken_server.http.problems import BadRequestError
from harken_server.http.runtime import Runtime, admit
from harken_server.kernel.errors import Problem
from harken_server.kernel.languages import is_right_to_left, nearest_language
from harken_server.surveys.catalog import Catalog
from harken_server.surveys.survey import Survey, Theme

_CHOICES: frozenset[str] = frozenset(get_args(Preference))


class Stopping(NamedTuple):
    """Whom a link that stops messages is for, and what its pages show."""

    runtime: Runtime
    recipient: Recipient
    view: ChoiceView

    async def choose(self, preference: Preference) -> None:
        """Keep what the person lets us ask from now on."""
        await set_preference(self.runtime, self.recipient, preference)


async def _open(arrival: Arrival) -> Stopping | None:
    """Only guesses are limited: a mail provider stops messages for many people from one address."""
    runtime, token = arrival.runtime, arrival.piece("token")
    found = await find_recipient(runtime, token)
    if found is None:
        admit(runtime, arrival.scope)
        return None
    invitation = found.invitation
    loaded = await runtime.of(Catalog).by_id(invitation.workspace_id, invitation.survey_id)
    view = ChoiceView(
        survey=loaded.survey,
        locale=invitation.locale or _browser_locale(arrival) or loaded.survey.locale,
        token=token,
        choice=await read_preference(runtime.db, found),
    )
    return Stopping(runtime, found, view)


def _refuse(arrival: Arrival) -> Document:
    return render_unknown(_browser_locale(arrival) or "en")


def _browser_locale(arrival: Arrival) -> str:
    return next(iter(preferred_locales(arrival.header("accept-language") or "")), "")


_page = partial(page, reader=Reader(_open, _refuse))


@_page("/u/{token:str}")
async def ask_to_stop(stopping: Stopping) -> Document:
    """The question; only its button stops anything."""
    return render_stop(stopping.view)


@_page("/u/{token:str}", method="POST")
async def stop(stopping: Stopping) -> Document:
    """Stops all messages to the person at once, whatever the body says."""
    await stopping.choose("nothing")
    return render_stopped(stopping.view)


@_page("/u/{token:str}/preferences")
async def show_preferences(stopping: Stopping) -> Document:
    """What the person lets us ask."""
    return render_choices(stopping.view)


@_page("/u/{token:str}/preferences", method="POST")
async def save_preferences(stopping: Stopping, body: bytes) -> Document:
    """What the person lets us ask from now on."""
    await stopping.choose(_read_choice(body))
    holds = await read_preference(stopping.runtime.db, stopping.recipient)
    return render_saved(msgspec.structs.replace(stopping.view, choice=holds))


def _read_choice(body: bytes) -> Preference:
    chosen = first_value(read_form(body), "choice")
    if chosen not in _CHOICES:
        message = f"`choice` must be one of {', '.join(sorted(_CHOICES))}."
        raise BadRequestError(
            message, code="bad_choice", status=422, problems=(Problem("$.choice", "enum", message),)
        )
    return msgspec.convert(chosen, Preference)


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
    html = render_template(
        _TEMPLATES,
        template,
        locale=language,
        direction="rtl" if is_right_to_left(language) else "ltr",
        color_scheme="light dark" if theme.scheme == "auto" else theme.scheme,
        brand=survey.presentation.brand if survey else None,
        phrases=MAIL_WORDS.of(language),
        style=Markup(style),  # noqa: S704 - built from checked tokens
        **parts,
    )
    return Document(html.encode(), content_policy(style, ""), 200, language)
