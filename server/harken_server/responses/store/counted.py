"""The two tables of counts, and what a transaction adds to both.

`answer_count` tells everything that is counted by, `day_count` only the day and the version: it is
what the former adds up to over touchpoints and channels, and what most numbers are read from.
Whoever changes counts does so by `Counts`, which keeps the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

import msgspec

from harken_server.database.database import Transaction
from harken_server.database.many_rows import Columns, insert_many
from harken_server.responses.store.row import counted_values, members_of
from harken_server.surveys.answers.typed_rows import AnswerRow

_Counted: TypeAlias = tuple[str, str, str]
"""(dimension, member, question)."""
_Values: TypeAlias = dict[_Counted, dict[str, int]]
_AT_ONCE = 200
"""SQLite takes several times as long to read one statement for thousands of rows."""
_encode = msgspec.json.Encoder().encode
_ADD = {
    "sqlite": "add_numbers({table}.counts, excluded.counts)",
    # Numbers above nothing are added one by one. Where one is below (seen by its sign, in a
    # key at worst for nothing) all are gone through, and what comes to nothing is left out.
    "postgres": """CASE
  WHEN strpos(CONCAT({table}.counts, excluded.counts), ': -') = 0 THEN {table}.counts || (
    SELECT COALESCE(jsonb_object_agg(
      value, COALESCE(CAST({table}.counts ->> value AS BIGINT), 0) + CAST(n AS BIGINT)
    ), '{{}}') FROM jsonb_each_text(excluded.counts) AS added (value, n)
  )
  ELSE (
    SELECT COALESCE(jsonb_object_agg(value, n), '{{}}') FROM (
      SELECT value, SUM(CAST(n AS BIGINT)) AS n FROM (
        SELECT * FROM jsonb_each_text({table}.counts)
        UNION ALL SELECT * FROM jsonb_each_text(excluded.counts)
      ) AS both_of_them (value, n) GROUP BY value HAVING SUM(CAST(n AS BIGINT)) <> 0
    ) AS summed
  ) END""",
}


class CountTable(NamedTuple):
    """A table of counts: all that its rows are told apart by, and the counts last."""

    name: str
    columns: Columns
    """In the order in which rows are locked."""
    key: str

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns."""
        return tuple(name for name, _ in self.columns)

    @property
    def apart(self) -> str:
        """What rows are told apart by, but for the lane."""
        return self.key.removesuffix(", lane")

    def clash(self, dialect: str) -> str:
        """What an insert does where counts are stored already: after ON CONFLICT."""
        return f"({self.key}) DO UPDATE SET counts = {_ADD[dialect].format(table=self.name)}"


_OF = (("dimension", "text"), ("member", "text"), ("question", "text"), ("lane", "int"),
       ("counts", "jsonb"))  # fmt: skip
_PLACE = (("touchpoint", "text"), ("channel", "text"))
_FIRST = (("survey_number", "int"), ("version", "int"))
ANSWER_COUNT = CountTable(
    "answer_count",
    (*_FIRST, *_PLACE, ("day", "int"), *_OF),
    "survey_number, dimension, member, question, day, version, touchpoint, channel, lane",
)
DAY_COUNT = CountTable(
    "day_count",
    (*_FIRST, ("day", "int"), *_OF),
    "survey_number, dimension, member, question, day, version, lane",
)
COUNT_TABLES = (ANSWER_COUNT, DAY_COUNT)
"""In the order in which their rows are locked."""


class Counts:
    """What a transaction adds to the counts."""

    def __init__(self) -> None:
        self._groups: dict[tuple[Any, ...], _Values] = {}

    def add(
        self, group: tuple[Any, ...], dimensions: str, answers: Iterable[AnswerRow], step: int
    ) -> None:
        """Count one response in (1) or out (-1) of its group, as a whole and in each dimension.

        A group is (number of the survey, version, touchpoint, channel, day).
        """
        counted = [
            (question, f"{part}.{value}" if part else value)
            for question, part, value in counted_values(answers)
        ]
        counts = self._groups.setdefault(group, {})
        for dimension, member in [("", ""), *(members_of(dimensions) if dimensions else ())]:
            for question, value in counted:
                values = counts.setdefault((dimension, member, question), {})
                values[value] = values.get(value, 0) + step

    def rows(self, lane: int) -> dict[CountTable, list[tuple[Any, ...]]]:
        """The rows to add to each table, without those that come to nothing."""
        return {
            ANSWER_COUNT: _rows(self._groups, lane),
            DAY_COUNT: _rows(self._days(), lane),
        }

    async def store(self, tx: Transaction, lane: int) -> None:
        """Add them to what is counted in a lane."""
        for table, rows in self.rows(lane).items():
            for start in range(0, len(rows), _AT_ONCE):
                some, clash = rows[start : start + _AT_ONCE], table.clash(tx.dialect)
                await insert_many(tx, table.name, table.columns, some, clash)

    def _days(self) -> dict[tuple[Any, ...], _Values]:
        """The same by (number of the survey, version, day)."""
        days: dict[tuple[Any, ...], _Values] = {}
        for (survey, version, _, _, day), counts in self._groups.items():
            sums = days.get((survey, version, day))
            if sums is None:
                days[survey, version, day] = {place: {**of} for place, of in counts.items()}
                continue
            for place, values in counts.items():
                found = sums.setdefault(place, {})
                for value, n in values.items():
                    found[value] = found.get(value, 0) + n
        return days


def _rows(groups: dict[tuple[Any, ...], _Values], lane: int) -> list[tuple[Any, ...]]:
    rows = [
        (*group, *place, lane, _encode(changed).decode())
        for group, counts in groups.items()
        for place, values in counts.items()
        if (changed := {value: n for value, n in values.items() if n})
    ]
    # In one order everywhere: two transactions that met half way would block each other.
    rows.sort()
    return rows
