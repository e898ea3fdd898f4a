"""Each question as the field it becomes on the page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

import msgspec

from harken_server.channels.page.forms import PREFIX, places_of
from harken_server.channels.page.scales import end_labels, scale_options
from harken_server.channels.page.views import FieldKind, FieldView, GroupView, OptionView
from harken_server.channels.page.wording import Wording
from harken_server.kernel.formats import MAX_EMAIL_CHARS
from harken_server.kernel.local.numbers import say_number
from harken_server.surveys.questions import types as q
from harken_server.surveys.questions.types import style_of

MAX_PHONE_CHARS = 60
NO_ERRORS: Mapping[str, str] = MappingProxyType({})


def field_of(
    question: q.Question, value: Any, wording: Wording, errors: Mapping[str, str] = NO_ERRORS
) -> FieldView:
    """The field for a question; `value` is its wire answer, or whatever was typed instead.

    `errors` has sentences by part, as `texts_by_part` gives them.
    """
    bare = _bare_field(question, value, wording)
    return msgspec.structs.replace(
        bare,
        text=wording.say(question.text),
        help=wording.say(question.help),
        is_required=question.required,
        groups=tuple(
            msgspec.structs.replace(group, error=errors.get(group.value, ""))
            for group in bare.groups
        ),
        error=errors.get("", ""),
        own_error=errors.get(q.OTHER, "") if bare.own_text is not None else "",
    )


def _bare_field(question: q.Question, value: Any, wording: Wording) -> FieldView:
    match question:
        case q.RatingBase():
            return _scale(question, value, wording)
        case q.OneChoice():
            return _choices(question, value, wording, "radios", "")
        case q.MultipleChoice():
            hint = _choice_hint(question, wording)
            return _choices(question, value, wording, "checkboxes", hint)
        case q.Matrix():
            return _matrix(question, value, wording)
        case q.Ranking():
            return _ranking(question, value, wording)
        case q.Written():
            return _written(question, value, wording)
        case q.Consent():
            chosen = (OptionView("yes", "", is_chosen=value is True),)
            return _field(question, "consent", label=wording.say(question.label), options=chosen)
        case q.Statement():
            return _field(question, "statement")


def _field(question: q.Question, kind: FieldKind, **parts: Any) -> FieldView:
    return FieldView(kind=kind, name=PREFIX + question.key, text="", **parts)


def _scale(question: q.RatingQuestion, value: Any, wording: Wording) -> FieldView:
    low, high = end_labels(question, wording)
    return _field(
        question,
        "scale",
        style=style_of(question) or "number",
        options=scale_options(question, value, low, high, wording.phrases),
        low_label=low,
        high_label=high,
    )


def _choices(
    question: q.OneChoiceQuestion | q.MultipleChoice,
    value: Any,
    wording: Wording,
    kind: FieldKind,
    hint: str,
) -> FieldView:
    chosen = cast("list[Any]", value if isinstance(value, list) else [value])
    own = [_own_text(item) for item in chosen if _own_text(item) is not None]
    options = [
        OptionView(choice.value, wording.say(choice.label), choice.value in chosen)
        for choice in question.choices
    ]
    if question.other is not None:
        is_own = bool(own) or q.OTHER in chosen
        options.append(OptionView(q.OTHER, wording.say(question.other), is_own))
    options += [
        OptionView(alone.value, wording.say(alone.label), alone.value in chosen, is_alone=True)
        for alone in question.listed()[len(question.choices) :]
    ]
    return _field(
        question,
        kind,
        hint=hint,
        options=tuple(options),
        own_text=None if question.other is None else (own[0] if own else ""),
        own_max_chars=_units(q.MAX_SHORT_TEXT),
    )


def _own_text(item: Any) -> str | None:
    return cast("dict[str, str]", item).get(q.OTHER) if isinstance(item, dict) else None


def _choice_hint(question: q.MultipleChoice, wording: Wording) -> str:
    phrases, low, high = wording.phrases, question.min_choices, question.max_choices
    if high is None:
        return phrases.choose_from.format(low=low) if low > 1 else phrases.choose_many
    if low == high:
        return phrases.choose_exactly.format(low=low)
    if low > 1:
        return phrases.choose_between.format(low=low, high=high)
    return phrases.choose_up_to.format(high=high)


def _matrix(question: q.Matrix, value: Any, wording: Wording) -> FieldView:
    given = cast("dict[str, Any]", value if isinstance(value, dict) else {})
    columns = [(column.value, wording.say(column.label)) for column in question.columns]
    groups = tuple(
        GroupView(
            row.value,
            f"{PREFIX}{question.key}.{row.value}",
            wording.say(row.label),
            tuple(OptionView(name, label, given.get(row.value) == name) for name, label in columns),
        )
        for row in question.rows
    )
    heads = tuple(OptionView(name, label) for name, label in columns)
    return _field(question, "matrix", groups=groups, options=heads)


def _ranking(question: q.Ranking, value: Any, wording: Wording) -> FieldView:
    given = cast("list[Any]", value if isinstance(value, list) else [])
    labels = [(choice.value, wording.say(choice.label)) for choice in question.choices]
    phrases, places = wording.phrases, places_of(question)
    groups = tuple(
        GroupView(
            str(place),
            f"{PREFIX}{question.key}.{place}",
            phrases.place.format(place=place),
            tuple(OptionView(name, label, given[place - 1 : place] == [name])
                  for name, label in labels),
        )
        for place in places
    )  # fmt: skip
    is_whole = question.max_ranked is None
    hint = phrases.rank_all if is_whole else phrases.rank_some.format(limit=len(places))
    return _field(question, "ranking", groups=groups, hint=hint)


def _written(question: q.WrittenQuestion, value: Any, wording: Wording) -> FieldView:
    typed, phrases = _typed(value, wording.locale), wording.phrases
    match question:
        case q.ShortText():
            return _field(
                question, "line", value=typed,
                placeholder=wording.say(question.placeholder),
                max_chars=_units(question.max_chars),
            )  # fmt: skip
        case q.LongText():
            limit = question.max_chars
            return _field(
                question, "area", value=typed,
                placeholder=wording.say(question.placeholder), max_chars=limit,
                hint=phrases.up_to_characters.format(limit=limit),
            )  # fmt: skip
        case q.Number():
            mode = "numeric" if question.is_whole else "decimal"
            if question.min is None or question.min < 0:
                mode = ""  # Keyboards for numbers lack a minus sign on some phones.
            return _field(
                question, "line", value=typed, input_mode=mode, unit=wording.say(question.unit)
            )
        case q.Date():
            return _field(
                question, "line", value=typed, input_type="date",
                low=question.earliest or "", high=question.latest or "",
            )  # fmt: skip
        case q.Email():
            return _field(
                question, "line", value=typed, input_type="email", autocomplete="email",
                hint=phrases.email_hint, max_chars=MAX_EMAIL_CHARS,
            )  # fmt: skip
        case q.Phone():
            return _field(
                question, "line", value=typed, input_type="tel", autocomplete="tel",
                hint=phrases.phone_hint, max_chars=MAX_PHONE_CHARS,
            )  # fmt: skip


def _typed(value: Any, locale: str) -> str:
    """The text to put back into an input: what was typed, or a stored number as it is typed."""
    if value is None or isinstance(value, (bool, list, dict)):
        return ""
    return say_number(value, locale) if isinstance(value, (int, float)) else str(value)


def _units(chars: int) -> int:
    """For `maxlength`, where browsers count UTF-16: as many as so many characters may take."""
    return 2 * chars
