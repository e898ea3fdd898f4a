"""Responses as tables: what pandas, Polars and Arrow hold is what the responses say."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import pytest

import harken
from harken._frames import Columns

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANSWERS: list[dict[str, Any]] = [
    {"recommend": 9, "why": "=1+1", "parts": ["a", "b"], "grid": {"fast": 4, "kind": 5}},
    {"recommend": 3, "weight": 1, "survey": "a key that a field has too"},
    {"weight": 2.5, "code": 7, "agree": True},
    {"code": "007", "agree": False},
    {},
]


def columns() -> Columns:
    made = Columns()
    for number, answers in enumerate(ANSWERS):
        context = {"store": "Oslo", "total": 12.5} if number == 1 else {}
        made.add(
            harken.Response(
                id=f"r{number}",
                survey="s",
                version=1,
                state="complete",
                complete=True,
                sequence=1,
                submitted_at=NOON,
                updated_at=NOON,
                answers=answers,
                context=context,
                flags=("velocity",) if number else (),
            )
        )
    return made


EXPECTED = {
    "id": ["r0", "r1", "r2", "r3", "r4"],
    "flags": [[], ["velocity"], ["velocity"], ["velocity"], ["velocity"]],
    "submitted_at": [NOON] * 5,
    "respondent": [None] * 5,
    "context.store": [None, "Oslo", None, None, None],
    "context.total": [None, 12.5, None, None, None],
    "recommend": [9, 3, None, None, None],
    "why": ["=1+1", None, None, None, None],
    "parts": [["a", "b"], None, None, None, None],
    "grid.fast": [4, None, None, None, None],
    "grid.kind": [5, None, None, None, None],
    "weight": [None, 1.0, 2.5, None, None],
    "q_survey": [None, "a key that a field has too", None, None, None],
    "code": [None, None, "7", "007", None],
    "agree": [None, None, True, False, None],
}


@pytest.mark.parametrize("name", EXPECTED)
def test_columns(name: str) -> None:
    assert columns().to_dict()[name] == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_arrow_and_polars_hold_the_same(name: str) -> None:
    assert columns().to_arrow()[name].to_pylist() == EXPECTED[name]
    polars: Any = columns().to_polars()
    assert polars[name].to_list() == EXPECTED[name]


def test_pandas_holds_the_same() -> None:
    frame: Any = columns().to_pandas()
    assert list(frame.columns) == list(columns().to_dict())
    assert frame["weight"].isna().tolist() == [True, False, False, True, True]
    assert frame["recommend"].dropna().tolist() == [9, 3]
    assert frame["code"].dropna().tolist() == ["7", "007"]
    assert str(frame["submitted_at"].dtype).startswith("datetime64[")


@pytest.mark.parametrize(
    ("way", "package", "extra"),
    [
        ("to_pandas", "pandas", "pandas"),
        ("to_polars", "polars", "polars"),
        ("to_arrow", "pyarrow", "arrow"),
    ],
)
def test_what_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, way: str, package: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(harken.MissingExtraError, match=rf"'{package}'.*python\[{extra}\]"):
        getattr(columns(), way)()
