"""Conditions of a segment over `response r`, for either database; `$1` is the workspace.

Values are JSON of what a person or a page sent: text and number are never alike, as in
`surveys.segments`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from harken_server.database.database import Dialect
from harken_server.responses.codes import PROVED
from harken_server.responses.response import Narrowed
from harken_server.surveys.asking import RuleValue
from harken_server.surveys.conditions import PLAIN, Condition

NEVER = "1 = 0"
_EACH = {
    "sqlite": "json_each({}) AS e",
    "postgres": "jsonb_each(CAST({} AS jsonb)) AS e (key, value)",
}
_ANSWERS = {
    "sqlite": "json_each(r.answers) AS s, json_each(s.value) AS e",
    "postgres": "jsonb_each(r.answers - 'h') AS s (key, value) CROSS JOIN LATERAL"
    " jsonb_each(s.value) AS e (key, value)",
}
_HIDDEN = {
    "sqlite": "EXISTS (SELECT 1 FROM json_each(r.answers, '$.h') AS h WHERE h.value = {})",
    "postgres": "COALESCE(jsonb_exists(r.answers -> 'h', CAST({} AS text)), FALSE)",
}
_PERSON = "respondent p"
_IS_PERSON = f"p.workspace_id = $1 AND p.respondent = r.respondent AND r.{PROVED}"


def hold(narrowed: Narrowed, params: list[Any]) -> Iterator[str]:
    """One part of a WHERE clause for each condition; their values are added to the parameters."""
    for condition in narrowed.conditions:
        yield _Writer(narrowed.dialect, params).write(condition)


class _Writer:
    """Writes conditions for one database."""

    def __init__(self, dialect: Dialect, params: list[Any]) -> None:
        self._dialect: Dialect = dialect
        self._params = params

    def write(self, condition: Condition) -> str:
        if condition.of in PLAIN:
            return self._of_column(condition)
        source = self._source(condition)
        match condition.op:
            case "exists":
                found = f"EXISTS ({source} AND {self._is_given()})"
                return f"NOT {found}" if condition.value is False else found
            case "not_equals":
                given = f"EXISTS ({source} AND {self._is_given()})"
                return f"{given} AND NOT EXISTS ({source} AND {self._same(condition.value)})"
            case _:
                return f"EXISTS ({source} AND {self._compares(condition)})"

    def _source(self, condition: Condition) -> str:
        """The values that are meant, as `e`."""
        name = self._text(condition.name)
        if condition.of == "context":
            each = _EACH[self._dialect].format("r.context")
            return f"SELECT 1 FROM {each} WHERE e.key = {name}"  # noqa: S608  # our own words
        if condition.of == "trait":
            each = _EACH[self._dialect].format("p.traits")
            join = "," if self._dialect == "sqlite" else " CROSS JOIN LATERAL"
            return f"SELECT 1 FROM {_PERSON}{join} {each} WHERE {_IS_PERSON} AND e.key = {name}"  # noqa: S608  # as above
        question = self._text(condition.name.partition(".")[0])
        part = f"substr(e.key, 1, length({name}) + 1) = CONCAT({name}, '.')"
        if self._dialect == "sqlite":
            part = f"substr(e.key, 1, length({name}) + 1) = {name} || '.'"
        return (
            f"SELECT 1 FROM {_ANSWERS[self._dialect]} WHERE s.key <> 'h'"  # noqa: S608  # as above
            f" AND NOT {_HIDDEN[self._dialect].format(question)} AND (e.key = {name} OR {part})"
        )

    def _compares(self, condition: Condition) -> str:
        wanted = condition.value
        match condition.op:
            case "one_of":
                values = wanted if isinstance(wanted, tuple) else ()
                return f"({' OR '.join(map(self._same, values)) or NEVER})"
            case "contains":
                mark = self._text(str(wanted))
                if self._dialect == "sqlite":
                    return f"e.type = 'text' AND instr(e.atom, {mark}) > 0"
                return (
                    f"jsonb_typeof(e.value) = 'string' AND strpos(e.value #>> '{{}}', {mark}) > 0"
                )
            case "at_least" | "at_most":
                sign = ">=" if condition.op == "at_least" else "<="
                return self._is_beyond(sign, wanted)
            case _:
                return self._same(wanted)

    def _is_beyond(self, sign: str, wanted: object) -> str:
        if self._dialect == "sqlite":
            return f"e.type IN ('integer', 'real') AND e.atom {sign} {self._mark(wanted)}"
        number = self._text(msgspec.json.encode(wanted).decode())
        return (
            "CASE WHEN jsonb_typeof(e.value) = 'number' THEN CAST(e.value AS numeric)"
            f" {sign} CAST({number} AS numeric) ELSE FALSE END"
        )

    def _same(self, wanted: object) -> str:
        """Equal and alike: 1 is 1.0, but neither is true."""
        if self._dialect == "postgres":
            return f"e.value = CAST({self._text(msgspec.json.encode(wanted).decode())} AS jsonb)"
        match wanted:
            case bool():
                return f"e.type = '{'true' if wanted else 'false'}'"
            case int() | float():
                return f"(e.type IN ('integer', 'real') AND e.atom = {self._mark(wanted)})"
            case _:
                return f"(e.type = 'text' AND e.atom = {self._mark(wanted)})"

    def _is_given(self) -> str:
        kind = "e.type" if self._dialect == "sqlite" else "jsonb_typeof(e.value)"
        return f"{kind} <> 'null'"

    def _of_column(self, condition: Condition) -> str:
        """Of the response itself: what is empty is not given."""
        wanted, column = condition.value, f"r.{condition.of}"
        if condition.of == "version":
            return self._of_version(condition)
        match condition.op:
            case "exists":
                return f"{column} {'=' if wanted is False else '<>'} ''"
            case "contains":
                at = "instr" if self._dialect == "sqlite" else "strpos"
                return f"{at}({column}, {self._text(str(wanted))}) > 0"
            case "one_of":
                texts = [each for each in _listed(wanted) if isinstance(each, str)]
                marks = ", ".join(map(self._text, texts))
                return f"{column} IN ({marks})" if marks else NEVER
            case "equals" | "not_equals" if isinstance(wanted, str):
                sign = "=" if condition.op == "equals" else "<>"
                return f"({column} <> '' AND {column} {sign} {self._text(wanted)})"
            case "not_equals":
                return f"{column} <> ''"
            case _:
                return NEVER

    def _of_version(self, condition: Condition) -> str:
        signs = {"equals": "=", "not_equals": "<>", "at_least": ">=", "at_most": "<="}
        wanted = [each for each in _listed(condition.value) if _is_number(each)]
        match condition.op:
            case "exists":
                return NEVER if condition.value is False else "1 = 1"
            case "one_of" | "contains":
                marks = ", ".join(map(repr, wanted))
                return f"r.version IN ({marks})" if marks and condition.op == "one_of" else NEVER
            case _ if not wanted:
                return "1 = 1" if condition.op == "not_equals" else NEVER
            case _:
                return f"r.version {signs[condition.op]} {wanted[0]!r}"

    def _text(self, value: str) -> str:
        return f"CAST({self._mark(value)} AS text)"

    def _mark(self, value: object) -> str:
        if isinstance(value, int) and abs(value) >= 2**63:
            value = float(value)  # as JSON's are read
        self._params.append(value)
        return f"${len(self._params)}"


def _listed(value: RuleValue) -> tuple[RuleValue, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
