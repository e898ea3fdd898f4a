"""The promise to callers: names, signatures, types, lightness; two clients that are one."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import harken

ROOT = Path(__file__).resolve().parents[2]
SDK = ROOT / "sdk" / "python"
SNAPSHOT = Path(__file__).with_name("public_names.txt")
PAIRS = [
    (harken.AsyncClient, harken.Client),
    (harken.AsyncSurveys, harken.Surveys),
    (harken.AsyncResponses, harken.Responses),
    (harken.AsyncResponseIterator, harken.ResponseIterator),
    (harken.AsyncExports, harken.Exports),
    (harken.AsyncDevices, harken.Devices),
    (harken.AsyncJourneys, harken.Journeys),
    (harken.AsyncProgrammes, harken.Programmes),
    (harken.AsyncSegments, harken.Segments),
    (harken.AsyncReceipts, harken.Receipts),
    (harken.AsyncDecisions, harken.Decisions),
    (harken.AsyncRespondents, harken.Respondents),
    (harken.AsyncSuppressions, harken.Suppressions),
    (harken.AsyncLinks, harken.Links),
    (harken.AsyncSheets, harken.Sheets),
    (harken.AsyncAudit, harken.Audit),
    (harken.AsyncEscalations, harken.Escalations),
    (harken.AsyncAsking, harken.Asking),
    (harken.AsyncMail, harken.Mail),
    (harken.AsyncDeliveries, harken.Deliveries),
    (harken.AsyncReplies, harken.Replies),
    (harken.AsyncAnnotations, harken.Annotations),
    (harken.AsyncFindings, harken.Findings),
]


def test_public_names_are_those_of_the_snapshot() -> None:
    """To change the promise on purpose: write `names()` to public_names.txt, and the changelog."""
    assert "\n".join(names()) + "\n" == SNAPSHOT.read_text()


def test_the_public_list_is_sorted_and_true() -> None:
    assert harken.__all__ == sorted(harken.__all__)
    assert all(hasattr(harken, name) for name in harken.__all__)


def test_every_module_but_the_named_ones_is_private() -> None:
    inside = (SDK / "src/harken").glob("[!_]*")
    public = {path.stem for path in inside if path.suffix == ".py" or path.is_dir()}

    assert public == {"cli", "receipts", "printing", "scores"}


def test_every_public_name_has_its_place_in_the_reference() -> None:
    reference = (ROOT / "docs/reference/python-sdk.md").read_text()

    missing = [name for name in harken.__all__ if not re.search(rf"\b{name}\b", reference)]

    assert missing == []


def test_every_public_thing_says_what_it_is_for() -> None:
    silent = [
        f"{kind.__name__}.{name}"
        for kind in public_classes()
        for name, member in [("", kind), *own_members(kind)]
        if not inspect.getdoc(member)
    ]

    assert silent == []


@pytest.mark.parametrize(("asynchronous", "synchronous"), PAIRS)
def test_both_clients_have_the_same_methods_with_the_same_parameters(
    asynchronous: type, synchronous: type
) -> None:
    assert [shape(name, each) for name, each in methods(asynchronous)] == [
        shape(name, each) for name, each in methods(synchronous)
    ]


@pytest.mark.processes
def test_the_synchronous_client_is_generated_from_the_asynchronous_one() -> None:
    checked = subprocess.run(
        [sys.executable, SDK / "tools/make_sync.py", "--check"], capture_output=True, text=True
    )

    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.processes
def test_the_import_loads_neither_http_nor_qr_code() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import harken, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    heavy = {"httpx", "asyncio", "ssl", "qrcode", "png", "PIL", "rich", "click", "argparse"}
    assert heavy.isdisjoint(loaded)
    assert "harken.printing" not in loaded


def test_the_version_is_the_one_of_the_distribution() -> None:
    project = tomllib.loads((SDK / "pyproject.toml").read_text())["project"]

    assert harken.__version__ == project["version"]
    assert {re.split("[<>=]", each)[0] for each in project["dependencies"]} == {"httpx", "msgspec"}


@pytest.mark.processes
@pytest.mark.nightly
def test_a_type_checker_sees_what_the_reference_says() -> None:
    checked = subprocess.run(
        [
            *(sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable),
            *("--project", ROOT, SDK / "src", *typed_files()),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )

    assert "0 errors" in checked.stdout, checked.stdout


def typed_files() -> list[Path]:
    return [Path(__file__).with_name("typed_api.py")]


def names() -> Iterator[str]:
    """Every public name; classes with their members, methods with their parameters."""
    for name in harken.__all__:
        yield name
        thing = getattr(harken, name)
        if inspect.isclass(thing):
            yield from (f"{name}.{shape(*member)}" for member in own_members(thing))


def public_classes() -> list[type]:
    things = (getattr(harken, name) for name in harken.__all__)
    return [thing for thing in things if inspect.isclass(thing)]


def own_members(kind: type) -> list[tuple[str, object]]:
    fields: tuple[str, ...] = getattr(kind, "__struct_fields__", ())
    return [
        (name, member)
        for name, member in sorted(vars(kind).items())
        if not name.startswith("_") and name not in fields
    ] + [(name, str) for name in fields]


def methods(kind: type) -> list[tuple[str, object]]:
    """By the synchronous name of each, so that `__anext__` meets `__next__`."""
    found = [
        (re.sub("^__a(enter|exit|iter|next)__", r"__\1__", name), member)
        for name, member in vars(kind).items()
        if inspect.isfunction(member)
    ]
    return sorted(found, key=lambda each: each[0])


def shape(name: str, member: object) -> str:
    if not inspect.isfunction(member):
        return name
    signature = inspect.signature(member)
    parameters = [
        each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()
    ]
    bare = signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
    return f"{name}{bare}"
