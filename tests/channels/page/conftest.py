"""A visitor without JavaScript, and the whole application on both engines to visit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import httpx
import msgspec
import pytest
from api_client import NOW, Api, FakeClock

from harken_server.app import create_app, open_runtime
from harken_server.channels.page.render import render_question_page
from harken_server.channels.page.views import PageView
from harken_server.configuration import load_settings
from harken_server.http.pages import Document
from harken_server.http.runtime import Runtime
from harken_server.surveys.logic.paging import plan_page
from harken_server.surveys.survey import Survey

SURVEY: dict[str, Any] = {
    "key": "stay",
    "title": {"en": "Your stay", "de": "Ihr Aufenthalt"},
    "locales": ["de"],
    "touchpoints": ["stay.ended"],
    "context": {"guest": "dear guest"},
    "presentation": {"pages": "question", "brand": "Fjord Hotels"},
    "questions": [
        {"type": "nps", "key": "recommend", "text": "Recommend us, {{context.guest}}?",
         "required": True},
        {"type": "long_text", "key": "why", "text": "You said {{answer.recommend}}. Why?",
         "show_if": {"op": "at_most", "answer": "recommend", "value": 6}},
        {"type": "multiple_choice", "key": "used", "text": "What did you use?", "other": "Other",
         "choices": [{"value": "spa", "label": "Spa"}, {"value": "gym", "label": "Gym"}]},
        {"type": "consent", "key": "ok", "text": "Contact?", "label": "Yes, please"},
    ],
    "endings": [{"key": "thanks", "title": "Thank you, truly", "text": "We reply in a day.",
                 "link": "https://example.com/home", "link_label": "Home"}],
}  # fmt: skip


class FormReader(HTMLParser):
    """What a browser would send for a page, and the page's visible text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.fields: dict[str, list[str]] = {}
        self.text = ""
        self._select = self._area = ""
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = dict(attrs)
        self.tags.append((tag, have))
        name, value = have.get("name") or "", have.get("value") or ""
        if tag in {"style", "script"}:
            self._silent += 1
        if tag == "input" and (have.get("type") not in {"radio", "checkbox"} or "checked" in have):
            self.fields.setdefault(name, []).append(value)
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in have:
            self.fields[self._select] = [value]
        if tag == "textarea":
            self._area = name
            self.fields[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"style", "script"}:
            self._silent -= 1
        if tag == "textarea":
            self.fields[self._area] = [self.fields[self._area][0].removeprefix("\n")]
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area][0] += data
        if not self._silent:
            self.text += data

    def all_of(self, tag: str) -> list[dict[str, str | None]]:
        return [have for name, have in self.tags if name == tag]


class Visitor:
    """Opens links and sends forms like a browser with JavaScript off."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.reply: httpx.Response
        self.path = ""

    async def open(self, path: str, **headers: str) -> FormReader:
        self.path = path
        self.reply = await self.http.get(path, headers=headers)
        return self.page

    @property
    def page(self) -> FormReader:
        return FormReader(self.reply.text)

    async def send(self, go: str = "next", **answers: Any) -> FormReader:
        """Fill the form in and press a button."""
        fields: dict[str, Any] = {name: list(values) for name, values in self.page.fields.items()}
        fields.update({f"a_{key}": value for key, value in answers.items()})
        await self.post(fields | {"go": go})
        return self.page

    async def post(self, fields: dict[str, Any]) -> httpx.Response:
        """Send the form of the page to where it goes, by its own address unless it says so."""
        form = next(iter(self.page.all_of("form")), {})
        self.path = urljoin(self.path, form.get("action") or "")
        self.reply = await self.http.post(self.path, data=fields)
        return self.reply


@pytest.fixture
def read_page() -> Callable[[str], FormReader]:
    return FormReader


@pytest.fixture
def page_of() -> Callable[..., Document]:
    """Renders one page of a definition without any server."""

    def render(definition: dict[str, Any], locale: str = "en", **parts: Any) -> Document:
        survey = msgspec.convert(definition, Survey)
        answers, context = parts.pop("answers", {}), parts.pop("context", {})
        after = parts.pop("after", "")
        view = PageView(
            survey=survey, number=1, locale=locale, form_id=str(uuid4()), after=after,
            page=plan_page(survey, answers, context, after),
            answers=answers, context=context, **parts,
        )  # fmt: skip
        return render_question_page(view)

    return render


@pytest.fixture
async def runtime(database_url: str, tmp_path: Path) -> AsyncIterator[Runtime]:
    settings = load_settings(
        {
            "HARKEN_DATABASE_URL": database_url,
            "HARKEN_DATA_DIR": str(tmp_path / "data"),
            "HARKEN_PUBLIC_URL": "https://feedback.example.com",
        }
    )
    async with open_runtime(settings, clock=FakeClock(NOW), is_migrating=False) as opened:
        yield opened


@pytest.fixture
async def api(runtime: Runtime) -> AsyncIterator[Api]:
    """The keyed API of the application, with the survey published."""
    transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=True)
    clock = runtime.clock
    assert isinstance(clock, FakeClock)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        opened = Api(runtime, http, clock)
        http.headers["authorization"] = f"Bearer {await opened.key('manage')}"
        reply = await opened.push(SURVEY)
        assert reply.status_code == 201, reply.text
        yield opened


@pytest.fixture
async def visitor(api: Api) -> AsyncIterator[Visitor]:
    transport = httpx.ASGITransport(create_app(api.runtime), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Visitor(http)


@pytest.fixture
def responses_of(api: Api) -> Callable[[], Any]:
    """All responses stored for the survey."""

    async def read() -> list[dict[str, Any]]:
        reply = await api.http.get("/v1/surveys/stay/responses")
        assert reply.status_code == 200, reply.text
        return reply.json()["responses"]

    return read
