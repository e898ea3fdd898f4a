"""The peers from npm, installed from the lock in `widget_peers/`, and how small they pack."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "widget_peers"
MODULES = FOLDER / "node_modules"
INSTALLED = MODULES / ".installed"
PACKED = MODULES / ".packed"
WITH_NODE = Path(__file__).parents[1] / "widget" / "with_node.py"
PACK = """
const fs = require("fs"), zlib = require("zlib"), c = zlib.constants;
for (const [from, to] of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const data = fs.readFileSync(from);
  fs.writeFileSync(to, zlib.brotliCompressSync(data, {params: {
    [c.BROTLI_PARAM_QUALITY]: 11, [c.BROTLI_PARAM_MODE]: c.BROTLI_MODE_TEXT,
    [c.BROTLI_PARAM_SIZE_HINT]: data.length,
  }}));
}
"""
"""The same settings for the peers' files as for the shipped ones."""


class Packed(NamedTuple):
    """A file as a browser gets it."""

    raw: bytes
    gzip: int
    brotli: bytes


def install() -> None:
    """Install what the lock names, unless it is there."""
    lock = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.exists() and INSTALLED.read_text() == lock:
        return
    done = subprocess.run(
        [sys.executable, WITH_NODE, "npm", "ci"], cwd=FOLDER, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The peers cannot be installed: {done.stderr.strip()[-2000:]}")
    INSTALLED.write_text(lock)


def version_of(package: str) -> str:
    """The version of a peer, by the lock."""
    lock: dict[str, Any] = json.loads((FOLDER / "package-lock.json").read_text("utf-8"))
    return lock["packages"][f"node_modules/{package}"]["version"]


def pack(paths: Iterable[Path]) -> dict[Path, Packed]:
    """Each file, with gzip level 9 and brotli quality 11; what was packed before is kept."""
    PACKED.mkdir(parents=True, exist_ok=True)
    raw = {path: path.read_bytes() for path in paths}
    kept = {
        path: PACKED / hashlib.sha256(PACK.encode() + data).hexdigest()
        for path, data in raw.items()
    }
    missing = [(str(path), str(to)) for path, to in kept.items() if not to.exists()]
    if missing:
        command = [sys.executable, WITH_NODE, "node", "-e", PACK]
        subprocess.run(command, input=json.dumps(missing), text=True, check=True)
    return {
        path: Packed(data, len(gzip.compress(data, 9, mtime=0)), kept[path].read_bytes())
        for path, data in raw.items()
    }
