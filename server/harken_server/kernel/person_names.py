"""The host's own lasting name for a person: what may be one, wherever it is given."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.kernel.errors import InvalidInputError, Problem

MAX_RESPONDENT = 200
"""Characters; what databases, signatures and exports are made for."""
if TYPE_CHECKING:
    PersonName: TypeAlias = str
else:
    PersonName = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_RESPONDENT)] | int
"""A name in JSON. A whole number stands for its digits: `trim_respondent` makes it a text."""


def trim_respondent(
    given: Any, *, blank: Literal["refused", "empty", "nobody"] = "refused"
) -> None:
    """Make the field `respondent` a text without blanks at its ends, after it was decoded.

    A blank name is a ValueError, which is told as a problem; or it is empty, for those who check
    lengths themselves; or nobody's, where it is a mere claim.
    """
    name: str | int | None = given.respondent
    if name is None:
        return
    trimmed = trim_name(name) or None
    if trimmed is None and blank == "refused":
        raise ValueError("`respondent` must not be blank")
    if trimmed is None and blank == "empty":
        trimmed = ""
    if trimmed != name:
        msgspec.structs.force_setattr(given, "respondent", trimmed)


def trim_name(name: str | int) -> str:
    """A name of a list, as text and without blanks at its ends; a blank one is empty."""
    return (name if isinstance(name, str) else _digits_of(name)).strip()


def suppression_digest(
    workspace_id: UUID, kind: Literal["address", "respondent"], name: str
) -> str:
    """Under what a name or an address is kept that is not kept itself.

    Addresses are alike whatever their case: that is how people write them.
    """
    text = name.strip().lower() if kind == "address" else name
    said = f"harken suppression 1\n{workspace_id}\n{kind}\n{text}"
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def why_no_name(message: str, path: str) -> str:
    """What the decoder says of a value, in words of ours where a person's name should stand.

    >>> why_no_name("Expected `int | str`, got `float`", "$.respondent")
    'A respondent is text or a whole number, and no `float`'
    """
    expected, _, got = message.partition(", got ")
    if got and path.endswith((".respondent", ".remove[...]")) and "int | str" in expected:
        return f"A respondent is text or a whole number, and no {got}"
    return message


def _digits_of(number: int) -> str:
    digits = str(number)
    if len(digits) <= MAX_RESPONDENT:
        return digits
    message = f"A respondent has at most {MAX_RESPONDENT} characters, and this number more digits."
    problem = Problem("$.respondent", "length", message, limit=MAX_RESPONDENT)
    raise InvalidInputError(message, (problem,))
