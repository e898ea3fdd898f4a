"""The Python files that people write and ship."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "server" / "harken_server"
SDK = ROOT / "sdk" / "python" / "src" / "harken"
GENERATED = {"_sync/client.py", "_sync/connection.py", "_sync/exports.py", "_sync/responses.py"}
"""Made from their asynchronous twins by `sdk/python/tools/make_sync.py`."""
SOURCES = [
    path
    for folder in (SERVER, SDK)
    for path in sorted(folder.rglob("*.py"))
    if "migrations" not in path.parts and path not in {SDK / name for name in GENERATED}
]


def name_of(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()
