"""The tree says what the program does, and each thing is where its room says."""

from __future__ import annotations

import ast
import functools
import re
import tomllib
from collections import Counter
from pathlib import Path

from source_files import ROOT, SERVER, SOURCES, name_of

VAGUE = re.compile(r"\b(utils?|helpers?|managers?|services?|handlers?|data|info|misc|common)\b")
MOST_MODULES = 22
ROLES = {
    "rules", "tables", "store", "api", "serve", "console", "access", "channel", "words",
    "settings", "templates",
}  # fmt: skip
ENDS = (".", ":", "!", "?")
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s.+\sSET|DELETE\s+FROM|CREATE\s+TABLE)\b"
)


def test_each_file_begins_by_saying_what_it_does() -> None:
    silent = [name_of(path) for path in SOURCES if not _first_sentence(path).endswith(ENDS)]

    assert silent == []


def test_no_name_hides_what_the_thing_is() -> None:
    vague = [f"{name_of(path)}: {name}" for path in SOURCES for name in _vague_names(path)]

    assert vague == []


OF_A_SESSION = re.compile(
    r"pg_(try_)?advisory_lock|\bLISTEN\b|^\s*SET (?!LOCAL)|\bSET SESSION|WITH HOLD|CREATE TEMP"
)
WITH_CONNECTIONS_OF_THEIR_OWN = {
    "server/harken_server/database/postgres/presence.py",
    "server/harken_server/database/postgres/writer.py",
}


def test_only_stores_speak_sql() -> None:
    speaking = [
        name_of(path)
        for path in SOURCES
        if path.is_relative_to(SERVER)
        and not _may_speak_sql(path)
        and any(SQL.search(text) for text in _strings(path))
    ]

    assert speaking == []


def test_nothing_said_to_a_shared_connection_outlives_its_transaction() -> None:
    """A connection is given back as it is: the next one to have it would find what was left."""
    leaving = {
        name_of(path)
        for path in SOURCES
        if path.is_relative_to(SERVER) and any(OF_A_SESSION.search(text) for text in _strings(path))
    }

    assert leaving == WITH_CONNECTIONS_OF_THEIR_OWN


def test_every_example_in_a_docstring_is_run() -> None:
    with_examples = [path for path in SOURCES if re.search(r"^\s+>>> ", path.read_text(), re.M)]
    run = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    folders = [ROOT / folder for folder in run["testpaths"]]

    assert "--doctest-modules" in run["addopts"]
    assert [
        name_of(path)
        for path in with_examples
        if not any(path.is_relative_to(folder) for folder in folders)
    ] == []


def test_what_is_left_out_when_empty_begins_as_a_plain_empty_one() -> None:
    """msgspec knows `{}` and `[]` as empty, and writes what `dict[str, int]` made."""
    unknown = re.compile(r"default_factory=\w+\[")

    assert [name_of(path) for path in SOURCES if unknown.search(path.read_text())] == []


MADE_IN = {
    "NewResponse": "server/harken_server/responses/known.py",
    "Asked": "server/harken_server/responses/asked.py",
    "Checked": "server/harken_server/surveys/answers/validation.py",
}
"""What a response is stored from, and the one place that finds it."""


def test_no_route_judges_for_itself_whether_a_response_may_be_stored() -> None:
    places = {
        (node.func.id, name_of(path))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert {(made, place) for made, place in places if made in MADE_IN} == {*MADE_IN.items()}


def test_every_room_is_one_that_the_architecture_names() -> None:
    page = (ROOT / "docs" / "explanation" / "architecture.md").read_text("utf-8")

    assert {slice_ for slice_ in _slices() if slice_.rpartition("/")[2] not in page} == set()


def test_no_folder_holds_more_modules_than_a_reader_takes_in() -> None:
    folders = Counter(path.parent for path in SOURCES if path.name != "__init__.py")
    wide = {name_of(folder): count for folder, count in folders.items() if count > MOST_MODULES}

    assert wide == {}


def test_a_file_name_means_one_thing() -> None:
    """Roles stand in every slice; any other name stands in two slices at most."""
    places: dict[str, set[str]] = {}
    for path in SOURCES:
        if path.is_relative_to(SERVER) and path.stem not in ROLES | {"__init__"}:
            places.setdefault(path.stem, set()).add(_slice_of(path))
    ambiguous = {name: sorted(slices) for name, slices in places.items() if len(slices) > 2}

    assert ambiguous == {}


def test_tests_of_a_slice_are_in_the_folder_of_its_name() -> None:
    tested = {
        folder.relative_to(ROOT / "tests").as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        for folder in path.parents
        if folder.is_relative_to(ROOT / "tests")
    }

    assert {slice_ for slice_ in _slices() if slice_ not in tested} == set()


def _slices() -> set[str]:
    """`responses`, `channels/email`: the folders that a feature has to itself."""
    return {_slice_of(path) for path in SOURCES if path.is_relative_to(SERVER)} - {""}


def _slice_of(path: Path) -> str:
    parts = path.relative_to(SERVER).parts[:-1]
    return "/".join(parts[: 2 if parts[:1] == ("channels",) else 1])


def _may_speak_sql(path: Path) -> bool:
    parts = {*path.relative_to(SERVER).with_suffix("").parts}
    return bool(parts & {"database", "store", "tables"}) or path.stem.endswith("_sql")


def _first_sentence(path: Path) -> str:
    """The first paragraph of the docstring of a file."""
    return (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").split("\n\n")[0]


def _vague_names(path: Path) -> list[str]:
    """Words of a file's path, and classes in it, that could mean anything."""
    words = set(re.split(r"[_.\W]", path.relative_to(ROOT).with_suffix("").as_posix().lower()))
    tree = ast.parse(path.read_text("utf-8"))
    defined = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [
        *[word for word in sorted(words) if VAGUE.fullmatch(word)],
        *[name for name in defined if VAGUE.search(_spelled_out(name))],
    ]


def _spelled_out(name: str) -> str:
    """Words of a name, parted by spaces."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


@functools.cache
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
