"""The tree says what the program does, and each thing is where its room says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from source_files import ROOT, SERVER, SOURCES, name_of

VAGUE = re.compile(r"\b(utils?|helpers?|managers?|services?|handlers?|data|info|misc|common)\b")
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|CREATE\s+TABLE)\b"
)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_each_file_begins_by_saying_what_it_does(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))

    assert docstring
    assert docstring.split("\n\n")[0].endswith((".", ":", "!", "?"))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_name_hides_what_the_thing_is(path: Path) -> None:
    words = set(re.split(r"[_.\W]", path.relative_to(ROOT).with_suffix("").as_posix().lower()))
    tree = ast.parse(path.read_text("utf-8"))
    defined = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]

    vague = [name for name in defined if VAGUE.search(_spelled_out(name))]

    assert not [word for word in words if VAGUE.fullmatch(word)]
    assert vague == []


def test_only_storage_speaks_sql() -> None:
    speaking = [
        name_of(path)
        for path in SOURCES
        if path.is_relative_to(SERVER)
        and "storage" not in path.parts
        and any(SQL.search(text) for text in _strings(path))
    ]

    assert speaking == []


MADE_IN = {
    "NewResponse": "server/harken_server/responses/submit.py",
    "Asked": "server/harken_server/responses/asked.py",
    "Checked": "server/harken_server/surveys/answers/validation.py",
}
"""What a response is stored from, and the one place that finds it."""


@pytest.mark.parametrize("made", MADE_IN)
def test_no_route_judges_for_itself_whether_a_response_may_be_stored(made: str) -> None:
    places = {
        name_of(path)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == made
    }

    assert places == {MADE_IN[made]}


def test_every_room_is_one_that_the_architecture_names() -> None:
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")
    rooms = {
        path.name for path in SERVER.iterdir() if path.is_dir() and (path / "__init__.py").exists()
    }

    assert {room for room in rooms if room not in page} == set()


def test_every_channel_has_an_entrance_and_something_to_show() -> None:
    for channel in (SERVER / "channels").iterdir():
        if channel.is_dir() and channel.name != "__pycache__":
            names = {path.name for path in channel.iterdir()}
            assert "__init__.py" in names, channel.name
            assert names & {"render.py", "code.py"}, f"{channel.name} shows nothing"


def test_tests_of_a_room_are_in_the_folder_of_its_name() -> None:
    rooms = {path.name for path in SERVER.iterdir() if path.is_dir()}
    tested = {path.parent.name for path in (ROOT / "tests").glob("*/**/test_*.py")}

    assert {"core", "storage", "exports", "insights", "distribution"} <= rooms & tested


def _spelled_out(name: str) -> str:
    """Words of a name, parted by spaces."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


def _strings(path: Path) -> list[str]:
    """String constants that are not docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in statements
    ]
