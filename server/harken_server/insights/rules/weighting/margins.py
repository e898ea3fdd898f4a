"""Margins as the owner writes them: `store:Oslo=0.6,Bergen=0.4;plan:pro=30,free=70`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from harken_server.insights.rules.weighting.raking import Margins
from harken_server.workspaces.rules.shares import MOST_MEMBERS, as_shares


def read_margins(text: str, known: Collection[str]) -> Margins | str:
    """The margins, or what is wrong with them. Shares may be parts, percent or numbers of people.

    A comma ends a member only after its share, and a semicolon a dimension only before the name of
    another: members may have both in their names.

    >>> read_margins("store:Oslo=60,Bergen=40", ["store"])
    {'store': {'Oslo': 0.6, 'Bergen': 0.4}}
    >>> read_margins("shop:Oslo=1", ["store"])
    "margins names 'shop'; it must be one of store."
    """
    found: dict[str, Mapping[str, float]] = {}
    for part in _parts(text, known):
        name, colon, listed = part.partition(":")
        if not colon or name not in known:
            offered = ", ".join(known) or "none: no dimension is declared"
            return f"margins names {name!r}; it must be one of {offered}."
        if name in found:
            return f"margins names {name} twice."
        shares = _shares(listed)
        if isinstance(shares, str):
            return f"margins of {name}: {shares}"
        found[name] = shares
    if sum(map(len, found.values())) > MOST_MEMBERS:
        return f"margins names more than {MOST_MEMBERS} members."
    return found


def _parts(text: str, known: Collection[str]) -> list[str]:
    parts: list[str] = []
    for part in text.split(";"):
        if parts and part.partition(":")[0] not in known:
            parts[-1] += f";{part}"
        else:
            parts.append(part)
    return parts


def _shares(listed: str) -> dict[str, float] | str:
    numbers: dict[str, float] = {}
    begun = ""
    for part in listed.split(","):
        begun += part
        member, _, number = begun.rpartition("=")
        if not member or not _is_number(number):
            begun += ","
            continue
        if member in numbers:
            return f"{member} stands twice."
        numbers[member] = float(number)
        begun = ""
    if begun:
        return f"{begun.rstrip(',')!r} has no share: write MEMBER=SHARE, such as Oslo=0.6."
    return as_shares(numbers)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
