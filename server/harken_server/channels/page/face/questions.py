"""Questions as the widget gets them, made ready for drawing: `Question` in widget/src/types.ts.

They are the fields of the page, told as data: the browser knows what to draw, what limits hold and
what to say when one is broken, and of question types only how to tick, to rank and to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias, assert_never

from harken_server.channels.page.fields import field_of
from harken_server.channels.page.problem_texts import explain
from harken_server.channels.page.views import FieldView, GroupView, OptionView
from harken_server.channels.page.wording import Texts, Wording
from harken_server.kernel.formats import MAX_NUMBER, SEVERAL_SIGNS
from harken_server.surveys.questions import conditions as c
from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.types import OTHER, Jump, Question, type_of

Json: TypeAlias = dict[str, Any]
MANY_POINTS = 7
"""More points than this are set closer, and in two rows where it is narrow."""
EMAIL_PATTERN: Final = (
    rf"^(?!.{{255}}|\.|.*(?:[.@]{{2}}|\.$|=\?|@.*[{SEVERAL_SIGNS}]))"
    r"[^\p{C}\p{Z}()<>[\]:;,\\\x22@]{1,64}"
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


def question_config(question: Question, texts: Texts) -> Json:
    """One question in one locale."""
    field, phrases = field_of(question, None, texts), texts.phrases
    must = phrases.required if question.required else phrases.optional
    found: Json = {
        "type": type_of(question),
        "key": question.key,
        "text": field.text,
        "notes": [note for note in (field.help, field.hint) if note],
        "mark": must if question.behaviour.takes_answer else "",
        "required": question.required,
        "show_if": question.show_if and condition_config(question.show_if),
        "jumps": [_jump(jump) for jump in question.jumps],
        **_drawn(field),
    }
    limits = limits_of(question, texts)
    return {**{name: value for name, value in found.items() if value}, **limits}


def limits_of(question: q.Question, wording: Wording) -> Json:
    """Limits as the widget compares them, and `says`: a sentence for each code."""
    limits, codes = _limits(question)
    if question.required:
        codes["required"] = None
    says = {name: explain(name, limit, question, wording) for name, limit in codes.items()}
    found: Json = {**limits, "says": says}
    return {name: value for name, value in found.items() if value not in (None, {})}


def _drawn(field: FieldView) -> Json:
    """What there is to tick or to write in."""
    match field.kind:
        case "scale":
            return _scale(field)
        case "radios":  # however the survey says it, the browser lets one be chosen
            return {"type": "single_choice", "options": _options(field)}
        case "checkboxes":
            return {"options": _options(field), "many": True}
        case "ranking":
            return {"options": _labelled(field.groups[0].options), "many": True}
        case "matrix":
            return {"rows": _labelled(field.groups), "options": _labelled(field.options)}
        case "consent":
            return {"options": [{"value": True, "label": field.label}], "many": True}
        case "line":
            return {"field": _line(field), "placeholder": field.placeholder, "unit": field.unit}
        case "area":
            return {"field": {"rows": 4}, "placeholder": field.placeholder}
        case "statement":
            return {}


def _scale(field: FieldView) -> Json:
    options: list[Json] = []
    for point in field.options:
        is_read = not point.mark or field.style == "thumbs"
        option: Json = {"value": int(point.value), "mark": point.mark}
        option["label"] = point.label if is_read else ""
        said = (*(() if is_read else (point.label,)), *((point.detail,) if point.detail else ()))
        option["name"] = ", ".join(said)
        options.append({name: part for name, part in option.items() if part != ""})
    ends = [field.low_label, field.high_label]
    return {
        "options": options,
        "style": f"scale {field.style}{' long' if len(options) > MANY_POINTS else ''}",
        "ends": ends if field.style != "thumbs" and any(ends) else [],
    }


def _options(field: FieldView) -> list[Json]:
    options = _labelled(field.options)
    for option, shown in zip(options, field.options, strict=True):
        if shown.value == OTHER:
            option["own"] = True
        if shown.is_alone:
            option["alone"] = True
    return options


def _labelled(entries: Sequence[OptionView | GroupView]) -> list[Json]:
    return [{"value": each.value, "label": each.label} for each in entries]


def _line(field: FieldView) -> Json:
    """Properties of the input as the DOM names them."""
    found = {
        "type": field.input_type,
        "inputMode": field.input_mode,
        "autocomplete": field.autocomplete,
        "min": field.low,
        "max": field.high,
    }
    return {name: value for name, value in found.items() if value is not None}


def _jump(jump: Jump) -> Json:
    if jump.when is None:
        return {"to": jump.to}
    return {"to": jump.to, "when": condition_config(jump.when)}


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


def condition_config(condition: c.Condition) -> Json:
    """The tree with one form for all comparisons: an operand, and what it must be.

    `is`: one of these; `isnt`: given, and not this; `min`, `max`: a number within; `has`: a list
    with this in it. None of them: given at all.
    """
    match condition:
        case c.All():
            return {"all": [condition_config(part) for part in condition.of]}
        case c.AnyOf():
            return {"any": [condition_config(part) for part in condition.of]}
        case c.Not():
            return {"not": condition_config(condition.of)}
        case _:
            names = ("answer", "row", "context")
            operand = {name: getattr(condition, name) for name in names}
            given = {name: value for name, value in operand.items() if value is not None}
            return {**given, **_demand(condition)}


def _demand(condition: c.Comparison) -> Json:
    match condition:
        case c.Equals():
            return {"is": [condition.value]}
        case c.OneOf():
            return {"is": list(condition.values)}
        case c.NotEquals():
            return {"isnt": condition.value}
        case c.AtLeast():
            return {"min": condition.value}
        case c.AtMost():
            return {"max": condition.value}
        case c.Includes():
            return {"has": condition.value}
        case c.Answered():
            return {}
        case _:
            assert_never(condition)
