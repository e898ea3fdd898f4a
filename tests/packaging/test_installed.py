"""Both distributions installed without a clone, and what the server's demo serves from there."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import urllib.request
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
from packages import (
    PROJECTS,
    ROOT,
    SITE_PACKAGES,
    build,
    make_environment,
    outside,
    packed,
    unpack,
)
from served import Served

pytestmark = pytest.mark.processes

PACKAGES = {
    "harken-server": ROOT / "server" / "harken_server",
    "harken": ROOT / "sdk" / "python" / "src" / "harken",
}
CATALOGUE = {
    name: sorted(path.name for path in (ROOT / name).iterdir())
    for name in ("survey_templates", "journey_templates")
}
TELL_CATALOGUE = f"""
import json, harken_server
from pathlib import Path
found = {{name: Path(harken_server.__file__).parent / name for name in {list(CATALOGUE)}}}
print(json.dumps({{key: sorted(file.name for file in at.iterdir()) for key, at in found.items()}}))
"""


class Built(NamedTuple):
    wheel: Path
    sdist: Path
    wheel_of_sdist: Path
    editable: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Built]:
    """What pip installs of each: from a wheel, from a source distribution, and with `-e`."""
    made: dict[str, Built] = {}
    for name, project in PROJECTS.items():
        folder = tmp_path_factory.mktemp(name)
        sdist = build(project, folder / "sdist", "sdist")
        unpacked = unpack(sdist, folder / "unpacked")
        made[name] = Built(
            build(project, folder / "wheel", "wheel"),
            sdist,
            build(unpacked, folder / "wheel_of_sdist", "wheel"),
            build(project, folder / "editable", "editable"),
        )
    return made


@pytest.fixture(scope="module")
def server(built: dict[str, Built], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has only the server, from its source distribution."""
    folder = tmp_path_factory.mktemp("server") / "env"
    return make_environment(folder, built["harken-server"].wheel_of_sdist)


@pytest.fixture(scope="module")
def sdk(built: dict[str, Built], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has only the SDK, from its source distribution."""
    return make_environment(tmp_path_factory.mktemp("sdk") / "env", built["harken"].wheel_of_sdist)


@pytest.fixture(scope="module")
def demo(server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo, started in an empty folder."""
    program = [str(server / "harken-server")]
    running = Served("demo", tmp_path_factory.mktemp("empty"), program=program, PYTHONPATH="")
    yield running
    running.stop()


def files_below(folder: Path) -> set[str]:
    """All files of a package, with those behind links, as a wheel names them."""
    return {
        path.relative_to(folder.parent).as_posix()
        for start in (folder, *(folder / name for name in CATALOGUE if (folder / name).exists()))
        for path in start.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def run(program: Path, *arguments: str, **environ: str) -> str:
    done = subprocess.run(
        [program, *arguments], cwd=program.parent, env=outside(**environ), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", PROJECTS)
def test_a_wheel_holds_every_file_of_its_package_and_no_other(
    built: dict[str, Built], name: str
) -> None:
    assert set(packed(built[name].wheel)) == files_below(PACKAGES[name])


@pytest.mark.parametrize("name", PROJECTS)
def test_a_source_distribution_gives_the_same_wheel(built: dict[str, Built], name: str) -> None:
    assert packed(built[name].wheel_of_sdist) == packed(built[name].wheel)


def test_the_servers_source_distribution_holds_nothing_of_other_folders(
    built: dict[str, Built],
) -> None:
    with tarfile.open(built["harken-server"].sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    beside = {name for name in names if not name.startswith("server/harken_server/")}
    assert beside == {
        ".gitignore", "CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml",
    }  # fmt: skip


def test_the_catalogue_is_in_the_installed_package(server: Path) -> None:
    found = json.loads(run(server / "python", "-c", TELL_CATALOGUE))

    assert found == CATALOGUE


def test_the_catalogue_is_reachable_from_an_editable_install(
    built: dict[str, Built], tmp_path: Path
) -> None:
    venv.create(tmp_path, symlinks=True)
    with ZipFile(built["harken-server"].editable) as wheel:
        wheel.extractall(tmp_path / SITE_PACKAGES)

    found = json.loads(run(tmp_path / "bin" / "python", "-c", TELL_CATALOGUE))

    assert found == CATALOGUE


def test_every_address_that_the_demo_prints_is_served(demo: Served) -> None:
    printed = re.findall(rf"{demo.url}/\S+", demo.printed().split("\n  curl")[0])

    assert len(printed) >= 8
    for address in printed:
        with urllib.request.urlopen(address, timeout=20) as reply:
            assert len(reply.read()) > 500, address


def test_the_demo_serves_the_scripts_that_are_in_the_package(demo: Served) -> None:
    channels = PACKAGES["harken-server"] / "channels"
    [kiosk_script] = re.findall(r"kiosk/app-\w+\.js", demo.get("/kiosk")[1].decode())
    scripts = {
        f"/widget/{file.name}": file for file in (channels / "widget" / "files").glob("*.js")
    } | {f"/{kiosk_script}": channels / "kiosk" / "files" / "app.js"}

    assert {"v1.js", "survey"} <= {name.split("/")[-1].partition("-")[0] for name in scripts}
    for address, script in scripts.items():
        assert demo.get(address) == (200, script.read_bytes())


def test_the_demo_lists_the_built_in_journeys(demo: Served) -> None:
    [key] = re.findall(r"API key +(hk_\w+)", demo.printed())
    address = f"{demo.url}/v1/journeys/templates"
    asked = urllib.request.Request(address, headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(asked, timeout=20) as reply:
        templates = json.load(reply)["templates"]

    files = (ROOT / "journey_templates").iterdir()
    assert {template["key"] for template in templates} == {
        path.name.partition(".")[0] for path in files
    }


def test_the_sdk_installed_elsewhere_publishes_a_survey_and_reads_a_score(
    demo: Served, sdk: Path
) -> None:
    [key] = re.findall(r"API key +(hk_\w+)", demo.printed())
    said = {"HARKEN_URL": demo.url, "HARKEN_API_KEY": key}

    pushed = run(sdk / "harken", "push", str(ROOT / "survey_templates/sus.survey.yaml"), **said)
    score = run(sdk / "harken", "score", "post_purchase", **said)

    assert "sus version 1, first" in pushed
    assert "recommend" in score
