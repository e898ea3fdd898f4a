"""Questions as the widget gets them, made ready for drawing: `Question` in widget/src/types.ts.

The browser is told what to draw, what limits hold and what to say when one is broken, so that it
knows nothing of question types but how to tick, to rank and to write.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from harken_server.channels.page.face.answer_limits import limits_of
from harken_server.channels.page.face.conditions import condition_config
from harken_server.channels.page.face.texts import Texts
from harken_server.channels.page.fields import field_of
from harken_server.channels.page.scales import scale_options, usual_labels
from harken_server.channels.page.wording import Wording
from harken_server.channels.page.words import Phrases
from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.types import style_of, type_of

Json: TypeAlias = dict[str, Any]

MANY_POINTS = 7
"""More points than this are set closer, and in two rows where it is narrow."""


def question_config(question: q.Question, texts: Texts) -> Json:
    """One question in one locale."""
    found: Json = {
        "type": type_of(question),
        "key": question.key,
        "text": texts.of(question.text),
        "notes": [note for note in (texts.of(question.help), _hint(question, texts)) if note],
        "mark": _mark(question, texts.phrases),
        "required": question.required,
        "show_if": question.show_if and condition_config(question.show_if),
        "jumps": [_jump(jump) for jump in question.jumps],
        **_drawn(question, texts),
    }
    limits = limits_of(question, texts.phrases)
    return {**{name: value for name, value in found.items() if value}, **limits}


def _drawn(question: q.Question, texts: Texts) -> Json:
    """What there is to tick or to write in."""
    match question:
        case q.RatingBase():
            return _scale(question, texts)
        case q.OneChoice():  # however the survey says it, the browser lets one be chosen
            return {"type": "single_choice", "options": _options(question, texts)}
        case q.MultipleChoice() | q.Ranking():
            return {"options": _options(question, texts), "many": True}
        case q.Matrix():
            return {
                "rows": _labelled(question.rows, texts),
                "options": _labelled(question.columns, texts),
            }
        case q.Consent():
            return {"options": [{"value": True, "label": texts.of(question.label)}], "many": True}
        case q.Written():
            return _written(question, texts)
        case q.Statement():
            return {}


def _scale(question: q.RatingQuestion, texts: Texts) -> Json:
    usual_low, usual_high = usual_labels(question, texts.phrases)
    low = texts.of(question.low_label) or usual_low
    high = texts.of(question.high_label) or usual_high
    style = style_of(question) or "number"
    points = scale_options(question, None, low, high, texts.phrases)
    options: list[Json] = []
    for point in points:
        is_read = not point.mark or style == "thumbs"
        option: Json = {"value": int(point.value), "mark": point.mark}
        option["label"] = point.label if is_read else ""
        said = (*(() if is_read else (point.label,)), *((point.detail,) if point.detail else ()))
        option["name"] = ", ".join(said)
        options.append({name: part for name, part in option.items() if part != ""})
    return {
        "options": options,
        "style": f"scale {style}{' long' if len(points) > MANY_POINTS else ''}",
        "ends": [] if style == "thumbs" or not (low or high) else [low, high],
    }


def _options(question: q.ChoiceQuestion, texts: Texts) -> list[Json]:
    options: list[Json] = _labelled(question.choices, texts)
    for choice in question.offered()[len(question.choices) :]:
        how = "own" if choice.value == q.OTHER else "alone"
        options.append({**texts.choice(choice), how: True})
    return sorted(options, key=lambda option: "alone" in option)


def _labelled(choices: tuple[q.Choice, ...], texts: Texts) -> list[Json]:
    return [dict(texts.choice(choice)) for choice in choices]


def _written(question: q.WrittenQuestion, texts: Texts) -> Json:
    """Properties of the field as the DOM names them, and what stands beside it."""
    match question:
        case q.ShortText():
            return {"field": {"type": "text"}, "placeholder": texts.of(question.placeholder)}
        case q.LongText():
            return {"field": {"rows": 4}, "placeholder": texts.of(question.placeholder)}
        case q.Number():
            # Keyboards for numbers lack a minus sign on some phones.
            is_plain = question.min is not None and question.min >= 0
            mode = ("numeric" if question.is_whole else "decimal") if is_plain else ""
            return {"field": {"type": "text", "inputMode": mode}, "unit": texts.of(question.unit)}
        case q.Date():
            ends = {"min": question.earliest or "", "max": question.latest or ""}
            return {"field": {"type": "date", **ends}}
        case q.Email():
            return {"field": {"type": "email", "autocomplete": "email"}}
        case q.Phone():
            return {"field": {"type": "tel", "autocomplete": "tel"}}


def _mark(question: q.Question, phrases: Phrases) -> str:
    """The word beside the question that says whether it must be answered."""
    if not question.behaviour.takes_answer:
        return ""
    return phrases.required if question.required else phrases.optional


def _hint(question: q.Question, texts: Texts) -> str:
    """What the interface says on how to answer."""
    wording = Wording(texts.locale, texts.default, texts.phrases, {}, {}, {})
    return field_of(question, None, wording).hint


def _jump(jump: q.Jump) -> Json:
    if jump.when is None:
        return {"to": jump.to}
    return {"to": jump.to, "when": condition_config(jump.when)}
