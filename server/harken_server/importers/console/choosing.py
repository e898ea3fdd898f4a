"""How a file is to be understood, as its form says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from harken_server.events.rules import NAME_PATTERN
from harken_server.importers.rules.fields import KEPT, LEFT_OUT, FileKind, fields_of
from harken_server.importers.rules.layout import ENCODINGS, SEPARATORS
from harken_server.importers.rules.understood import SCALES, Choices, most_kept
from harken_server.importers.rules.written import DAY_ORDERS, DECIMALS
from harken_server.kernel.local.zones import read_zone
from harken_server.kernel.shown_text import hidden_character
from harken_server.surveys.survey import SURVEY_KEY_PATTERN
from harken_server.workspaces.field_errors import Errors, check_line
from harken_server.workspaces.signed_in import Form

SURVEY_KEY = re.compile(SURVEY_KEY_PATTERN)
MAX_TITLE = 200
MAX_NAME = 64
TABS = {"tab": "\t"}
"""What a form cannot send as it is: blanks at the ends of a value go."""
NEEDED: dict[bool, tuple[tuple[str, ...], ...]] = {
    False: (("at",), ("rating", "text")),
    True: (("respondent",), ("at",)),
}
"""Of events or not: of each of these one column, at least."""


def read_choices(form: Form, known: Choices) -> Choices:
    """What the form says; where it says what there is not, as it was."""
    separator = TABS.get(form.text("separator"), form.text("separator"))
    layout = msgspec.structs.replace(
        known.layout,
        encoding=_one_of(form.text("encoding"), ENCODINGS, known.layout.encoding),
        separator=_one_of(separator, SEPARATORS, known.layout.separator),
        has_names=form.text("names") != "no",
    )
    scale = tuple(int(part) for part in form.text("scale").split("-") if part.isdecimal())
    columns = tuple(
        form.values.get(f"column_{place}", [was])[0] for place, was in enumerate(known.columns)
    )
    return msgspec.structs.replace(
        known,
        layout=layout,
        columns=columns,
        order=_one_of(form.text("order"), DAY_ORDERS, None),
        decimal=_one_of(form.text("decimal"), DECIMALS, known.decimal),
        zone=form.text("zone") if read_zone(form.text("zone")) else known.zone,
        source=form.text("source") if SURVEY_KEY.fullmatch(form.text("source")) else "",
        title=form.text("title"),
        scale=scale if scale in SCALES else known.scale,
        event=form.text("event"),
    )


def texts_wrong(choices: Choices, kind: FileKind) -> Errors:
    """What is wrong with what was typed, whatever is to be done with it."""
    errors: Errors = {}
    field, most = ("event", MAX_NAME) if kind == "events" else ("title", MAX_TITLE)
    text = getattr(choices, field)
    if len(text) > most:
        errors[field] = f"At most {most} characters."
    elif hidden := hidden_character(text):
        errors[field] = f"It must not hold {hidden}, which cannot be seen."
    return errors


def all_wrong(choices: Choices, kind: FileKind, names: Sequence[str]) -> Errors:
    """Everything that keeps the file from being taken in like this."""
    errors = texts_wrong(choices, kind)
    _check_columns(errors, choices, kind, names)
    if choices.order is None:
        errors["order"] = "01/02 may be a day of January or of February: say which it is."
    if kind == "events":
        if "name" not in choices.columns and not choices.event:
            errors["event"] = "Say what happened, or which column says it."
        elif choices.event and not re.match(NAME_PATTERN, choices.event):
            errors["event"] = "Lower-case letters, digits and _, in words joined by dots: order."
    elif not choices.source:
        check_line(errors, "title", "The name", choices.title, MAX_TITLE)
    return errors


def _check_columns(errors: Errors, choices: Choices, kind: FileKind, names: Sequence[str]) -> None:
    known, counts = fields_of(kind), Counter(choices.columns)
    seen: dict[str, str] = {}
    kept = 0
    for place, (field, name) in enumerate(zip(choices.columns, names, strict=False)):
        where = f"column_{place}"
        if field in known and field in seen:
            errors[where] = f"“{seen[field]}” is taken as that already; choose one of them."
        elif field == KEPT:
            kept += 1
            if len(name) > MAX_NAME:
                errors[where] = f"Its name has more than {MAX_NAME} characters: leave it out."
            elif kept > most_kept(kind):
                errors[where] = f"At most {most_kept(kind)} columns are kept: leave some out."
        elif field not in known and field != LEFT_OUT:
            errors[where] = "Choose one of the list."
        seen.setdefault(field, name)
    for some in NEEDED[kind == "events"]:
        if not any(counts[field] for field in some):
            what = " or ".join(known[field].label.lower() for field in some)
            errors["columns"] = f"Say which column is the {what}."


def _one_of(said: str, among: Any, otherwise: Any) -> Any:
    return said if said in among else otherwise
