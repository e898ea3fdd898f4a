"""What is installed is pinned with digests of its files; what is built says what it runs with."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from lock import INPUTS
from packages import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sbom import Locked, documents, read_lock

LOCKS = {name: read_lock(ROOT / "requirements" / f"{name}.lock") for name in INPUTS}
NPM_LOCKS = ["widget", "tests/widget/libraries", "bench/widget_peers"]
OURS = {"harken", "harken-server"}


def declared(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text("utf-8"))


SERVER, SDK = declared("pyproject.toml"), declared("sdk/python/pyproject.toml")


def names_of(file: str) -> list[str]:
    lines = (ROOT / "requirements" / file).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


BUILD = [*SERVER["build-system"]["requires"], *names_of("build.txt")]
RUN_SDK = [
    *SDK["project"]["dependencies"],
    *SDK["project"]["optional-dependencies"]["qr"],
]
RUN = SERVER["project"]["dependencies"]
TEST = [*RUN, *RUN_SDK, *SERVER["project"]["optional-dependencies"]["test"], *BUILD]
ASKED = {
    "build": BUILD,
    "server": RUN,
    "sdk": RUN_SDK,
    "test": TEST,
    "dev": [*TEST, *names_of("dev.txt"), *SERVER["dependency-groups"]["dev"]],
}
"""What each lock has to hold; with all that it needs in turn."""


def wanted(said: str, extras: tuple[str, ...] = ()) -> Requirement | None:
    """The requirement, unless its marker says no on this machine."""
    read = Requirement(said)
    if canonicalize_name(read.name) in OURS:
        return None
    is_wanted = not read.marker or any(read.marker.evaluate({"extra": e}) for e in ("", *extras))
    return read if is_wanted else None


def walk(said: str, seen: dict[str, list[Requirement]], extras: tuple[str, ...] = ()) -> None:
    """What a requirement asks for, as far as it is installed here."""
    read = wanted(said, extras)
    if read is None or read in seen.setdefault(canonicalize_name(read.name), []):
        return
    seen[canonicalize_name(read.name)].append(read)
    try:
        needs = distribution(read.name).requires or ()
    except PackageNotFoundError:
        return
    for further in needs:
        walk(further, seen, tuple(read.extras))


@pytest.mark.parametrize("name", INPUTS)
def test_a_lock_holds_all_that_is_asked_for_and_what_that_needs(name: str) -> None:
    pinned = {entry.name: entry.version for entry in LOCKS[name]}
    asked: dict[str, list[Requirement]] = {}
    for said in ASKED[name]:
        walk(said, asked)

    assert len(asked) >= len({Requirement(said).name for said in ASKED[name]} - OURS) // 2
    assert asked.keys() - pinned.keys() == set()
    assert [
        f"{pinned[package]} is not {read}"
        for package, requirements in asked.items()
        for read in requirements
        if not read.specifier.contains(pinned[package], prereleases=True)
    ] == []


@pytest.mark.parametrize("name", INPUTS)
def test_every_entry_of_a_lock_has_the_digests_of_its_files(name: str) -> None:
    entries = LOCKS[name]

    assert len(entries) >= 8
    assert [entry.name for entry in entries if not entry.hashes] == []


@pytest.mark.parametrize("name", [name for name in INPUTS if name != "dev"])
def test_a_smaller_lock_says_what_the_largest_says(name: str) -> None:
    largest = {entry.name: (entry.version, entry.hashes) for entry in LOCKS["dev"]}

    assert [
        entry.name
        for entry in LOCKS[name]
        if largest.get(entry.name) != (entry.version, entry.hashes)
    ] == []


@pytest.mark.parametrize("project", [SERVER, SDK], ids=["server", "sdk"])
def test_who_installs_a_distribution_is_pinned_to_nothing(project: dict[str, Any]) -> None:
    assert [said for said in project["project"]["dependencies"] if "==" in said] == []


@pytest.mark.parametrize("folder", NPM_LOCKS)
def test_every_package_of_npm_has_its_digest(folder: str) -> None:
    told = json.loads((ROOT / folder / "package-lock.json").read_text("utf-8"))["packages"]
    packages = {name: package for name, package in told.items() if name}

    assert packages
    assert [n for n, p in packages.items() if not p["integrity"].startswith("sha512-")] == []


def test_no_lock_says_where_files_come_from() -> None:
    locks = [
        *(ROOT / "requirements").iterdir(),
        *(ROOT / f / "package-lock.json" for f in NPM_LOCKS),
    ]

    texts = [path.read_text("utf-8") for path in locks if path.is_file() and path.suffix != ".py"]
    assert [
        text[:80] for text in texts if re.search(r'"resolved"|index-url|\bregistry\.', text)
    ] == []


@pytest.mark.parametrize("path", ["bootstrap.py", ".ci/run", "justfile"])
def test_nothing_is_fetched_whose_digest_is_not_known(path: str) -> None:
    text = (ROOT / path).read_text("utf-8").replace("\\\n", " ").replace('"', "").replace(",", "")
    installs = re.findall(r"\b(?:pip install|pip}} install|run_pip\(install) .*", text)
    ours = "--no-deps --no-build-isolation -e . -e sdk/python"

    assert installs
    assert [
        line
        for line in installs
        if not ("--no-deps" in line and "--require-hashes" in line) and ours not in line
    ] == []


def test_a_line_that_is_none_of_a_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.lock").write_text("--index-url https://files.example\n")

    with pytest.raises(ValueError, match=r"odd\.lock: no line of a lock: --index-url"):
        read_lock(tmp_path / "odd.lock")


def test_each_distribution_says_every_package_that_it_runs_with() -> None:
    server, sdk, _ = documents()
    listed = [{part["name"] for part in told["components"]} for told in (server, sdk)]

    for said, names in [(RUN, listed[0]), (RUN_SDK, listed[1])]:
        needed: dict[str, list[Requirement]] = {}
        for requirement in said:
            walk(requirement, needed)
        assert needed
        assert needed.keys() - names == set()


def test_it_says_who_needs_whom_and_the_digests() -> None:
    server, _, _ = documents()
    needs = {each["ref"]: each["dependsOn"] for each in server["dependencies"]}
    direct = {
        ref.partition("/")[2].partition("@")[0] for ref in needs["pkg:pypi/harken-server@0.1.0"]
    }

    assert direct == {canonicalize_name(Requirement(said).name) for said in RUN}
    assert needs.keys() == {
        "pkg:pypi/harken-server@0.1.0",
        *(part["bom-ref"] for part in server["components"]),
    }
    assert all(part["externalReferences"][0]["hashes"] for part in server["components"])


def test_the_widget_is_built_of_this_repositorys_sources_alone() -> None:
    _, _, widget = documents()
    package = json.loads((ROOT / "widget" / "package.json").read_text("utf-8"))
    sources = [*(ROOT / "widget" / "src").rglob("*.ts")]
    imported = {
        said
        for path in sources
        for said in re.findall(
            r"""(?:\bfrom|\bimport)\s*\(?["']([^"']+)["']""", path.read_text("utf-8")
        )
    }

    assert widget["components"] == []
    assert not package.keys() & {"dependencies", "peerDependencies", "bundledDependencies"}
    assert imported
    assert {said for said in imported if not said.startswith(".")} == set()


def test_an_entry_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "one.lock").write_text(
        "uvloop==0.23.0 ; sys_platform != 'win32' \\\n"
        f"    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}\n"
        "    # via\n    #   -c requirements/dev.lock\n    #   harken-server (pyproject.toml)\n"
        "    #   uvicorn\n"
    )

    assert read_lock(tmp_path / "one.lock") == [
        Locked("uvloop", "0.23.0", "sys_platform != 'win32'", ["0" * 64, "1" * 64], ["", "uvicorn"])
    ]
