"""What the pages behind a message's links show."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from harken_server.surveys.survey import Survey

Choice: TypeAlias = Literal["all", "not_this", "nothing"]
"""What a person lets us ask: as before, anything but this survey, or nothing at all."""


class ChoiceView(msgspec.Struct, kw_only=True, frozen=True):
    """Everything one of these pages depends on."""

    survey: Survey
    locale: str
    token: str
    """Of the page's own address; links between the pages need it."""
    choice: Choice = "all"
    """What holds now."""
