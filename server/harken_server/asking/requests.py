"""A trigger: what a host application sends when a touchpoint happened, and whether it is sound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from math import isfinite
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.invitations import codes
from harken_server.kernel.errors import Problem
from harken_server.kernel.formats import MAX_EMAIL_CHARS, is_email, normalise_phone
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.kernel.person_names import MAX_RESPONDENT, PersonName, trim_respondent
from harken_server.surveys.asking import Moment
from harken_server.surveys.survey import TOUCHPOINT_PATTERN

MAX_NAME = 64
MAX_LOCALE = 12
MAX_EMAIL = MAX_EMAIL_CHARS
MAX_PHONE = 40
MAX_TIMEZONE = 64
MAX_CONTEXT_ENTRIES = 50
MAX_CONTEXT_TEXT = 500
MAX_IDEMPOTENCY_KEY = 128
MAX_AHEAD = timedelta(days=366)
"""How far ahead an invitation may be planned."""
DRAWN_BYTES = 2 * RANDOM_BYTES + codes.RANDOM_BYTES
"""Chance for the ids of a decision and an invitation, and for the invitation's code."""

Value: TypeAlias = (
    Annotated[str, msgspec.Meta(max_length=MAX_CONTEXT_TEXT)] | int | float | bool | None
)
Values: TypeAlias = Annotated[
    dict[Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)], Value],
    msgspec.Meta(max_length=MAX_CONTEXT_ENTRIES),
]

_LARGEST_WHOLE = 2**63 - 1
_TOUCHPOINT = re.compile(TOUCHPOINT_PATTERN)
_TIMEZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\Z")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_encoder = msgspec.json.Encoder(order="deterministic")


class TriggerRequest(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A touchpoint happened to a respondent; may they be asked?"""

    touchpoint: Annotated[
        str, msgspec.Meta(min_length=1, max_length=MAX_NAME, pattern=TOUCHPOINT_PATTERN)
    ]
    respondent: PersonName | None = None
    """The host's own lasting name for the person; None is anonymous, with no cooldown."""
    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)] = "api"
    context: Values = {}
    """What the survey may show or branch on, and what the response is filed under."""
    locale: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_LOCALE)] | None = None
    traits: Values = {}
    """What is known of the person, kept with what was known before; null forgets a trait."""
    email: Annotated[str, msgspec.Meta(min_length=3, max_length=MAX_EMAIL)] | None = None
    """Cached for the person; the channel `email` sends the invitation there."""
    phone: Annotated[str, msgspec.Meta(min_length=5, max_length=MAX_PHONE)] | None = None
    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TIMEZONE)] | None = None
    """Of the person, by its name in the IANA database: Europe/Oslo."""
    consent: bool | None = None
    """Whether the person agreed to be asked; false is a refusal, null says nothing."""
    send_at: Moment | None = None
    """When the invitation goes out; not at all, or in the past, is at once."""
    idempotency_key: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_IDEMPOTENCY_KEY)] | None
    ) = None
    """What happened, by a name of its own, so that repeating the trigger is safe; the header
    `Idempotency-Key` says the same of a single trigger."""

    def __post_init__(self) -> None:
        """Blanks around the name are no part of it."""
        trim_respondent(self, blank="empty")


class _FirstFields(msgspec.Struct, frozen=True):
    """Those of the first release, in their order: old digests must stay what they are."""

    touchpoint: str
    respondent: str | None
    channel: str
    context: Values
    locale: str | None


_FURTHER_FIELDS = tuple(
    name
    for name in TriggerRequest.__struct_fields__
    if name not in (*_FirstFields.__struct_fields__, "idempotency_key")
)


class Trigger(msgspec.Struct, kw_only=True, frozen=True):
    """One trigger on its way: all that is known of it before anything is looked up."""

    request: TriggerRequest
    workspace_id: UUID
    now: datetime
    drawn: bytes
    """`DRAWN_BYTES` of fresh chance; ids and code are made of it with the group, when needed."""
    idempotency_key: str | None = None
    wave: str = ""
    """The programme and its wave that ask; empty for a trigger of its own."""

    @property
    def id(self) -> UUID:
        """Of the decision that will be made."""
        return uuid7(self.now, self.drawn[:RANDOM_BYTES])

    @property
    def invitation_id(self) -> UUID:
        """Of the invitation, if one is made."""
        return uuid7(self.now, self.drawn[RANDOM_BYTES : 2 * RANDOM_BYTES])

    @property
    def code(self) -> str:
        """Of the invitation, if one is made."""
        return codes.make_code(self.drawn[2 * RANDOM_BYTES :])

    @property
    def digest(self) -> str:
        """What the request says, for telling a repeat from a reused key."""
        return digest_request(self.request)

    @property
    def subject(self) -> str:
        """What sampling goes by: the respondent, or for an anonymous one the trigger itself."""
        return self.request.respondent or self.idempotency_key or self.id.hex

    @property
    def locks(self) -> tuple[str, ...]:
        """Names of what no two decisions at once may be about."""
        respondent, key = self.request.respondent, self.idempotency_key
        named = () if respondent is None else (f"respondent {respondent}",)
        return named if key is None else (*named, f"key {key}")


def check_request(
    request: TriggerRequest, idempotency_key: str | None = None, *, now: datetime | None = None
) -> list[Problem]:
    """List everything wrong with a trigger, whether it was decoded from JSON or made in Python."""
    problems = list(_text_problems("$.touchpoint", request.touchpoint, MAX_NAME))
    if not problems and not _TOUCHPOINT.match(request.touchpoint):
        message = "a touchpoint is lower-case words joined by dots, such as order.delivered"
        problems.append(Problem(path="$.touchpoint", code="pattern", message=message))
    own_key = request.idempotency_key
    for path, text, longest in (
        ("$.respondent", request.respondent, MAX_RESPONDENT),
        ("$.channel", request.channel, MAX_NAME),
        ("$.locale", request.locale, MAX_LOCALE),
        ("Idempotency-Key", idempotency_key, MAX_IDEMPOTENCY_KEY),
        ("$.idempotency_key", own_key, MAX_IDEMPOTENCY_KEY),
    ):
        if text is not None:
            problems += _text_problems(path, text, longest)
    if None not in {idempotency_key, own_key} and idempotency_key != own_key:
        message = "$.idempotency_key and the header Idempotency-Key must be the same"
        problems.append(Problem(path="$.idempotency_key", code="contradiction", message=message))
    problems += check_person(
        email=request.email, phone=request.phone, timezone=request.timezone, traits=request.traits
    )
    if request.send_at is not None and now is not None and request.send_at > now + MAX_AHEAD:
        message = f"$.send_at must lie within {MAX_AHEAD.days} days"
        problems.append(Problem("$.send_at", "out_of_range", message, limit=MAX_AHEAD.days))
    return [*problems, *_values_problems("context", request.context)]


def check_person(
    *,
    email: str | None,
    phone: str | None,
    timezone: str | None,
    traits: Mapping[str, str | int | float | bool | None],
) -> Iterator[Problem]:
    """Everything wrong with what is told of a person."""
    if email is not None and not is_email(email):
        message = f"$.email must be an e-mail address of at most {MAX_EMAIL} characters"
        yield Problem("$.email", "bad_format", message, limit=MAX_EMAIL)
    if phone is not None and normalise_phone(phone) is None:
        message = "$.phone must be a phone number of 5 to 15 digits, such as +47 22 12 34 56"
        yield Problem("$.phone", "bad_format", message, limit=15)
    if timezone is not None and not _TIMEZONE.match(timezone):
        message = "$.timezone must be a name of the IANA database, such as Europe/Oslo"
        yield Problem("$.timezone", "bad_format", message)
    yield from _values_problems("traits", traits)


def digest_request(request: TriggerRequest) -> str:
    """Identify what was asked for (SHA-256, hex); the order of entries does not matter."""
    first = _FirstFields(
        request.touchpoint, request.respondent, request.channel, request.context, request.locale
    )
    told = ((name, getattr(request, name)) for name in _FURTHER_FIELDS)
    further = {name: value for name, value in told if value not in (None, {})}
    digest = sha256(_encoder.encode(first))
    if further:
        digest.update(_encoder.encode(further))
    return digest.hexdigest()


def _values_problems(
    name: str, values: Mapping[str, str | int | float | bool | None]
) -> Iterator[Problem]:
    if len(values) > MAX_CONTEXT_ENTRIES:
        message = f"{name} holds at most {MAX_CONTEXT_ENTRIES} entries, not {len(values)}"
        yield Problem(path=f"$.{name}", code="too_many", message=message, limit=MAX_CONTEXT_ENTRIES)
        return
    for entry, value in values.items():
        path = f"$.{name}.{entry[:MAX_NAME]}"
        yield from _text_problems(path, entry, MAX_NAME)
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
    if _UNSTORABLE.search(text, 0, longest + 1) or "\x00" in text:
        message = f"{path} must not hold NUL or half of a surrogate pair"
        yield Problem(path=path, code="bad_character", message=message)
