"""HTML to paste into one's own mail service: the first question, with that service's merge tags.

Two ways to tell recipients apart. `links`: each has a personal link made beforehand, which comes
with the list of recipients (`POST /v1/surveys/{key}/links`). `rid`: the service writes an id of its
own into a link that anyone could write as well; answers are kept as unverified, one for each id.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias
from urllib.parse import quote

import msgspec
from markupsafe import Markup, escape

from harken_server.channels.email.message.colours import mail_theme
from harken_server.channels.email.message.first_question import first_question, mail_question
from harken_server.channels.email.message.render import question_parts
from harken_server.channels.email.message.views import AnswerLink, MailLinks, MailQuestion
from harken_server.channels.email.words import MAIL_WORDS
from harken_server.channels.page.forms import PREFIX
from harken_server.channels.page.wording import wording_of
from harken_server.design.templates import render_template
from harken_server.surveys.questions.types import Question
from harken_server.surveys.survey import Survey

ProviderKey: TypeAlias = Literal[
    "plain", "mailchimp", "hubspot", "customerio", "klaviyo", "sendgrid", "postmark", "brevo"
]
SnippetWay: TypeAlias = Literal["links", "rid"]
_FOLDER = Path(__file__).parent


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """One mail service."""

    key: ProviderKey
    name: str
    column: str
    """Column of the file of personal links, and name of the recipient's field it fills."""
    link: str
    """Merge tag of the personal link."""
    respondent: str
    """Merge tag of a lasting id of the recipient, URL-encoded where the service can do that."""
    is_encoded: bool
    """Whether the id arrives URL-encoded; else it must consist of letters, digits, - and _."""
    source: str = ""
    """Where the form of its merge tags was read; empty when it is not confirmed."""
    unconfirmed: str = ""
    """What of it nobody has confirmed yet; empty when all is."""


class _Steps(msgspec.Struct, frozen=True):
    """What is done with a snippet, in sentences with fields of its provider in braces."""

    links: tuple[str, ...]
    rid: tuple[str, ...]
    encoded: str
    not_encoded: str
    unconfirmed: str
    test: str


class _Known(msgspec.Struct, frozen=True):
    providers: tuple[Provider, ...]
    steps: _Steps


_KNOWN = msgspec.json.decode((_FOLDER / "providers.json").read_bytes(), type=_Known)
PROVIDERS = {provider.key: provider for provider in _KNOWN.providers}

_TEMPLATE_SIGNS = "{}|%[]*$"
"""Signs that begin a tag in some mail service."""
_AS_REFERENCES = {ord(sign): f"&#{ord(sign)};" for sign in _TEMPLATE_SIGNS}


class SnippetView(msgspec.Struct, kw_only=True, frozen=True):
    """Everything a snippet depends on."""

    survey: Survey
    locale: str
    survey_url: str
    """The survey's public page."""
    provider: Provider
    way: SnippetWay


class Snippet(msgspec.Struct, kw_only=True, frozen=True):
    """What to paste, and what to do."""

    html: str
    steps: tuple[str, ...]


def render_snippet(view: SnippetView) -> Snippet:
    """The question's table for one mail service; complete, nothing from elsewhere."""
    survey = view.survey
    question = first_question(survey, {})
    links = _links(view, question)
    shown = mail_question(question, wording_of(survey, view.locale, {}, {}), links)
    theme = mail_theme(survey.presentation.theme)
    phrases = MAIL_WORDS.of(view.locale, survey.locale)
    page, trap = Markup(links.page), Markup(links.trap)  # noqa: S704 - our own tags, escaped below
    parts = question_parts(_inert(shown), theme, phrases, view.locale, page)
    html = render_template(_FOLDER / "templates", "snippet.html", **parts, trap_url=trap)
    return Snippet(html=html, steps=_steps(view))


def _links(view: SnippetView, question: Question | None) -> MailLinks:
    """The addresses with the merge tag in them, ready for an attribute."""
    provider = view.provider
    if view.way == "links":
        tag = provider.link
        return MailLinks(page=tag, answer=f"{tag}?a=", trap=f"{tag}/x")
    page = f"{escape(view.survey_url)}?rid={provider.respondent}"
    name = quote(PREFIX + question.key) if question else ""
    return MailLinks(page=page, answer=f"{page}&amp;{name}=")


def _inert(question: MailQuestion) -> MailQuestion:
    """The same with texts that no mail service takes for tags, and addresses left as they are."""
    return question._replace(
        text=_guarded(question.text),
        help=_guarded(question.help),
        low_label=_guarded(question.low_label),
        high_label=_guarded(question.high_label),
        answers=tuple(_inert_answer(answer) for answer in question.answers),
    )


def _inert_answer(answer: AnswerLink) -> AnswerLink:
    return answer._replace(
        label=_guarded(answer.label),
        spoken=_guarded(answer.spoken),
        url=Markup(answer.url),  # noqa: S704 - escaped when it was put together
    )


def _guarded(text: str) -> Markup:
    return Markup(str(escape(text)).translate(_AS_REFERENCES))  # noqa: S704 - escaped just here


def _steps(view: SnippetView) -> tuple[str, ...]:
    provider, steps = view.provider, _KNOWN.steps
    said = msgspec.structs.asdict(provider) | {
        "survey": view.survey.key,
        "encoding": steps.encoded if provider.is_encoded else steps.not_encoded,
    }
    way = steps.links if view.way == "links" else steps.rid
    doubt = steps.unconfirmed if provider.unconfirmed else ""
    return tuple(step.format_map(said) for step in (*way, doubt + steps.test))
