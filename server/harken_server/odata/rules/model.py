"""The tables of a survey: their columns with types, and which column says which row it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from harken_server.design.markup import xml_text
from harken_server.exports.rules import Column
from harken_server.surveys.questions.base import OTHER
from harken_server.surveys.questions.types import Question, as_rating, type_of

Edm: TypeAlias = Literal[
    "Edm.String", "Edm.Int32", "Edm.Double", "Edm.Boolean", "Edm.DateTimeOffset", "Edm.Date",
    "Edm.Guid",
]  # fmt: skip
NAMESPACE = "Harken"
CONTAINER = "Survey"


class Property(NamedTuple):
    """A column of a table."""

    name: str
    type: Edm
    is_key: bool = False


class EntitySet(NamedTuple):
    """A table."""

    name: str
    properties: tuple[Property, ...]

    def types(self) -> dict[str, Edm]:
        """The type of each column."""
        return {each.name: each.type for each in self.properties}


_RESPONSE: tuple[Property, ...] = (
    Property("response_id", "Edm.Guid", is_key=True),
    Property("survey_version", "Edm.Int32"),
    Property("state", "Edm.String"),
    Property("submitted_at", "Edm.DateTimeOffset"),
    Property("answered_at", "Edm.DateTimeOffset"),
    Property("started_at", "Edm.DateTimeOffset"),
    Property("completed_at", "Edm.DateTimeOffset"),
    Property("channel", "Edm.String"),
    Property("touchpoint", "Edm.String"),
    Property("locale", "Edm.String"),
    Property("respondent", "Edm.String"),
    Property("respondent_verified", "Edm.Boolean"),
    Property("is_sample", "Edm.Boolean"),
    Property("context", "Edm.String"),
    Property("probability", "Edm.Double"),
    Property("origin_proof", "Edm.String"),
    Property("standing", "Edm.String"),
    Property("flags", "Edm.String"),
)
"""Before the columns of the questions, under the names that the CSV has too."""
_ANSWER: tuple[Property, ...] = (
    Property("response_id", "Edm.Guid", is_key=True),
    Property("column", "Edm.String", is_key=True),
    Property("question", "Edm.String"),
    Property("part", "Edm.String"),
    Property("value", "Edm.String"),
    Property("value_number", "Edm.Double"),
    Property("survey_version", "Edm.Int32"),
    Property("submitted_at", "Edm.DateTimeOffset"),
    Property("answered_at", "Edm.DateTimeOffset"),
    Property("channel", "Edm.String"),
    Property("touchpoint", "Edm.String"),
)
_COMMENT: tuple[Property, ...] = (
    Property("response_id", "Edm.Guid", is_key=True),
    Property("question", "Edm.String", is_key=True),
    Property("text", "Edm.String"),
    Property("rating", "Edm.Int32"),
    Property("survey_version", "Edm.Int32"),
    Property("submitted_at", "Edm.DateTimeOffset"),
    Property("answered_at", "Edm.DateTimeOffset"),
    Property("channel", "Edm.String"),
    Property("touchpoint", "Edm.String"),
    Property("is_sample", "Edm.Boolean"),
)
_NUMBER: tuple[Property, ...] = (
    Property("metric", "Edm.String"),
    Property("unit", "Edm.String"),
    Property("score", "Edm.Double"),
    Property("low", "Edm.Double"),
    Property("high", "Edm.Double"),
    Property("n", "Edm.Int32"),
)
_SCORE: tuple[Property, ...] = (
    Property("by", "Edm.String", is_key=True),
    Property("group", "Edm.String", is_key=True),
    Property("question", "Edm.String", is_key=True),
    *_NUMBER,
    Property("level", "Edm.Double"),
    Property("method", "Edm.String"),
    Property("margin", "Edm.Double"),
    Property("evidence", "Edm.String"),
    Property("mean", "Edm.Double"),
    Property("share", "Edm.Double"),
)
_TREND: tuple[Property, ...] = (
    Property("length", "Edm.String", is_key=True),
    Property("question", "Edm.String", is_key=True),
    Property("period", "Edm.String", is_key=True),
    Property("first_day", "Edm.Date"),
    Property("last_day", "Edm.Date"),
    *_NUMBER,
)


def entity_sets(
    columns: Sequence[Column], questions: Mapping[str, Question]
) -> dict[str, EntitySet]:
    """The tables of a survey with these columns; `questions` are all that ever were."""
    own = tuple(Property(each.name, edm_of(each, questions[each.question])) for each in columns)
    found = (
        EntitySet("Responses", (*_RESPONSE, *own)),
        EntitySet("Answers", _ANSWER),
        EntitySet("Scores", _SCORE),
        EntitySet("Trends", _TREND),
        EntitySet("Comments", _COMMENT),
    )
    return {each.name: each for each in found}


def edm_of(column: Column, question: Question) -> Edm:
    """The type of the cells that the export writes into a column."""
    if column.part == OTHER:
        return "Edm.String"
    match question.behaviour.wire:
        case "truth":
            return "Edm.Boolean"
        case "list" | "order":
            return "Edm.Int32"
        case "map":
            return "Edm.String"
        case "value":
            return _type_of_value(question)


def _type_of_value(question: Question) -> Edm:
    if as_rating(question) is not None:
        return "Edm.Int32"
    match type_of(question):
        case "number":
            return "Edm.Double"
        case "date":
            return "Edm.Date"
        case _:
            return "Edm.String"


def metadata_xml(sets: Mapping[str, EntitySet]) -> bytes:
    """`$metadata`: the tables as CSDL (OData 4.0 part 3)."""
    types = "".join(_entity_type(each) for each in sets.values())
    entries = "".join(
        f'<EntitySet Name="{name}" EntityType="{NAMESPACE}.{name}Row"/>' for name in sets
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        "<edmx:DataServices>"
        f'<Schema Namespace="{NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        f'{types}<EntityContainer Name="{CONTAINER}">{entries}</EntityContainer>'
        "</Schema></edmx:DataServices></edmx:Edmx>"
    ).encode()


def _entity_type(table: EntitySet) -> str:
    keys = "".join(
        f'<PropertyRef Name="{xml_text(each.name)}"/>' for each in table.properties if each.is_key
    )
    properties = "".join(
        f'<Property Name="{xml_text(each.name)}" Type="{each.type}"'
        f'{_precision(each.type)} Nullable="{"false" if each.is_key else "true"}"/>'
        for each in table.properties
    )
    return f'<EntityType Name="{table.name}Row"><Key>{keys}</Key>{properties}</EntityType>'


def _precision(edm: Edm) -> str:
    """Times are kept to the millisecond."""
    return ' Precision="3"' if edm == "Edm.DateTimeOffset" else ""
