"""What a kiosk is told, `KioskConfig` in widget/kiosk/types.ts: surveys as the widget has them."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from harken_server.channels.kiosk.rules import Device, smiley_question
from harken_server.channels.kiosk.words import KIOSK_WORDS
from harken_server.channels.page.face.surveys import phrases_config, survey_config
from harken_server.channels.page.wording import offered_locales
from harken_server.channels.page.words import PAGE_WORDS
from harken_server.kernel.languages import language_name
from harken_server.surveys.questions.types import Question, as_rating, style_of
from harken_server.surveys.survey import Survey

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
    return {name: msgspec.to_builtins(value) for name, value in named if name != "languages"}


def _with_faces(survey: Survey, key: str) -> Survey:
    """The survey with this question drawn as faces, however its author has it drawn elsewhere."""
    questions = tuple(_as_faces(each) if each.key == key else each for each in survey.questions)
    return msgspec.structs.replace(survey, questions=questions)


def _as_faces(question: Question) -> Question:
    rated = as_rating(question)
    if rated is None or style_of(rated) is None:
        return question
    return msgspec.structs.replace(rated, style="smiley")
