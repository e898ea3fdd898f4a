"""Responses as a table of columns, for pandas, Polars and Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import msgspec

from harken._extras import need
from harken._types.response import Response

if TYPE_CHECKING:
    import pandas
    import polars

APART = ("answers", "hidden_answers", "context")
"""Fields of a response that get columns of their own names."""


class Columns:
    """Columns of responses, one value each; None where a response has nothing there.

    First the fields of `Response`, then `context.NAME`, then each question under its key; a
    question whose answer has parts, such as a matrix, as `KEY.PART`. A list stays a list.
    """

    def __init__(self) -> None:
        self._fields = [each for each in Response.__struct_fields__ if each not in APART]
        self._rows: list[dict[str, Any]] = []
        self._context: dict[str, None] = {}
        self._answers: dict[str, None] = {}

    def add(self, response: Response) -> None:
        """One row more."""
        row = {name: _plain(getattr(response, name)) for name in self._fields}
        context = {f"context.{name}": value for name, value in response.context.items()}
        answers = _flat({_free(key): value for key, value in response.answers.items()})
        self._context.update(dict.fromkeys(context))
        self._answers.update(dict.fromkeys(answers))
        self._rows.append(row | context | answers)

    def to_dict(self) -> dict[str, list[Any]]:
        """Every column with its values, in the order of the responses."""
        names = [*self._fields, *self._context, *self._answers]
        return {name: _alike([row.get(name) for row in self._rows]) for name in names}

    def to_arrow(self) -> Any:
        """A `pyarrow.Table`; MissingExtraError without `pyarrow`."""
        arrow = cast("Any", need("pyarrow", "arrow", "to_arrow"))
        return arrow.Table.from_pydict(self.to_dict())

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame of pandas; MissingExtraError without `pandas`."""
        frames = cast("Any", need("pandas", "pandas", "to_pandas"))
        return frames.DataFrame(self.to_dict())

    def to_polars(self) -> polars.DataFrame:
        """A data frame of Polars; MissingExtraError without `polars`."""
        frames = cast("Any", need("polars", "polars", "to_polars"))
        return frames.DataFrame(self.to_dict(), infer_schema_length=None)


def _free(key: str) -> str:
    """The key, or with `q_` before it where a field of responses has that name, as in exports."""
    while key in Response.__struct_fields__:
        key = f"q_{key}"
    return key


def _flat(answers: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in answers.items():
        if isinstance(value, dict):
            parts = cast("dict[str, Any]", value)
            flat.update({f"{key}.{part}": each for part, each in parts.items()})
        else:
            flat[key] = value
    return flat


def _plain(value: object) -> object:
    return list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value


def _alike(values: list[Any]) -> list[Any]:
    """Values of one kind: whole numbers become decimals beside decimals; else text beside text."""
    kinds = {cast("type[object]", type(value)) for value in values if value is not None}
    if len(kinds) < 2:
        return values
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    return [_as_text(value) for value in values]


def _as_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, datetime) else msgspec.json.encode(value).decode()
