"""Conditions of saved segments: the language of rules, over responses as well as over people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, TypeAlias, get_args

import msgspec

from harken_server.kernel.errors import Problem
from harken_server.surveys.asking import MAX_RULES, Rule, RuleOp, RuleValue
from harken_server.surveys.checks.asking import check_rules

MAX_NAME = 97
"""Of a question and one of its parts, with a full stop between."""

OfPerson: TypeAlias = Literal["trait", "context"]
OfAnswers: TypeAlias = Literal["answer", "band"]
OfResponse: TypeAlias = Literal["touchpoint", "channel", "version", "locale"]
PLAIN: tuple[OfResponse, ...] = get_args(OfResponse)
"""What a response has one of: these need no name."""
NAMED: tuple[OfPerson | OfAnswers, ...] = (*get_args(OfPerson), *get_args(OfAnswers))


class Condition(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What a trait, a value of the context, an answer or the response itself must be.

    `answer` is of the question `name`, or `question.part`, of the survey whose responses are looked
    at; `band` is the named group of its rating, such as `detractors`.
    """

    of: OfPerson | OfAnswers | OfResponse
    name: Annotated[str, msgspec.Meta(max_length=MAX_NAME)] = ""
    """Of the trait, the context or the question; the others take none."""
    op: RuleOp = "equals"
    """As of the rules of asking."""
    value: RuleValue = None


Conditions: TypeAlias = Annotated[
    tuple[Condition, ...], msgspec.Meta(min_length=1, max_length=MAX_RULES)
]


def rules_of(conditions: Iterable[Condition]) -> tuple[Rule, ...]:
    """The same as rules of asking; only those over traits and context are any."""
    return tuple(
        Rule(of=each.of, name=each.name, op=each.op, value=each.value)
        for each in conditions
        if each.of == "trait" or each.of == "context"  # tells the types apart
    )


def is_of_people(conditions: Iterable[Condition]) -> bool:
    """Whether they can be told before anybody answers: over traits and context alone."""
    return all(each.of in {"trait", "context"} for each in conditions)


def check_conditions(conditions: Sequence[Condition], path: str) -> Iterator[Problem]:
    """Everything wrong with them; `path` is where they stand."""
    for place, each in enumerate(conditions):
        here = f"{path}[{place}]"
        if each.of in NAMED and not each.name:
            yield Problem(f"{here}.name", "missing", f"`{each.of}` needs a name.")
        elif each.of in PLAIN and each.name:
            yield Problem(f"{here}.name", "not_allowed", f"`{each.of}` takes no name.")
        if each.of == "band" and each.op not in {"equals", "not_equals", "one_of", "exists"}:
            yield Problem(f"{here}.op", "wrong_type", f"`band` does not take `{each.op}`.")
        for problem in check_rules([_as_rule(each)], here):
            yield msgspec.structs.replace(problem, path=f"{here}.value")


def _as_rule(condition: Condition) -> Rule:
    name = condition.name or condition.of
    return Rule(name=name, op=condition.op, value=condition.value)
