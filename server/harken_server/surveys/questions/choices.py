"""Questions answered by choosing: from a list, or from the same columns for each row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar, Protocol, TypeAlias

import msgspec

from harken_server.surveys.questions.base import (
    EQUAL,
    OTHER,
    SILENT,
    BrokenLimit,
    Choice,
    Columns,
    QuestionBase,
    Says,
)
from harken_server.surveys.texts import LocalText

_CHOSEN = SILENT._replace(
    takes_answer=True,
    compared_with="choice",
    fills_texts=True,
    has_parts=True,
    is_chosen=True,
    replies="all",
)


class _Offering(Protocol):
    """What there is to choose, whether the survey says it or the type."""

    @property
    def choices(self) -> tuple[Choice, ...]: ...
    @property
    def other(self) -> LocalText | None: ...


class _Offered(Protocol):
    def offered(self) -> tuple[Choice, ...]: ...


class Listing(QuestionBase, kw_only=True, frozen=True, omit_defaults=True):
    """A question answered by choosing from a list."""

    def values(self: _Offered) -> list[str]:
        """The choices."""
        return _values(self.offered())

    def labels(self: _Offered) -> dict[str, LocalText]:
        """The choices and their labels."""
        return _labels(self.offered())

    def part_labels(self: _Offered) -> dict[str, LocalText]:
        """The choices again: some types have a column for each."""
        return _labels(self.offered())


class OneChoice(Listing, kw_only=True, frozen=True, omit_defaults=True):
    """A question answered by one of its `choices`, or where it has `other` by a text of its own."""

    behaviour: ClassVar = _CHOSEN._replace(compares=EQUAL, is_one_press=True, is_one_key=True)

    def listed(self: _Offering) -> tuple[Choice, ...]:
        """The choices with a value of the survey's."""
        return self.choices

    def offered(self: _Offering) -> tuple[Choice, ...]:
        """The listed choices and, last, the one with a text of one's own."""
        return _with_own(self.choices, self.other)

    def sheet_columns(self: _Offering) -> Columns:
        """The choice, and the text of one's own."""
        yield ""
        if self.other is not None:
            yield OTHER

    def parts(self) -> list[str]:
        """None: one choice has no order."""
        return []

    def fully_named(self) -> None:
        """Nothing: one choice is a whole answer."""

    def broken_limits(self) -> Iterator[BrokenLimit]:
        """None: it has no limits."""
        yield from ()


class SingleChoice(OneChoice, tag="single_choice", kw_only=True, frozen=True, omit_defaults=True):
    """One of several choices. Wire: `"price"`, or `{"other": "the music"}`."""

    choices: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=100)]
    other: Annotated[LocalText | None, Says.OFFER] = None
    """Label of a last choice with a text of the respondent's own; None means there is none."""


class MultipleChoice(Listing, tag="multiple_choice", kw_only=True, frozen=True, omit_defaults=True):
    """Any of several choices. Wire: `["price", "speed", {"other": "the music"}]`."""

    behaviour: ClassVar = _CHOSEN._replace(
        wire="list", compares=frozenset({"membership", "equality"})
    )
    choices: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=100)]
    other: Annotated[LocalText | None, Says.OFFER] = None
    none: Annotated[Choice | None, Says.OFFER] = None
    """An exclusive choice such as "none of these"; it cannot be combined."""
    min_choices: Annotated[int, msgspec.Meta(ge=0, le=100), Says.LEAST] = 0
    max_choices: Annotated[Annotated[int, msgspec.Meta(ge=1, le=102)] | None, Says.MOST] = None

    def listed(self) -> tuple[Choice, ...]:
        """The choices with a value of the survey's, the exclusive one last."""
        return self.choices if self.none is None else (*self.choices, self.none)

    def offered(self) -> tuple[Choice, ...]:
        """The listed choices and, last, the one with a text of one's own."""
        return _with_own(self.listed(), self.other)

    def sheet_columns(self) -> Columns:
        """One for each choice, and the text of one's own."""
        for choice in self.listed():
            yield choice.value
        if self.other is not None:
            yield OTHER

    def parts(self) -> list[str]:
        """The choices, and the text of one's own, which an older version may have had."""
        return [*_values(self.listed()), OTHER]

    def fully_named(self) -> None:
        """Nothing: any choices are a whole answer."""

    def broken_limits(self) -> Iterator[BrokenLimit]:
        """More than there is to combine, or a least above the most."""
        least, most = self.min_choices, self.max_choices
        count = len(self.choices) + (self.other is not None)
        for field, size in (("min_choices", least), ("max_choices", most)):
            if size is not None and size > count:
                message = f"`{field}` is {size}, but only {count} choices can be combined."
                yield BrokenLimit(field, message, count)
        if most is not None and least > most:
            message = f"`min_choices` is {least} and above `max_choices`, which is {most}."
            yield BrokenLimit("min_choices", message, most)


class Matrix(QuestionBase, tag="matrix", kw_only=True, frozen=True, omit_defaults=True):
    """One choice of the same columns for each row. Wire: `{"food": "good", "speed": "poor"}`."""

    behaviour: ClassVar = _CHOSEN._replace(
        wire="map", compares=EQUAL, fills_texts=False, replies="none"
    )
    rows: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=1, max_length=50)]
    columns: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=11)]

    def sheet_columns(self) -> Columns:
        """One for each row."""
        for row in self.rows:
            yield row.value

    def parts(self) -> list[str]:
        """The rows."""
        return _values(self.rows)

    def values(self) -> list[str]:
        """The columns."""
        return _values(self.columns)

    def labels(self) -> dict[str, LocalText]:
        """Rows and columns with their labels."""
        return _labels((*self.rows, *self.columns))

    def part_labels(self) -> dict[str, LocalText]:
        """The rows, of which one may be called as a column is."""
        return _labels(self.rows)

    def fully_named(self) -> str | None:
        """The rows, when an answer is required."""
        return "rows" if self.required else None

    def broken_limits(self) -> Iterator[BrokenLimit]:
        """None: it has no limits."""
        yield from ()


class Ranking(Listing, tag="ranking", kw_only=True, frozen=True, omit_defaults=True):
    """Choices put in order, best first. Wire: `["speed", "price"]`."""

    behaviour: ClassVar = _CHOSEN._replace(wire="order", compares=frozenset({"membership"}))
    choices: Annotated[tuple[Choice, ...], msgspec.Meta(min_length=2, max_length=20)]
    max_ranked: Annotated[Annotated[int, msgspec.Meta(ge=1, le=20)] | None, Says.COUNT] = None
    """None means that every choice must be ranked."""

    def listed(self) -> tuple[Choice, ...]:
        """The choices."""
        return self.choices

    def offered(self) -> tuple[Choice, ...]:
        """The choices."""
        return self.choices

    def sheet_columns(self) -> Columns:
        """The place of each choice."""
        for choice in self.choices:
            yield choice.value

    def parts(self) -> list[str]:
        """None: the places are the order."""
        return []

    def fully_named(self) -> str | None:
        """The choices, unless it asks for the best ones only."""
        return "choices" if self.max_ranked is None else None

    def broken_limits(self) -> Iterator[BrokenLimit]:
        """More places than choices."""
        count = len(self.choices)
        if self.max_ranked is not None and self.max_ranked > count:
            message = f"`max_ranked` is {self.max_ranked}, but there are {count} choices."
            yield BrokenLimit("max_ranked", message, count)


OneChoiceQuestion: TypeAlias = SingleChoice


def _with_own(choices: tuple[Choice, ...], own: LocalText | None) -> tuple[Choice, ...]:
    return choices if own is None else (*choices, Choice(value=OTHER, label=own))


def _values(choices: Iterable[Choice]) -> list[str]:
    return [choice.value for choice in choices]


def _labels(choices: Iterable[Choice]) -> dict[str, LocalText]:
    return {choice.value: choice.label for choice in choices}
