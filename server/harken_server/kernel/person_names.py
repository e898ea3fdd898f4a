"""The host's own lasting name for a person: what may be one, wherever it is given."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

MAX_RESPONDENT = 200
"""Characters; what databases, signatures and exports are made for."""


def trim_respondent(
    given: Any, *, blank: Literal["refused", "empty", "nobody"] = "refused"
) -> None:
    """Take blanks at both ends off the field `respondent`: for `__post_init__` of what is decoded.

    A blank name is a ValueError, which is told as a problem; or it is empty, for those who check
    lengths themselves; or nobody's, where it is a mere claim.
    """
    name: str | None = given.respondent
    if name is None:
        return
    trimmed = name.strip() or None
    if trimmed is None and blank == "refused":
        raise ValueError("`respondent` must not be blank")
    if trimmed is None and blank == "empty":
        trimmed = ""
    if trimmed != name:
        msgspec.structs.force_setattr(given, "respondent", trimmed)
