"""`/u/{token}`: stop the messages, with one request (RFC 8058) or on a page. A GET stops nothing.

No cookie and no login: the signed token says whom it is for, and shows nothing of them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, get_args

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

_TEMPLATES = Path(__file__).parent / "templates"
_CHOICES: frozenset[str] = frozenset(get_args(Preference))


class Stopping(msgspec.Struct, kw_only=True, frozen=True):
    """Whom a link that stops messages is for, and what its pages show."""

    runtime: Runtime
    recipient: Recipient
    survey: Survey
    language: str
    token: str
    """Of the page's own address; links between the pages need it."""

    @property
    def words(self) -> MailWords:
        """What the pages say."""
        return MAIL_WORDS.of(self.language)

    async def choose(self, preference: Preference) -> None:
        """Keep what the person lets us ask from now on."""
        await set_preference(self.runtime, self.recipient, preference)

    async def holds(self) -> Preference:
        """What the person lets us ask now."""
        return await read_preference(self.runtime.db, self.recipient)


async def _open(arrival: Arrival) -> Stopping | None:
    """Only guesses are limited: a mail provider stops messages for many people from one address."""
    runtime, token = arrival.runtime, arrival.piece("token")
    found = await find_recipient(runtime, token)
    if found is None:
        admit(runtime, arrival.scope)
        return None
    invitation = found.invitation
    loaded = await runtime.of(Catalog).by_id(invitation.workspace_id, invitation.survey_id)
    default = loaded.survey.locale
    locale = invitation.locale or _browser_locale(arrival) or default
    return Stopping(
        runtime=runtime,
        recipient=found,
        survey=loaded.survey,
        language=nearest_language(locale, default),
        token=token,
    )


def _refuse(arrival: Arrival) -> Document:
    """The kind page for a link that is forged, damaged or too old."""
    locale = _browser_locale(arrival) or "en"
    words = MAIL_WORDS.of(locale)
    said = {"title": words.link_unknown_title, "text": words.link_unknown_text}
    return _render("unknown", nearest_language(locale), None, 404, **said)


def _browser_locale(arrival: Arrival) -> str:
    return next(iter(preferred_locales(arrival.header("accept-language") or "")), "")


_page = partial(page, reader=Reader(_open, _refuse))


@_page("/u/{token:str}")
async def ask_to_stop(stopping: Stopping) -> Document:
    """The question; only its button stops anything."""
    return _titled("stop", stopping)


@_page("/u/{token:str}", method="POST")
async def stop(stopping: Stopping) -> Document:
    """Stops all messages to the person at once, whatever the body says; one press undoes it."""
    await stopping.choose("nothing")
    return _titled("stopped", stopping)


@_page("/u/{token:str}/preferences")
async def show_preferences(stopping: Stopping) -> Document:
    """What the person lets us ask, with the choice made that holds now."""
    words, holds = stopping.words, await stopping.holds()
    title = wording_of(stopping.survey, stopping.language, {}, {}).say(stopping.survey.title)
    labels: dict[Preference, str] = {
        "all": words.ask_all,
        "not_this": words.ask_not_this.replace("{title}", title),
        "nothing": words.ask_nothing,
    }
    options = [
        {"value": value, "label": label, "is_chosen": value == holds}
        for value, label in labels.items()
    ]
    return _titled("choices", stopping, options=options)


@_page("/u/{token:str}/preferences", method="POST")
async def save_preferences(stopping: Stopping, body: bytes) -> Document:
    """What the person lets us ask from now on."""
    await stopping.choose(_read_choice(body))
    words = stopping.words
    said: dict[Preference, str] = {
        "all": words.saved_all,
        "not_this": words.saved_not_this,
        "nothing": words.saved_nothing,
    }
    return _titled("saved", stopping, text=said[await stopping.holds()])


def _read_choice(body: bytes) -> Preference:
    chosen = first_value(read_form(body), "choice")
    if chosen not in _CHOICES:
        message = f"`choice` must be one of {', '.join(sorted(_CHOICES))}."
        raise BadRequestError(
            message, code="bad_choice", status=422, problems=(Problem("$.choice", "enum", message),)
        )
    return msgspec.convert(chosen, Preference)


def _titled(name: str, stopping: Stopping, **parts: Any) -> Document:
    """The page of this name; its title is among the words under the same name."""
    title: str = getattr(stopping.words, f"{name}_title")
    parts |= {"title": title, "token": stopping.token}
    return _render(name, stopping.language, stopping.survey, **parts)


def _render(
    name: str, language: str, survey: Survey | None, status: int = 200, **parts: Any
) -> Document:
    theme = survey.presentation.theme if survey else Theme()
    style = page_style(theme)
    html = render_template(
        _TEMPLATES,
        f"{name}.html",
        locale=language,
        direction="rtl" if is_right_to_left(language) else "ltr",
        color_scheme="light dark" if theme.scheme == "auto" else theme.scheme,
        brand=survey.presentation.brand if survey else None,
        phrases=MAIL_WORDS.of(language),
        style=Markup(style),  # noqa: S704 - built from checked tokens
        **parts,
    )
    return Document(html.encode(), content_policy(style, ""), status, language)
