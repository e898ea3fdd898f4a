"""Both distributions built, and environments with nothing in them but what these declare."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import venv
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from served import clean_environ

ROOT = Path(__file__).parents[2]
PROJECTS = {"harken-server": ROOT, "harken": ROOT / "sdk" / "python"}
"""The folder of each distribution's `pyproject.toml`."""
SITE_PACKAGES = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def build(project: Path, folder: Path, target: str) -> Path:
    """Build a `wheel`, `sdist` or `editable` as pip does (PEP 517, 660); gives the file."""
    folder.mkdir()
    hook = f"import hatchling.build, sys; hatchling.build.build_{target}(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", hook, folder], cwd=project, env=outside(), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [built] = folder.iterdir()
    return built


def unpack(packed: Path, folder: Path) -> Path:
    """Unpack a source distribution or a package of npm; gives the one folder in it."""
    with tarfile.open(packed) as archive:
        # As PEP 706 says it for a Python that has no filters yet, such as Debian's 3.11.2.
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(folder)
    [found] = folder.iterdir()
    return found


def packed(wheel: Path) -> dict[str, int]:
    """Each file of a wheel's package, with its checksum; without what describes the wheel."""
    with ZipFile(wheel) as archive:
        entries = archive.infolist()
    return {item.filename: item.CRC for item in entries if ".dist-info/" not in item.filename}


def make_environment(folder: Path, wheel: Path) -> Path:
    """A new environment with one distribution and what it declares to need; gives its `bin`.

    The needed distributions are links to those that the tests run with, so that nothing is fetched.
    """
    venv.create(folder, symlinks=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder, "install",
         "--no-deps", "--no-index", "--no-compile", wheel],
        env=outside(PIP_ROOT_USER_ACTION="ignore"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    [record] = (folder / SITE_PACKAGES).glob("harken*.dist-info")
    for line in (record / "METADATA").read_text("utf-8").splitlines():
        if line.startswith("Requires-Dist: "):
            _link(line.removeprefix("Requires-Dist: "), folder / SITE_PACKAGES)
    return folder / "bin"


def outside(**environ: str) -> dict[str, str]:
    """An environment of variables in which the repository cannot be found by accident."""
    kept = clean_environ(PYTHONWARNINGS="", **environ)
    kept.pop("PYTHONPATH", None)
    return kept


def _link(said: str, site_packages: Path, extras: Iterable[str] = ()) -> None:
    """Link what a requirement asks for, and what that requires, unless its marker says no."""
    wanted = Requirement(said)
    if wanted.marker and not any(wanted.marker.evaluate({"extra": one}) for one in ("", *extras)):
        return
    found = distribution(wanted.name)
    assert wanted.specifier.contains(found.version, prereleases=True), said
    for name in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
        link = site_packages / name
        if not link.is_symlink():
            link.symlink_to(str(found.locate_file(name)))
    for further in found.requires or ():
        _link(further, site_packages, wanted.extras)
