"""The page about the widget: its snippets are the playground's, and what it says to run runs."""

from __future__ import annotations

import html
import json
import re
import shlex
import subprocess
import sys
import urllib.request
from html.parser import HTMLParser
from pathlib import Path

import pytest
from served import COMMAND, Served, clean_environ

from harken_server.asking.rules.reasons import MEANINGS
from harken_server.channels.widget.snippets import Choices, Snippet, snippets_for
from harken_server.channels.widget.snippets import Served as ServedWidget
from harken_server.surveys.definition import decode_survey

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "web-widget.md").read_text("utf-8")
TYPES = (ROOT / "widget" / "src" / "types.ts").read_text("utf-8")
KEY = "hk_your_public_key"
SERVED = ServedWidget(
    url="https://feedback.example.com",
    whole="harken-0123456789.js",
    integrity="sha384-…",
    has_logo=True,
)
SURVEY = {
    "key": "after_delivery",
    "title": "Your delivery",
    "touchpoints": ["order.delivered"],
    "questions": [{"type": "nps", "key": "recommend", "text": "Would you recommend us?"}],
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def snippets() -> dict[str, Snippet]:
    return {item.id: item for item in snippets_for(SERVED, Choices(key=KEY), "checkout")}


class Attributes(HTMLParser):
    """Names of all `data-` attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {name for name, _ in attrs if name.startswith("data-")}


@pytest.mark.parametrize("name", ["tag", "element", "gtm"])
def test_what_the_page_shows_is_what_the_playground_writes(snippets, name: str):
    assert f"{snippets[name].code}\n" in blocks("html")


def test_the_pinned_tag_has_the_playgrounds_attributes(snippets):
    (shown,) = (block for block in blocks("html") if "integrity=" in block)

    assert shown.split() == snippets["pinned"].code.split()


def test_the_policy_is_the_playgrounds(snippets):
    assert f"{snippets['policy'].code}\n" in blocks("text")


def test_the_survey_is_sound_and_would_be_in_the_widget():
    for text in blocks("yaml"):
        survey = decode_survey(text.encode(), "yaml")
        assert survey.widget is not None


def test_every_attribute_is_an_option():
    interface = re.search(r"export interface Options \{(.+?)\n\}", TYPES, re.DOTALL)
    assert interface
    known = {f"data-{name}" for name in re.findall(r"^  (\w+)\?:", interface[1], re.MULTILINE)}
    liquid = re.sub(r"\{%.*?%\}", "", "".join(blocks("liquid")))
    written = Attributes("".join(blocks("html")) + liquid).names
    written |= set(re.findall(r"`(data-\w+)[=`]", PAGE))

    assert {"data-key", "data-respondent", "data-memory", "data-debug"} <= written
    assert written - known == {"data-key"}


def test_every_reason_on_the_page_is_one():
    named = re.search(r"The usual ones:\n(.+?)\nA change", PAGE, re.DOTALL)
    assert named
    shown = set(re.findall(r"^- (.+?):", named[1], re.MULTILINE))
    codes = {code for line in shown for code in re.findall(r"`(\w+)`", line)}
    codes |= set(re.findall(r'reason: "(\w+)"', PAGE))

    assert len(codes) >= 8
    assert codes <= set(MEANINGS)


@pytest.mark.processes
def test_a_key_is_made_and_a_queued_survey_reaches_its_person(tmp_path: Path):
    (command,) = blocks("console")
    (code,) = blocks("python")
    server = Served("serve", tmp_path)
    try:
        (manage,) = re.findall(r"hk_\w+", server.printed())
        _post(f"{server.url}/v1/surveys", SURVEY, authorization=f"Bearer {manage}")
        site_key = _made_key(server, manage, command)
        signature = subprocess.run(
            [sys.executable, "-c", f"{code}\nprint(signature)"],
            env=clean_environ(HARKEN_URL=server.url, HARKEN_API_KEY=manage, PYTHONWARNINGS=""),
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip

        queue = _post(
            f"{server.url}/v1/public/widget/queue?key={site_key}",
            {"respondent": "customer-42", "signature": signature},
            origin="https://www.example.com",
        )
    finally:
        server.stop()

    assert [item["survey"]["key"] for item in queue["asked"]] == ["after_delivery"]


def _made_key(server: Served, manage: str, command: str) -> str:
    """The command is understood; its key is made over HTTP, since the server holds the file."""
    arguments = shlex.split(command)
    assert arguments[:3] == ["harken-server", "keys", "create"]
    options = dict(zip(arguments[3::2], arguments[4::2], strict=True))
    helped = subprocess.run(
        [*COMMAND, "keys", "create", "--help"], capture_output=True, text=True, check=True
    )
    assert all(option in helped.stdout for option in options)
    body = {
        "name": options["--name"],
        "scopes": [options["--scope"]],
        "origins": [options["--origin"]],
    }
    return _post(f"{server.url}/v1/keys", body, authorization=f"Bearer {manage}")["key"]


def _post(address: str, body: object, **headers: str) -> dict:
    request = urllib.request.Request(
        address,
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        return json.loads(reply.read())


@pytest.mark.processes
def test_addresses_on_the_page_are_served(tmp_path: Path):
    server = Served("serve", tmp_path)
    try:
        for path in set(re.findall(r"`(/widget/[\w.-]+)`", PAGE)):
            status, _ = server.get(html.unescape(path))
            assert status == 200
    finally:
        server.stop()
