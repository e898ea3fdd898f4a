"""A process of its own that makes an SPSS file of rows in a folder: `rows` becomes `sav`.

SPSS's rules are those of IBM's "Variable names" and "Variable types and formats": 64 bytes of a
name, 256 of a label, 120 of the label of a value, 32,767 of a text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from harken_server.exports.local_times import local_ms
from harken_server.exports.titles import Kind

MAX_NAME, MAX_LABEL, MAX_VALUE_LABEL, MAX_TEXT = 64, 256, 120, 32_767
"""Bytes of UTF-8."""
RESERVED = frozenset(
    ("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with")
)
"""Words of SPSS's language that name no variable."""
EPOCH_S = (date(1970, 1, 1) - date(1582, 10, 14)).days * 86_400
"""SPSS counts seconds from the day before the Gregorian calendar."""
FORMATS: Mapping[Kind, str] = {
    "whole": "F8.0", "truth": "F1.0", "time": "DATETIME20", "day": "SDATE10",
}  # fmt: skip
_TRUTHS = {"1": "Yes", "0": "No"}
Values: TypeAlias = Sequence[Any]


class Variable(msgspec.Struct, frozen=True):
    """A column as the table has it."""

    name: str
    kind: Kind
    title: str
    labels: Mapping[str, str]


class Plan(msgspec.Struct, frozen=True):
    """The first line of `rows`; each other one has the values of a response."""

    title: str
    zone: str
    variables: Sequence[Variable]


def main(folder: Path) -> None:
    """Make the file, at a lower priority than whoever asked for it."""
    os.nice(10)
    with (folder / "rows").open("rb") as file:
        plan = msgspec.json.decode(next(file), type=Plan)
        rows: list[Values] = [msgspec.json.decode(line) for line in file]
    columns: list[Values] = list(zip(*rows, strict=True)) if rows else [[]] * len(plan.variables)
    frame, said = _described(plan, columns)
    write: Any = import_module("pyreadstat").write_sav
    write(
        import_module("pandas").DataFrame(frame), str(folder / "sav"),
        file_label=cut(plan.title, 64), row_compress=True, **said,
    )  # fmt: skip


def _described(plan: Plan, columns: Sequence[Values]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of the file, and what it says of them."""
    names = spss_names([each.name for each in plan.variables])
    series: Any = import_module("pandas").Series
    local = local_ms(UTC if plan.zone == "UTC" else ZoneInfo(plan.zone))
    frame: dict[str, Any] = {}
    titles, labels, formats, measures = (dict[str, Any]() for _ in range(4))
    for name, variable, values in zip(names, plan.variables, columns, strict=True):
        kind, made = _made(variable.kind, values, local)
        is_text = kind in {"text", "choice"}
        parts = _in_parts(made) if is_text else [made]
        for part_name, part in zip(_part_names(name, len(parts), names), parts, strict=True):
            frame[part_name] = series(part, dtype=object if is_text else "float64")
            titles[part_name] = cut(variable.title, MAX_LABEL)
            measures[part_name] = "scale" if kind in {"decimal", "time"} else "nominal"
            if kind in FORMATS:
                formats[part_name] = FORMATS[kind]
        if meanings := _labels(variable, is_text=is_text):
            labels[name] = meanings
    return frame, {
        "column_labels": titles, "variable_value_labels": labels, "variable_format": formats,
        "variable_measure": measures,
    }  # fmt: skip


def spss_names(names: Iterable[str]) -> list[str]:
    """Names that SPSS takes, no two of them alike in small letters.

    >>> spss_names(["recommend", "with", "q_with"])
    ['recommend', 'q_with', 'q_with_2']
    """
    found: dict[str, str] = {}
    for name in names:
        plain = f"q_{name}" if name.lower() in RESERVED else name
        found[_free(plain.rstrip("_")[:MAX_NAME], found)] = name
    return list(found)


def cut(text: str, size: int) -> str:
    """As much of the text as this many bytes of UTF-8 hold, on one line."""
    return " ".join(text.split()).encode()[:size].decode(errors="ignore")


def _made(kind: Kind, values: Values, local: Callable[[int], int]) -> tuple[Kind, Values]:
    """The values as SPSS keeps them; days before its calendar make texts of all of them."""
    match kind:
        case "time":
            return kind, [None if v is None else local(v) / 1000 + EPOCH_S for v in values]
        case "day":
            days = [None if v is None else date.fromisoformat(v).toordinal() for v in values]
            if any(day is not None and day < _FIRST_DAY for day in days):
                return "text", ["" if v is None else v for v in values]
            return kind, [None if d is None else (d - _UNIX_DAY) * 86_400 + EPOCH_S for d in days]
        case "text" | "choice":
            return kind, ["" if v is None else v for v in values]
        case "whole" | "decimal" | "truth":
            return kind, values


_UNIX_DAY = date(1970, 1, 1).toordinal()
_FIRST_DAY = date(1582, 10, 15).toordinal()


def _in_parts(values: Values) -> list[Values]:
    """The texts, and what of them does not fit in one variable, in further ones."""
    parts: list[Values] = []
    left = list(values)
    while not parts or any(left):
        some = [text.encode()[:MAX_TEXT].decode(errors="ignore") for text in left]
        left = [text[len(part) :] for text, part in zip(left, some, strict=True)]
        parts.append(some)
    return parts


def _part_names(name: str, count: int, taken: Iterable[str]) -> list[str]:
    used = dict.fromkeys(taken, "")
    further: list[str] = []
    for number in range(2, count + 1):
        further.append(_free(f"{name[: MAX_NAME - 6]}_part{number}", used))
        used[further[-1]] = ""
    return [name, *further]


def _free(name: str, taken: Mapping[str, str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[: MAX_NAME - len(str(number)) - 1]}_{number}"
    return free


def _labels(variable: Variable, *, is_text: bool) -> dict[Any, str]:
    labels = variable.labels
    if variable.kind == "truth":
        labels = labels or _TRUTHS
    return {
        (value if is_text else float(value)): cut(label, MAX_VALUE_LABEL)
        for value, label in labels.items()
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
