"""What a host application sends when a touchpoint happened, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from math import isfinite
from typing import Annotated, TypeAlias

import msgspec

from harken_server.core.errors import Problem
from harken_server.core.survey import TOUCHPOINT_PATTERN

MAX_RESPONDENT = 200
MAX_NAME = 64
MAX_LOCALE = 12
MAX_CONTEXT_ENTRIES = 50
MAX_CONTEXT_TEXT = 500
MAX_IDEMPOTENCY_KEY = 128

ContextValue: TypeAlias = str | int | float | bool | None

_LARGEST_WHOLE = 2**63 - 1
_TOUCHPOINT = re.compile(TOUCHPOINT_PATTERN.removesuffix("$") + r"\Z")


class TriggerRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A touchpoint happened to a respondent; may they be asked?"""

    touchpoint: Annotated[
        str, msgspec.Meta(min_length=1, max_length=MAX_NAME, pattern=TOUCHPOINT_PATTERN)
    ]
    respondent: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_RESPONDENT)] | None = None
    """The host's own lasting name for the person; None is anonymous, with no cooldown."""
    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)] = "api"
    context: Annotated[
        dict[
            Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)],
            Annotated[str, msgspec.Meta(max_length=MAX_CONTEXT_TEXT)] | int | float | bool | None,
        ],
        msgspec.Meta(max_length=MAX_CONTEXT_ENTRIES),
    ] = {}
    """What the survey may show or branch on, and what the response is filed under."""
    locale: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LOCALE)] | None = None


def check_request(request: TriggerRequest, idempotency_key: str | None = None) -> list[Problem]:
    """List everything wrong with a trigger, whether it was decoded from JSON or made in Python."""
    problems = list(_text_problems("$.touchpoint", request.touchpoint, MAX_NAME))
    if not problems and not _TOUCHPOINT.match(request.touchpoint):
        message = "a touchpoint is lower-case words joined by dots, such as order.delivered"
        problems.append(Problem(path="$.touchpoint", code="pattern", message=message))
    if request.respondent is not None:
        problems += _text_problems("$.respondent", request.respondent, MAX_RESPONDENT)
    problems += _text_problems("$.channel", request.channel, MAX_NAME)
    if request.locale is not None:
        problems += _text_problems("$.locale", request.locale, MAX_LOCALE)
    if idempotency_key is not None:
        problems += _text_problems("Idempotency-Key", idempotency_key, MAX_IDEMPOTENCY_KEY)
    return [*problems, *_context_problems(request.context)]


def digest_request(request: TriggerRequest) -> str:
    """Identify what was asked for (SHA-256, hex); the order of context entries does not matter."""
    return sha256(msgspec.json.encode(request, order="deterministic")).hexdigest()


def _context_problems(context: dict[str, ContextValue]) -> Iterator[Problem]:
    if len(context) > MAX_CONTEXT_ENTRIES:
        message = f"context holds at most {MAX_CONTEXT_ENTRIES} entries, not {len(context)}"
        yield Problem(path="$.context", code="too_many", message=message, limit=MAX_CONTEXT_ENTRIES)
        return
    for name, value in context.items():
        path = f"$.context.{name[:MAX_NAME]}"
        yield from _text_problems(path, name, MAX_NAME)
        if isinstance(value, str):
            yield from _text_problems(path, value, MAX_CONTEXT_TEXT, shortest=0)
        elif isinstance(value, float) and not isfinite(value):
            yield Problem(path=path, code="not_finite", message=f"{path} must be a finite number")
        elif isinstance(value, int) and abs(value) > _LARGEST_WHOLE:
            message = f"{path} must lie within 64 bits"
            yield Problem(path=path, code="out_of_range", message=message, limit=_LARGEST_WHOLE)


def _text_problems(path: str, text: str, longest: int, shortest: int = 1) -> Iterator[Problem]:
    if not shortest <= len(text) <= longest:
        message = f"{path} must have {shortest} to {longest} characters, not {len(text)}"
        yield Problem(path=path, code="length", message=message, limit=longest)
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text[: longest + 1]):
        message = f"{path} must not hold NUL or half of a surrogate pair"
        yield Problem(path=path, code="bad_character", message=message)
