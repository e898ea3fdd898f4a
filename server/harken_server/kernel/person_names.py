"""The host's own lasting name for a person: what may be one, wherever it is given."""

from __future__ import annotations

from typing import Any

import msgspec

MAX_RESPONDENT = 200
"""Characters; what databases, signatures and exports are made for."""


def trim_respondent(given: Any, *, is_claim: bool = False) -> None:
    """Take blanks at both ends off the field `respondent`: for `__post_init__` of what is decoded.

    ValueError, which is told as a problem, for a blank name; a blank claim is none.
    """
    name: str | None = given.respondent
    if name is None:
        return
    trimmed = name.strip() or None
    if trimmed is None and not is_claim:
        raise ValueError("`respondent` must not be blank")
    if trimmed != name:
        msgspec.structs.force_setattr(given, "respondent", trimmed)
