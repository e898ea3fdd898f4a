"""Writes the synchronous client from the asynchronous one by renaming words.

    python sdk/python/tools/make_sync.py            write the files
    python sdk/python/tools/make_sync.py --check    fail when they are stale

Fails as well when a rename below is no longer needed, so that the list stays true, and for a file
of `_sync` that has nothing to be made from.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "harken"
SOURCE, TARGET = PACKAGE / "_async", PACKAGE / "_sync"
BY_HAND = {"__init__.py", "pools.py", "sender.py", "waiting.py"}
"""In both folders; renaming words cannot make one from the other."""
HEADER = "# Generated from _async/{name} by tools/make_sync.py: edit that one.\n# fmt: off\n"

RENAMES = (
    (r"\bharken\._async\b", "harken._sync"),
    (r"\basync with\b", "with"),
    (r"\basync (def|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bAwaitable\[(\w+)\]", r"\1"),
    (r"\bAsync(Iterator|Generator), Awaitable\b", r"\1"),
    (r"\bAsyncGenerator\[(\w+), None\]", r"Generator[\1, None, None]"),
    (r"\baclosing\b", "closing"),
    (r"\bAsyncIterator\b", "Iterator"),
    (r"\bAsync(BaseTransport|NetworkBackend|NetworkStream)\b", r"\1"),
    (r"\bAsync(Client|Connection|Exports|Receipts|ResponseIterator|Responses|Surveys)\b", r"\1"),
    (r"\bAsync(Devices|Journeys|Programmes|Segments)\b", r"\1"),
    (r"\bStopAsyncIteration\b", "StopIteration"),
    (r"\b__a(enter|exit|iter|next)__", r"__\1__"),
    (r"\ba(close|read|iter_bytes)\(", r"\1("),
    (r"\bAsync(Asking|Audit|Decisions|Deliveries|Escalations|Links|Mail|Replies)\b", r"\1"),
    (r"\bAsync(Respondents|Suppressions)\b", r"\1"),
    (r"\bAsync(Pools|TriggerSender)\b", r"\1"),
    (r", from asyncio\.", "."),
)


def main(arguments: list[str]) -> int:
    """Write or check; the exit status."""
    used: set[str] = set()
    stale: list[str] = []
    for name in sorted(names_in(SOURCE) - BY_HAND):
        target = TARGET / name
        text = HEADER.format(name=name) + renamed((SOURCE / name).read_text(), used)
        if target.exists() and target.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            target.write_text(text)
    orphans = names_in(TARGET) - names_in(SOURCE)
    for name in sorted(orphans):
        print(f"_sync/{name} has no source in _async", file=sys.stderr)
    unused = [pattern for pattern, _ in RENAMES if pattern not in used]
    for pattern in unused:
        print(f"this rename is no longer needed: {pattern}", file=sys.stderr)
    if "--check" in arguments and stale:
        print(f"stale, run make_sync.py: {', '.join(stale)}", file=sys.stderr)
        return 1
    return 1 if unused or orphans else 0


def names_in(folder: Path) -> set[str]:
    """Names of the Python files."""
    return {path.name for path in folder.glob("*.py")}


def renamed(text: str, used: set[str]) -> str:
    """The text with every rename done; the patterns that matched are added to `used`."""
    for pattern, replacement in RENAMES:
        text, times = re.subn(pattern, replacement, text)
        if times:
            used.add(pattern)
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
