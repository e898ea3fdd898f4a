"""Kiosks: how one behaves, when it asks, how it is registered, and which response is which.

Everything here is decided from arguments; the opening hours take the time as the device's own
clock on the wall shows it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.kernel.ids import keyed_id
from harken_server.surveys.questions.types import (
    Key,
    Question,
    RatingQuestion,
    as_rating,
    scale_of,
    style_of,
)
from harken_server.surveys.survey import SURVEY_KEY_PATTERN, TouchpointKey
from harken_server.surveys.texts import Locale

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9](?!\n)$"
PIN_PATTERN = r"^[0-9]{4,8}(?!\n)$"
"""Without the look-ahead `$` would let a line break follow."""
PAIRING_CODE_DIGITS = 8
PAIRING_RANDOM_BYTES = 8
PAIRING_HOURS = 1
"""How long a pairing code can be used, in hours."""
MAX_SEQUENCE = 2**31 - 1
SMILEY_POINTS = range(3, 6)
"""How many faces a smiley terminal can show."""

DeviceName = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"\S")]
SurveyKey = Annotated[str, msgspec.Meta(pattern=SURVEY_KEY_PATTERN, max_length=64)]
DeviceState: TypeAlias = Literal["waiting", "expired", "registered", "revoked"]
_Clock = Annotated[str, msgspec.Meta(pattern=CLOCK_PATTERN, max_length=5)]
_ContextValue: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)] | int | float | bool | None


class Hours(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One stretch of opening: `{"opens": "09:00", "closes": "18:00"}`.

    Closing at or before the time of opening means on the next day; `00:00` to `00:00` is all day.
    """

    opens: _Clock
    closes: _Clock


class DeviceSettings(
    msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    """How a kiosk behaves."""

    mode: Literal["survey", "smiley"] = "survey"
    """The whole survey, or a row of faces where one tap is the answer."""
    follow_up: bool = True
    """In smiley mode: go on with the survey's other questions after the tap, for who wants to."""
    idle_reset_s: Annotated[int, msgspec.Meta(ge=3, le=600)] = 12
    """Seconds without a touch after which a survey that was begun starts again."""
    min_interval_s: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 5.0
    """Seconds after an answer within which further answers are discarded and counted."""
    thanks_s: Annotated[float, msgspec.Meta(ge=0.5, le=60)] = 2.0
    """Seconds that the thanks of a smiley terminal stay; those of a survey stay 5 at least."""
    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "UTC"
    """Name of the zone of the opening hours, such as `Europe/Oslo`."""
    opening_hours: dict[Weekday, Annotated[tuple[Hours, ...], msgspec.Meta(max_length=6)]] = {}
    """None at all means always open; else a day that is not named is closed."""
    languages: Annotated[tuple[Locale, ...], msgspec.Meta(max_length=20)] = ()
    """Which of the survey's languages to offer, the first one shown first; none means all."""
    exit_pin: Annotated[str, msgspec.Meta(pattern=PIN_PATTERN, max_length=8)] | None = None
    """Four to eight digits asked for before the staff's screen; None asks for nothing."""
    full_screen: bool = True
    """Fill the screen at the first touch, where the browser can."""
    context: Annotated[dict[Key, _ContextValue], msgspec.Meta(max_length=20)] = {}
    """Sent with each response, and filled into the survey's placeholders."""


class DeviceReport(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a device last said of itself."""

    waiting: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQUENCE)] = 0
    """Answers on the device that are not sent yet."""
    dead: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQUENCE)] = 0
    """Answers the server refused; they are kept on the device for the staff to look at."""
    discarded: Annotated[int, msgspec.Meta(ge=0, le=MAX_SEQUENCE)] = 0
    """Presses that came too soon after an answer, since the device was registered."""
    clock_offset_s: Annotated[float, msgspec.Meta(ge=-4e9, le=4e9)] | None = None
    """Seconds to add to the device's clock to get the server's, when it last asked."""


class Device(msgspec.Struct, kw_only=True, frozen=True):
    """One kiosk as stored; its token and its pairing code are not in here."""

    id: UUID
    workspace_id: UUID
    name: str
    touchpoint: TouchpointKey
    survey: str | None
    """None lets the touchpoint say which survey is asked."""
    settings: DeviceSettings
    created_at: datetime
    pairing_expires_at: datetime | None = None
    registered_at: datetime | None = None
    last_seen_at: datetime | None = None
    revoked_at: datetime | None = None
    report: DeviceReport | None = None


def state_of(device: Device, now: datetime) -> DeviceState:
    """Whether it waits for its code to be typed, was too late, works, or was revoked."""
    if device.revoked_at is not None:
        return "revoked"
    if device.registered_at is not None:
        return "registered"
    expires = device.pairing_expires_at
    return "waiting" if expires is not None and now < expires else "expired"


def response_id(token: str, sequence: int) -> UUID:
    """The id of a device's nth response, so that a repeat is the same one.

    It hangs on the device's token, which only the device knows: the device's own id can be read.

    >>> response_id("hd_example", 1)
    UUID('335e989c-5adb-88c3-8bc4-b84010cc7f17')
    """
    return keyed_id(token.encode(), b"harken kiosk response\n", str(sequence).encode())


def make_pairing_code(random: bytes) -> str:
    """Eight digits, for a keypad, from 8 fresh random bytes; ValueError for another length.

    >>> make_pairing_code(bytes(8))
    '00000000'
    """
    if len(random) != PAIRING_RANDOM_BYTES:
        raise ValueError(f"a pairing code takes {PAIRING_RANDOM_BYTES} bytes, not {len(random)}")
    number = int.from_bytes(random, "big") % 10**PAIRING_CODE_DIGITS
    return f"{number:0{PAIRING_CODE_DIGITS}}"


def parse_pairing_code(typed: str) -> str | None:
    """The code as typed, in groups or not; None when it cannot be one.

    >>> parse_pairing_code(" 1234-5678 "), parse_pairing_code("1234567")
    ('12345678', None)
    """
    digits = "".join(typed.replace("-", "").split())
    is_code = len(digits) == PAIRING_CODE_DIGITS and digits.isascii() and digits.isdecimal()
    return digits if is_code else None


def is_open(settings: DeviceSettings, local: datetime) -> bool:
    """Whether the kiosk asks at this time on the wall; the browser decides by the same rule.

    >>> night = DeviceSettings(opening_hours={"friday": (Hours(opens="20:00", closes="02:00"),)})
    >>> [is_open(night, datetime(2026, 11, 20 + day, 1)) for day in (0, 1, 2)]
    [False, True, False]
    """
    if not settings.opening_hours:
        return True
    clock = f"{local.hour:02}:{local.minute:02}"
    today = settings.opening_hours.get(WEEKDAYS[local.weekday()], ())
    before = settings.opening_hours.get(WEEKDAYS[local.weekday() - 1], ())
    return any(_holds_today(hours, clock) for hours in today) or any(
        hours.closes <= hours.opens and clock < hours.closes for hours in before
    )


def smiley_question(questions: tuple[Question, ...]) -> RatingQuestion | None:
    """The question that a row of faces can ask: the first one, when it has 3 to 5 points."""
    for question in questions:
        if not question.behaviour.takes_answer:
            continue
        rated = as_rating(question)
        if rated is None or style_of(rated) is None or rated.show_if is not None:
            return None
        low, high = scale_of(rated)
        return rated if high - low + 1 in SMILEY_POINTS else None
    return None


def _holds_today(hours: Hours, clock: str) -> bool:
    if hours.closes <= hours.opens:
        return clock >= hours.opens
    return hours.opens <= clock < hours.closes
