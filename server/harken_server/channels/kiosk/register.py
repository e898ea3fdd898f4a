"""What kiosks ask: checked before a device gets its code, and told to it in each language.

What it is told is `KioskConfig` in widget/kiosk/types.ts: surveys as the widget has them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from harken_server.channels.kiosk.rules import (
    PAIRING_HOURS,
    PAIRING_RANDOM_BYTES,
    Device,
    DeviceSettings,
    make_pairing_code,
    smiley_question,
)
from harken_server.channels.kiosk.store import add_device, renew_code
from harken_server.channels.kiosk.words import KIOSK_WORDS
from harken_server.channels.page.face.surveys import phrases_config, survey_config
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.database.database import Database
from harken_server.kernel.errors import InvalidInputError, Problem, StorageError
from harken_server.kernel.languages import language_name
from harken_server.kernel.local.zones import read_zone
from harken_server.surveys.definition import read_published
from harken_server.surveys.questions.types import Question, as_rating, style_of
from harken_server.surveys.store.surveys import get_survey, get_version
from harken_server.surveys.store.touchpoints import get_touchpoint
from harken_server.surveys.survey import Survey, offered_locales

PIN_ROUNDS = 10_000
"""A few milliseconds here, once for each PIN, and a tenth of a second on a tablet."""
MAX_CODES = 5
"""How many codes are tried, should they be taken; with 10^8 of them the first one is free."""


async def register_device(
    db: Database,
    random: Callable[[int], bytes],
    *,
    id: UUID,  # noqa: A002  # The record's own word.
    workspace_id: UUID,
    name: str,
    touchpoint: str,
    survey: str | None,
    settings: DeviceSettings,
    now: datetime,
) -> tuple[Device, str]:
    """Make a device and the code that it is paired with, which is kept until it is used.

    Raises InvalidInputError with every problem of what it is to ask.
    """
    await check_setup(db, workspace_id, touchpoint, survey, settings)
    device = Device(
        id=id,
        workspace_id=workspace_id,
        name=name,
        touchpoint=touchpoint,
        survey=survey,
        settings=settings,
        created_at=now,
        pairing_expires_at=now + timedelta(hours=PAIRING_HOURS),
    )
    for _ in range(MAX_CODES):
        code = make_pairing_code(random(PAIRING_RANDOM_BYTES))
        if await add_device(db, device, code):
            return device, code
    raise StorageError("No free pairing code was found; try again.")


async def renew_pairing(
    db: Database, random: Callable[[int], bytes], device: Device, now: datetime
) -> str:
    """Make another code for a device that is not registered yet; the one before is void.

    StorageError when it is registered meanwhile.
    """
    for _ in range(MAX_CODES):
        code = make_pairing_code(random(PAIRING_RANDOM_BYTES))
        expires_at = now + timedelta(hours=PAIRING_HOURS)
        if await renew_code(db, device.workspace_id, device.id, code=code, expires_at=expires_at):
            return code
    raise StorageError("No free pairing code was found; try again.")


async def check_setup(
    db: Database,
    workspace_id: UUID,
    touchpoint: str,
    survey: str | None,
    settings: DeviceSettings,
) -> None:
    """Raise InvalidInputError unless there is a survey to ask, in a way that it can be asked."""
    key = await survey_of(db, workspace_id, touchpoint, survey)
    if key is None:
        message = (
            f"The touchpoint {touchpoint!r} asks no survey: assign one to it, or name the survey."
        )
        raise InvalidInputError(message, (Problem("$.survey", "survey_missing", message),))
    found = await _definition(db, workspace_id, key)
    if found is None:
        message = f"There is no survey {key!r} here."
        raise InvalidInputError(message, (Problem("$.survey", "survey_unknown", message),))
    problems = (*_zone_problems(settings), *_language_problems(settings, found))
    if settings.mode == "smiley" and smiley_question(found.questions) is None:
        message = (
            "Smiley mode takes a survey whose first question is a csat or a rating of 3 to 5 "
            "points, shown to everybody."
        )
        problems = (*problems, Problem("$.settings.mode", "no_smiley_question", message))
    if problems:
        raise InvalidInputError(problems[0].message, problems)


async def survey_of(
    db: Database, workspace_id: UUID, touchpoint: str, survey: str | None
) -> str | None:
    """The key of the survey asked: the device's own, else its touchpoint's."""
    if survey is not None:
        return survey
    found = await get_touchpoint(db, workspace_id, touchpoint)
    return None if found is None else found.survey


async def _definition(db: Database, workspace_id: UUID, key: str) -> Survey | None:
    record = await get_survey(db, workspace_id, key)
    if record is None:
        return None
    version = await get_version(db, workspace_id, record.id, record.version)
    return None if version is None else read_published(version.definition)


def _zone_problems(settings: DeviceSettings) -> tuple[Problem, ...]:
    if read_zone(settings.timezone) is None:
        message = f"There is no time zone {settings.timezone!r}; names look like Europe/Oslo."
        return (Problem("$.settings.timezone", "timezone_unknown", message),)
    return ()


def _language_problems(settings: DeviceSettings, survey: Survey) -> tuple[Problem, ...]:
    offered = offered_locales(survey)
    return tuple(
        Problem(
            f"$.settings.languages[{place}]",
            "language_not_offered",
            f"The survey does not offer {locale!r}, only {', '.join(offered)}.",
        )
        for place, locale in enumerate(settings.languages)
        if locale not in offered
    )


Json: TypeAlias = dict[str, Any]


def kiosk_config(device: Device, survey: Survey | None, number: int) -> Json:
    """The device, its settings, and its survey in each language it offers.

    `survey` is None while there is nothing to ask: none is assigned, or it is not live.
    """
    found: Json = {
        "device": {"id": str(device.id), "name": device.name},
        "settings": _settings(device),
        "surveys": [],
        "phrases": {},
        "words": {"en": _words("en")},
    }
    if survey is None:
        return found
    smiley = smiley_question(survey.questions) if device.settings.mode == "smiley" else None
    if smiley is not None:
        found["smiley"] = smiley.key
        survey = _with_faces(survey, smiley.key)
    locales = [name for name in device.settings.languages if name in offered_locales(survey)]
    surveys = [survey_config(survey, number, each) for each in locales or offered_locales(survey)]
    for one in surveys:
        found["surveys"].append({**one, "spoken": language_name(str(one["locale"]))})
        language = str(one["language"])
        found["phrases"][language] = phrases_config(language)
        found["words"][language] = _words(language)
    return found


def _words(language: str) -> Json:
    own = msgspec.to_builtins(KIOSK_WORDS.of(language))
    return {**own, "language": PAGE_WORDS.of(language).language}


def _settings(device: Device) -> Json:
    """All settings, defaults included, but for the languages: the surveys say those."""
    named = ((name, getattr(device.settings, name)) for name in device.settings.__struct_fields__)
    said = {name: msgspec.to_builtins(value) for name, value in named if name != "languages"}
    pin = device.settings.exit_pin
    return said | {"exit_pin": None if pin is None else sealed_pin(str(device.id), pin)}


@lru_cache(maxsize=500)
def sealed_pin(salt: str, pin: str) -> Json:
    """A PIN that cannot be read where it is checked, on the tablet and without a network.

    Four digits are found out by whoever tries all of them: it keeps the PIN from being read off,
    not from being worked out.
    """
    digest = (salt + pin).encode()
    for _ in range(PIN_ROUNDS):
        digest = hashlib.sha256(digest).digest()
    return {"salt": salt, "rounds": PIN_ROUNDS, "digest": digest.hex()}


def _with_faces(survey: Survey, key: str) -> Survey:
    """The survey with this question drawn as faces, however its author has it drawn elsewhere."""
    questions = tuple(_as_faces(each) if each.key == key else each for each in survey.questions)
    return msgspec.structs.replace(survey, questions=questions)


def _as_faces(question: Question) -> Question:
    rated = as_rating(question)
    if rated is None or style_of(rated) is None:
        return question
    return msgspec.structs.replace(rated, style="smiley")
