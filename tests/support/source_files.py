"""The Python files that people write and ship."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server" / "harken_server"
SDK = ROOT / "sdk" / "python" / "src" / "harken"
MARK = "# Generated from "
"""How a file begins that a tool writes: `sdk/python/tools/make_sync.py`."""


def is_generated(path: Path) -> bool:
    """Whether a tool writes this file, by its first line."""
    with path.open(encoding="utf-8") as lines:
        return lines.readline().startswith(MARK)


SOURCES = [
    path
    for folder in (SERVER, SDK)
    for path in sorted(folder.rglob("*.py"))
    if "migrations" not in path.parts and not is_generated(path)
]


def name_of(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()
