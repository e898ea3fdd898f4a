"""What Harken sends to the outside is, byte for byte, what was recorded.

`HARKEN_TEST_RECORD=1 pytest tests/golden` records anew, on SQLite; look at the difference before it
is committed. The same record holds for PostgreSQL. Each file of `recorded` is one scenario of
`golden_scenarios.SCENARIOS`, which has a database, a clock and dice of its own: a request more in
one of them changes that file alone.
"""

from __future__ import annotations

import asyncio
import difflib
import os
import re
import shutil
from pathlib import Path

import pytest
from golden_scenarios import SCENARIOS, Scenario
from golden_stage import open_stage

from harken_server.database.migrate import migrate

RECORDED = Path(__file__).with_name("recorded")
IS_RECORDING = bool(os.environ.get("HARKEN_TEST_RECORD"))
MOST_LINES = 120
OF_THE_HOUSE = (
    "/console", "/design", "/sign-in", "/sign-out", "/set-up", "/join", "/reset", "/guest",
)  # fmt: skip
"""Pages that change with every word and colour: their own tests look at them."""
HOW = "HARKEN_TEST_RECORD=1 pytest tests/golden"


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("golden") / "migrated.sqlite3"
    asyncio.run(migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """A migrated SQLite file, in a moment."""
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'harken.sqlite3')}"


STORED = [each for each in SCENARIOS if each.is_stored]
APART = [each for each in SCENARIOS if not each.is_stored]


@pytest.mark.parametrize("scenario", STORED, ids=lambda scenario: scenario.name)
async def test_everything_is_sent_as_it_was_recorded(
    scenario: Scenario, engine_name: str, database_url: str, tmp_path: Path
) -> None:
    text = await play(scenario, database_url, tmp_path)
    compare(f"{scenario.name}.txt", text, is_first=engine_name == "sqlite")


@pytest.mark.parametrize("scenario", APART, ids=lambda scenario: scenario.name)
async def test_everything_is_printed_as_it_was_recorded(
    scenario: Scenario, sqlite_url: str, tmp_path: Path
) -> None:
    compare(f"{scenario.name}.txt", await play(scenario, sqlite_url, tmp_path), is_first=True)


async def test_every_route_has_a_recorded_exchange_that_went_well(
    sqlite_url: str, tmp_path: Path
) -> None:
    async with open_stage("routes", sqlite_url, tmp_path, {}) as stage:
        routes = {
            (method, path)
            for method, path in stage.paths
            if method != "OPTIONS" and not path.startswith(OF_THE_HOUSE)
        }
    seen = {
        (method, route_of(method, path, routes))
        for file in RECORDED.glob("*.txt")
        for method, path, status in exchanges(file.read_text("utf-8"))
        if status < 400
    }
    assert sorted(routes - seen) == []


def test_every_recorded_file_belongs_to_a_scenario() -> None:
    assert {file.stem for file in RECORDED.iterdir()} == {each.name for each in SCENARIOS}


async def play(scenario: Scenario, database_url: str, folder: Path) -> str:
    """What the scenario writes down when it is played now."""
    async with open_stage(scenario.name, database_url, folder, scenario.settings) as stage:
        await scenario.play(stage)
        return stage.book.text()


def compare(name: str, text: str, *, is_first: bool) -> None:
    """Fail with the difference from the recorded file; when recording, write it first."""
    file = RECORDED / name
    if IS_RECORDING and is_first:
        file.write_text(text, "utf-8", newline="\n")
    recorded = file.read_text("utf-8") if file.exists() else ""
    if text == recorded:
        return
    lines = list(
        difflib.unified_diff(
            recorded.split("\n"), text.split("\n"), f"recorded/{name}", "sent now", lineterm=""
        )
    )
    more = [f"… and {len(lines) - MOST_LINES} lines more"] if len(lines) > MOST_LINES else []
    told = "\n".join([*lines[:MOST_LINES], *more, "", f"Meant to be so? Record anew: {HOW}"])
    pytest.fail(f"{name} is not as recorded\n{told}", pytrace=False)


def exchanges(text: str) -> list[tuple[str, str, int]]:
    """Method, path and status of each exchange in a file."""
    found: list[tuple[str, str, int]] = []
    for part in re.split(r"^={80}\n", text, flags=re.MULTILINE):
        asked = re.match(r"([A-Z]+) (/[^ ?\n]*)", part)
        status = re.search(r"\n\n(\d{3})\n[a-z-]+: ", part + "\n")
        if asked and status:
            found.append((asked[1], asked[2], int(status[1])))
    return found


def route_of(method: str, path: str, routes: set[tuple[str, str]]) -> str | None:
    """The route that takes a path: of several that fit, the one with the fewest variables."""
    fitting = [
        route
        for known, route in routes
        if known == method and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), path)
    ]
    return min(fitting, key=lambda route: route.count("{"), default=None)
