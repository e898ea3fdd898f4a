"""Surveys to send, and a reader of what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest
from api_client import Api
from every_type import TYPES, asked
from mail_hook_office import Office
from mail_visitors import Inbox

from harken_server.channels.email.message.render import render_invitation_mail
from harken_server.channels.email.message.views import MailDocument, MailView
from harken_server.surveys.survey import Survey

TEXTS: dict[str, dict[str, str]] = {
    "title": {"en": "Your stay", "de": "Ihr Aufenthalt", "ar": "إقامتك"},
    "intro": {
        "en": "Dear {{context.guest}},\nthank you for staying with us.",
        "de": "Guten Tag {{context.guest}},\ndanke für Ihren Besuch.",
        "ar": "{{context.guest}}\nشكرًا لإقامتك معنا.",  # noqa: RUF001
    },
    "question": {
        "en": "How likely are you to recommend us to a friend or colleague?",
        "de": "Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?",
        "ar": "ما مدى احتمال أن توصي بنا لصديق أو زميل؟",
    },
}
NPS = {"type": "nps", "key": "recommend", "text": TEXTS["question"]}
QUESTIONS: dict[str, dict[str, Any]] = {kind: asked(kind) for kind in TYPES} | {
    "nps": NPS,
    "stars": {"type": "csat", "key": "q", "style": "star", "text": "How was your stay?"},
    "smileys": {"type": "rating", "key": "q", "style": "smiley", "text": "How was breakfast?"},
    "thumbs": {"type": "rating", "key": "q", "style": "thumbs", "high": 2, "text": "Helpful?"},
    "eleven": {
        "type": "rating", "key": "q", "low": 0, "high": 10, "style": "number", "text": "How?",
    },
    "choices": {
        "type": "single_choice", "key": "q", "text": "Why did you come?", "other": "Other",
        "choices": [{"value": "work", "label": "Work"}, {"value": "fun", "label": "Holiday"}],
    },
    "pair": {
        "type": "single_choice", "key": "q", "text": "Did you find it?",
        "choices": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
    },
}  # fmt: skip
VOID = {"meta", "br", "img", "input", "link", "hr"}


class MailReader(HTMLParser):
    """Elements of a message in order, with the styles they carry, and whether tags balance."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.text = ""
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in {"style", "title"}:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def all_of(self, tag: str) -> list[dict[str, str]]:
        return [have for name, have in self.tags if name == tag]

    def style_of(self, have: dict[str, str]) -> dict[str, str]:
        parts = (part.partition(":") for part in have.get("style", "").split(";") if part)
        return {name.strip(): value.strip() for name, _, value in parts}


def make_survey(question: dict[str, Any] = NPS, **changes: Any) -> Survey:
    definition = {
        "key": "stay",
        "title": TEXTS["title"],
        "intro": TEXTS["intro"],
        "locales": ["de", "ar"],
        "context": {"guest": "guest"},
        "presentation": {"brand": "Fjord Hotels"},
        "questions": [question],
    }
    return msgspec.convert(definition | changes, Survey)


@pytest.fixture
def survey_of() -> Callable[..., Survey]:
    return make_survey


@pytest.fixture
def mail_of() -> Callable[..., MailDocument]:
    """Renders the message of a question, or of a whole survey given by `survey`."""

    def render(question: dict[str, Any] = NPS, locale: str = "en", **parts: Any) -> MailDocument:
        survey = parts.pop("survey", None) or make_survey(question)
        given: dict[str, Any] = {
            "code": "ABCDEFGHJKMNP",
            "public_url": "https://feedback.example.com",
            "unsubscribe_url": "https://feedback.example.com/u/token",
        }
        return render_invitation_mail(MailView(survey=survey, locale=locale, **(given | parts)))

    return render


@pytest.fixture
def read_mail() -> Callable[[str], MailReader]:
    return MailReader


@pytest.fixture(params=sorted(QUESTIONS))
def question(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each kind of first question."""
    return QUESTIONS[request.param]


@pytest.fixture
def questions() -> dict[str, dict[str, Any]]:
    """Each kind of first question by name."""
    return QUESTIONS


@pytest.fixture
async def inbox(live: Api) -> Inbox:
    return Inbox(live)


@pytest.fixture
async def office(live: Api) -> Office:
    inbox = Inbox(live)
    invitation = await inbox.invite()
    await inbox.hand_over(invitation, at=live.clock() - timedelta(hours=1))
    reply = await live.http.post("/v1/mail/hooks")
    assert reply.status_code == 200, reply.text
    hooks = {hook["provider"]: hook["url"] for hook in reply.json()["hooks"]}
    return Office(live, invitation, hooks)
