"""Roles: what each may do, and how far somebody on the front line sees."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Role: TypeAlias = Literal["owner", "editor", "analyst", "frontline", "viewer"]
Right: TypeAlias = Literal["see", "read", "edit", "manage"]
"""`see`: surveys and scores. `read`: single answers, comments and files of them. `edit`: surveys
and where they are shared. `manage`: people, keys, settings, the audit log."""

RIGHTS: dict[Role, frozenset[Right]] = {
    "owner": frozenset({"see", "read", "edit", "manage"}),
    "editor": frozenset({"see", "read", "edit"}),
    "analyst": frozenset({"see", "read"}),
    "frontline": frozenset({"see", "read"}),
    "viewer": frozenset({"see"}),
}
"""None of them costs anything."""


class Reach(NamedTuple):
    """What somebody on the front line sees: these stores, and these touchpoints."""

    stores: tuple[str, ...] = ()
    """Keys of stores."""
    touchpoints: tuple[str, ...] = ()


def may(role: Role, right: Right) -> bool:
    """Whether somebody with this role has the right.

    >>> may("analyst", "read"), may("analyst", "edit")
    (True, False)
    """
    return right in RIGHTS[role]
