"""What the widget checks before it goes on, and the sentence for each limit that is broken.

The widget only makes answers that can be ticked, ranked or written there; nothing else has to be
checked before the server does. Patterns are regular expressions of JavaScript with the flag `u`,
tried on the text without blanks around it; they accept what `kernel.formats` accepts.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from harken_server.channels.page.problem_texts import explain
from harken_server.channels.page.wording import Wording
from harken_server.kernel.formats import MAX_NUMBER
from harken_server.surveys.questions import types as q

Json: TypeAlias = dict[str, Any]

EMAIL_PATTERN: Final = (
    r"^(?!.{255}|\.|.*(?:[.@]{2}|\.$))[^\p{C}\p{Z}()<>[\]:;,\\\x22@]{1,64}"
    r"@(?:(?!-)[\p{L}\p{N}-]{1,63}(?<!-)(?:\.|$)){2,}$"
)
FILLERS: Final = (
    r" \-.()/\xa0\xb7\u061c\u2007\u2009\u200b\u200e\u200f\u2010-\u2014\u202a-\u202f\u2066-\u2069"
    r"\u2212\ufeff"
)
"""`PHONE_FILLERS` between the brackets of a pattern."""
PHONE_PATTERN: Final = (
    rf"^(?!.{{61}})(?=(?:\P{{Nd}}*\p{{Nd}}){{5,15}}\P{{Nd}}*$)"
    rf"[{FILLERS}]*[+\uff0b]?[{FILLERS}\p{{Nd}}]*$"
)
DATE_PATTERN: Final = r"^(?!0000)\d{4}-\d\d-\d\d$"


def limits_of(question: q.Question, wording: Wording) -> Json:
    """Limits as the widget compares them, and `says`: a sentence for each code."""
    limits, codes = _limits(question)
    if question.required:
        codes["required"] = None
    says = {name: explain(name, limit, question, wording) for name, limit in codes.items()}
    found: Json = {**limits, "says": says}
    return {name: value for name, value in found.items() if value not in (None, {})}


def _limits(question: q.Question) -> tuple[Json, dict[str, Any]]:
    match question:
        case q.ShortText() | q.LongText():
            return {"max_chars": question.max_chars}, {"too_long": question.max_chars}
        case q.Number():
            return _number_limits(question)
        case q.Date():
            ends = {"too_low": question.earliest, "too_high": question.latest}
            limits = {"pattern": DATE_PATTERN, "min": question.earliest, "max": question.latest}
            return limits, {"invalid": None, **{name: day for name, day in ends.items() if day}}
        case q.Email():
            return {"pattern": EMAIL_PATTERN}, {"invalid": None}
        case q.Phone():
            return {"pattern": PHONE_PATTERN}, {"invalid": None}
        case q.MultipleChoice():
            least, most = question.min_choices or None, question.max_choices
            codes = {"too_few_choices": least, "too_many_choices": most}
            return {"least": least, "most": most}, {
                name: size for name, size in codes.items() if size
            }
        case q.Ranking():
            most = question.max_ranked
            if most is None:
                least = len(question.choices)
                return {"least": least}, {"incomplete": least}
            return {"most": most}, {"too_many_choices": most}
        case q.Matrix():
            return {}, {"incomplete": len(question.rows)} if question.required else {}
        case q.RatingBase() | q.OneChoice() | q.Consent() | q.Statement():
            return {}, {}


def _number_limits(question: q.Number) -> tuple[Json, dict[str, Any]]:
    low = MAX_NUMBER if question.min is None else min(MAX_NUMBER, -question.min)
    high = MAX_NUMBER if question.max is None else min(MAX_NUMBER, question.max)
    limits = {"min": -low, "max": high, "is_whole": question.is_whole or None}
    codes = {"wrong_type": None, "too_low": -low, "too_high": high}
    return limits, {**codes, "not_whole": None} if question.is_whole else codes
