"""Write what the distributions are made to run with: `python requirements/sbom.py dist`.

One CycloneDX 1.6 document beside each distribution (ECMA-424): every package that the lock pins
for it, with the SHA-256 of its files, and who needs whom. The widget is built of this repository's
sources alone, so its document names no package, which a test holds.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
DISTRIBUTIONS = {
    "server": ROOT / "pyproject.toml",
    "sdk": ROOT / "sdk" / "python" / "pyproject.toml",
}
"""Each lock of a distribution, and the file that declares the distribution."""
ENTRY = re.compile(r"^([\w.-]+)==([\w.!+-]+)(?: ; (.*?))?(?: \\)?$")
HASH = re.compile(r"^    --hash=sha256:([0-9a-f]{64})(?: \\)?$")
NEEDED_BY = re.compile(r"^    #(?: via|  ) (-c |-r )?([\w./-]+)(?:\[[\w,-]+\])?( \(.*\))?$")
ITSELF = ""
"""In the place of a name: the distribution that the lock is for."""


class Locked(NamedTuple):
    """An entry of a lock."""

    name: str
    version: str
    marker: str
    hashes: list[str]
    needed_by: list[str]
    """Names of packages; empty for the distribution that the lock is for."""


def main(folder: Path) -> int:
    """Write all documents; gives the exit status."""
    folder.mkdir(exist_ok=True)
    for document in documents():
        root = document["metadata"]["component"]
        path = folder / f"{root['name'].strip('@').replace('/', '-')}-{root['version']}.cdx.json"
        path.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
        print(f"{path}: {len(document['components'])} packages")
    return 0


def documents() -> list[dict[str, Any]]:
    """The documents of the server, the SDK and the widget."""
    made: list[dict[str, Any]] = []
    for lock, declared in DISTRIBUTIONS.items():
        project = tomllib.loads(declared.read_text("utf-8"))["project"]
        kind = "application" if "scripts" in project and lock == "server" else "library"
        root = component("pypi", kind, project["name"], project["version"], project["license"])
        made.append(document(root, read_lock(HERE / f"{lock}.lock")))
    package = json.loads((ROOT / "widget" / "package.json").read_text("utf-8"))
    scoped = package["name"].replace("@", "%40")
    root = component("npm", "library", scoped, package["version"], package["license"])
    return [*made, document({**root, "name": package["name"]}, [])]


def read_lock(path: Path) -> list[Locked]:
    """The entries of a lock, as `just lock` writes it; raises ValueError at any other line."""
    entries: list[Locked] = []
    for line in path.read_text("utf-8").splitlines():
        if found := ENTRY.match(line):
            entries.append(Locked(found[1], found[2], found[3] or "", [], []))
        elif found := HASH.match(line):
            entries[-1].hashes.append(found[1])
        elif found := NEEDED_BY.match(line):
            is_package = not found[1] and not found[3]
            if found[1] != "-c ":
                entries[-1].needed_by.append(found[2] if is_package else ITSELF)
        elif not line.startswith("#") and line != "    # via":
            raise ValueError(f"{path.name}: no line of a lock: {line}")
    return entries


def component(registry: str, kind: str, name: str, version: str, licence: str) -> dict[str, Any]:
    """What a distribution says of itself."""
    purl = f"pkg:{registry}/{name}@{version}"
    licences = [{"license": {"id": licence}}]
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "licenses": licences}  # fmt: skip


def document(root: dict[str, Any], entries: list[Locked]) -> dict[str, Any]:
    """A document without time or chance in it: the same sources give the same bytes."""
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": [package(entry) for entry in entries],
        "dependencies": needs(root["bom-ref"], entries),
    }


def package(entry: Locked) -> dict[str, Any]:
    """A package of the lock, with the digests of its files: a wheel for each platform."""
    purl = purl_of(entry)
    files = [{"alg": "SHA-256", "content": digest} for digest in entry.hashes]
    said = {"properties": [{"name": "harken:marker", "value": entry.marker}]}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": entry.name,
        "version": entry.version,
        "purl": purl,
        "externalReferences": [{"type": "distribution", "url": purl, "hashes": files}],
        **(said if entry.marker else {}),
    }


def purl_of(entry: Locked) -> str:
    """The package's URL after the purl specification."""
    return f"pkg:pypi/{entry.name}@{entry.version}"


def needs(root: str, entries: list[Locked]) -> list[dict[str, Any]]:
    """Who needs whom: each package, and the distribution first."""
    purls = {ITSELF: root, **{entry.name: purl_of(entry) for entry in entries}}
    needed: dict[str, list[str]] = {purl: [] for purl in purls.values()}
    for entry in entries:
        for name in entry.needed_by:
            needed[purls[name]].append(purl_of(entry))
    return [{"ref": ref, "dependsOn": sorted(set(on))} for ref, on in needed.items()]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if sys.argv[1:] else "dist")))
