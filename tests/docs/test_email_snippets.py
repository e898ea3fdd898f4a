"""The page about asking in one's own e-mails: its commands run, and its table is the code's."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from pathlib import Path

import pytest
from served import Served, clean_environ

import harken
from harken_server.channels.email.message.snippets import PROVIDERS

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "email-snippets.md").read_text("utf-8")
SURVEY = {
    "key": "post_purchase",
    "title": "Your order",
    "locales": ["de"],
    "questions": [
        {"type": "nps", "key": "recommend", "text": {"en": "Recommend us?", "de": "Empfehlen?"}}
    ],
}


@pytest.mark.processes
def test_the_commands_lead_from_a_list_to_a_snippet(tmp_path: Path) -> None:
    preview, links, snippet = re.findall(r"^```console\n(.+?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    server = Served("serve", tmp_path)
    try:
        (key,) = re.findall(r"hk_\w+", server.printed())
        with harken.Client(server.url, key) as client:
            client.surveys.push(SURVEY)
        environ = clean_environ(HARKEN_URL=server.url, HARKEN_API_KEY=key)

        def run(command: str) -> str:
            done = subprocess.run(
                ["/bin/sh", "-c", command], cwd=tmp_path, env=environ,
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            return done.stdout

        assert "/mail-preview/post_purchase?token=" in json.loads(run(preview))["preview_url"]
        run(links)
        made = json.loads(run(snippet))
    finally:
        server.stop()

    with (tmp_path / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["respondent", "SURVEY_LINK", "code", "expires_at", "reason"]
    assert [row["respondent"] for row in rows] == ["c-1017", "c-1018"]
    assert made["column"] == "SURVEY_LINK"
    assert 'href="{{ contact.SURVEY_LINK }}?a=10"' in made["html"]


def test_the_table_of_merge_tags_is_the_codes() -> None:
    lines = re.findall(r"^\| `(\w+)` \| `(.+?)` \| `(.+?)` \| (.+?) \|$", PAGE, re.MULTILINE)

    listed = {line[0]: tuple(cell.replace("\\|", "|") for cell in line[1:3]) for line in lines}
    assert listed == {
        provider.key: (provider.link, provider.respondent) for provider in PROVIDERS.values()
    }
    unsure = {line[0] for line in lines if "not confirmed" in line[3]}
    assert unsure == {key for key, provider in PROVIDERS.items() if provider.unconfirmed}
