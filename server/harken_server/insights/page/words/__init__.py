"""What the results page says of scores; like the console, it speaks English only."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from harken_server.insights.rules.scores import Method, Metric
from harken_server.kernel.words import Catalogue


class ResultWords(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Names and sentences of metrics, groups of ratings and methods."""

    attribution: str
    thumb_up: str
    thumb_down: str
    metrics: dict[Metric, str]
    groups: dict[str, str]
    explanations: dict[Metric | Literal["thumbs"], str]
    """What each number is, in one line, with its direction where that could be mistaken."""
    methods: dict[Method, str]


RESULT_WORDS = Catalogue(Path(__file__).parent, ResultWords, ("en",))
