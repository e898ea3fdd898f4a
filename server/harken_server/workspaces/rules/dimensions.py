"""Dimensions: which may be declared, and to which member of each a response belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.numbers import number_text
from harken_server.workspaces.rules.shares import as_shares
from harken_server.workspaces.workspace import Dimension

MAX_DIMENSIONS = 8
MAX_KEY_CHARS = 64
MAX_MEMBER_CHARS = 64
MOST_MEMBERS = 500
"""Of a dimension, in one survey, by words that nothing proves; the rest belongs to `OTHER`."""
OTHER = "other"
STORE = "store"
"""The dimension by which somebody on the front line sees their stores."""
WAVE = "wave"
"""The dimension that nobody declares: the wave of a programme that asked."""
TAKEN = (WAVE, "touchpoint", "channel", "day", "version")
"""By these everything is counted already."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
_MEANT = "must begin with a small letter and hold at most 32 of a to z, 0 to 9 and _"
_DIGEST_CHARS = 8


def check_dimensions(given: Sequence[Dimension]) -> None:
    """InvalidInputError with every problem of a declaration: too many, a bad name or key, twice."""
    problems: list[Problem] = []
    if len(given) > MAX_DIMENSIONS:
        message = f"dimensions holds at most {MAX_DIMENSIONS} entries, not {len(given)}"
        problems.append(Problem("$.dimensions", "too_many", message, limit=MAX_DIMENSIONS))
    seen: set[str] = set()
    for index, dimension in enumerate(given[:MAX_DIMENSIONS]):
        problems += _problems_of(dimension, f"dimensions[{index}]", seen)
        seen.add(dimension.name)
    if problems:
        raise InvalidInputError("; ".join(problem.message for problem in problems), tuple(problems))


def find_members(
    dimensions: Iterable[Dimension], context: Mapping[str, object], traits: Mapping[str, object]
) -> dict[str, str]:
    """The member of each dimension that has one here.

    >>> store, plan = Dimension("store", "context", "shop"), Dimension("plan", "trait", "plan")
    >>> find_members([store, plan], {"shop": 17.0}, {})
    {'store': '17'}
    """
    members: dict[str, str] = {}
    for dimension in dimensions:
        values = context if dimension.source == "context" else traits
        if member := member_of(values.get(dimension.key)):
            members[dimension.name] = member
    return members


def claimed_dimensions(dimensions: Iterable[Dimension], claimed: Iterable[str]) -> set[str]:
    """Those whose members come from names of the context that nobody vouches for.

    >>> store, plan = Dimension("store", "context", "shop"), Dimension("plan", "trait", "shop")
    >>> claimed_dimensions([store, plan], ["shop"])
    {'store'}
    """
    names = set(claimed)
    return {one.name for one in dimensions if one.source == "context" and one.key in names}


def admit_member(member: str, counted: set[str], most: int = MOST_MEMBERS) -> str:
    """A member that nobody vouches for, or `other` when it is one too many; notes what is new.

    >>> counted = {"a"}
    >>> [admit_member(member, counted, 2) for member in ("a", "b", "c", "b")]
    ['a', 'b', 'other', 'b']
    """
    if member not in counted and len(counted) >= most:
        return OTHER
    counted.add(member)
    return member


def member_of(value: object) -> str:
    """A value as the name of a member; empty for nothing, and for what is no plain value.

    Numbers are written as exports write them. A text that is too long is cut, and ends in a part of
    its SHA-256, so that two that begin alike stay two. PostgreSQL stores no NUL.

    >>> member_of(True), member_of(3.0), member_of(2.5), member_of(None), member_of("Oslo S")
    ('true', '3', '2.5', '', 'Oslo S')
    >>> member_of("a" * 70)[-12:]
    'aaa…6bd5e503'
    """
    match value:
        case bool():
            text = "true" if value else "false"
        case int():
            text = str(value)
        case float():
            text = number_text(value)
        case str():
            text = value.replace("\0", "\ufffd")
        case _:
            return ""
    if len(text) <= MAX_MEMBER_CHARS:
        return text
    digest = sha256(text.encode()).hexdigest()[:_DIGEST_CHARS]
    return f"{text[: MAX_MEMBER_CHARS - _DIGEST_CHARS - 1]}…{digest}"


def _problems_of(dimension: Dimension, path: str, seen: set[str]) -> list[Problem]:
    name, key = dimension.name, dimension.key
    problems: list[Problem] = []
    if not _NAME.fullmatch(name):
        message = f"{path}.name {_MEANT}, not {name[:MAX_KEY_CHARS]!r}"
        problems.append(Problem(f"$.{path}.name", "bad_name", message, limit=32))
    elif name in TAKEN:
        message = f"{path}.name must not be {name!r}: by that everything is counted already"
        problems.append(Problem(f"$.{path}.name", "name_taken", message))
    elif name in seen:
        message = f"{path}.name {name!r} stands twice"
        problems.append(Problem(f"$.{path}.name", "duplicate", message))
    if not 1 <= len(key) <= MAX_KEY_CHARS:
        message = f"{path}.key must have 1 to {MAX_KEY_CHARS} characters, not {len(key)}"
        problems.append(Problem(f"$.{path}.key", "length", message, limit=MAX_KEY_CHARS))
    shares = as_shares(dict(dimension.shares)) if dimension.shares else {}
    if isinstance(shares, str):
        problems.append(Problem(f"$.{path}.shares", "bad_shares", f"{path}.shares: {shares}"))
    return problems
