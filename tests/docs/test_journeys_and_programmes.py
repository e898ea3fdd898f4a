"""The pages on journeys and programmes: what they show is taken, and does what they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import Served, clean_environ

import harken
from harken_server.journeys.rules.journeys import decode_journey
from harken_server.programmes.progress import ProgrammeState
from harken_server.surveys.definition import decode_survey

ROOT = Path(__file__).parents[2]
HOW_TO = ROOT / "docs" / "how-to"
SURVEY = {
    "key": "nps",
    "title": "How are we doing?",
    "questions": [{"type": "nps", "key": "recommend", "text": "Would you recommend us?"}],
}


def page(name: str) -> str:
    return (HOW_TO / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.+?)^```$", page(name), re.DOTALL | re.MULTILINE)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[harken.Client]:
    server = Served("serve", tmp_path)
    (key,) = re.findall(r"hk_\w+", server.printed())
    monkeypatch.setenv("HARKEN_URL", server.url)
    monkeypatch.setenv("HARKEN_API_KEY", key)
    monkeypatch.chdir(tmp_path)
    with harken.Client() as made:
        made.surveys.push(SURVEY)
        yield made
    server.stop()


@pytest.mark.processes
def test_the_journey_of_the_page_is_pushed_and_a_built_in_one_loaded(
    client: harken.Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (definition,) = blocks("map-the-journey.md", "yaml")
    (code,) = blocks("map-the-journey.md", "python")
    load, push = blocks("map-the-journey.md", "console")
    (tmp_path / "shop.journey.yaml").write_text(definition, "utf-8")

    names: dict[str, Any] = {}
    exec(compile(code, "map-the-journey.md", "exec"), names)
    names["client"].close()
    environ = clean_environ(
        HARKEN_URL=os.environ["HARKEN_URL"],
        HARKEN_API_KEY=os.environ["HARKEN_API_KEY"],
        PATH=f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    )
    for command in (load, push):
        done = subprocess.run(
            ["/bin/sh", "-ec", command], cwd=tmp_path, env=environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    assert "added $.stages.browsing" in capsys.readouterr().out
    assert [item.key for item in client.journeys.list()] == ["customer_lifecycle", "shop"]
    stages = client.journeys.get("shop").definition["stages"]
    assert stages[1]["touchpoints"][0]["owner"] == "kari@shop.example"


def test_the_table_of_built_in_journeys_is_true() -> None:
    for path in (ROOT / "journey_templates").glob("*.journey.yaml"):
        journey = decode_journey(path.read_bytes(), "yaml")
        stages = ", ".join(stage.title for stage in journey.stages)
        row = f"| `{journey.key}` | {stages} |"
        assert row in page("map-the-journey.md")
        assert row in (ROOT / "docs" / "reference" / "templates.md").read_text("utf-8")


@pytest.mark.processes
def test_the_programmes_of_the_page_are_made_and_followed(
    client: harken.Client, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}
    for code in blocks("relationship-programmes.md", "python"):
        exec(compile(code, "relationship-programmes.md", "exec"), names)
    names["client"].close()

    assert [item.key for item in client.programmes.list()] == ["after_the_move", "nps_quarterly"]
    assert [m.respondent for m in client.programmes.members("nps_quarterly")] == [
        "customer-41", "customer-42",
    ]  # fmt: skip
    assert capsys.readouterr().out.startswith("running 1 ")


def test_the_pulse_of_the_page_is_a_sound_survey() -> None:
    (definition,) = blocks("relationship-programmes.md", "yaml")

    survey = decode_survey(definition.encode(), "yaml")

    assert survey.asking
    assert survey.asking.closes_after == 200
    assert survey.asking.closes_at


@pytest.mark.parametrize("state", ProgrammeState.__args__)
def test_every_state_of_a_programme_is_on_the_page(state: str) -> None:
    assert f"`{state}`" in page("relationship-programmes.md")
