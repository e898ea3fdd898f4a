"""What columns of a file may be, and by which names people call them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

FileKind: TypeAlias = Literal["review", "social", "call", "ticket", "other", "events"]
Field: TypeAlias = str
KEPT, LEFT_OUT = "+", ""
"""A column that stands beside the answer under its own name, and one that is not taken in."""


class Known(NamedTuple):
    """A field that a column may be."""

    label: str
    names: frozenset[str]
    """As columns are often called, in several languages, without signs and accents."""


def _known(label: str, names: str) -> Known:
    return Known(label, frozenset(names.split()))


_WHO = _known(
    "Person", "respondent customer customerid userid user client kunde kundennummer cliente person"
    " email customeremail emailaddress mail author authorname reviewer username",
)  # fmt: skip
_WHEN = _known(
    "Date", "at date time datetime timestamp created createdat day when datum zeit fecha data dato"
    " published publishedat reviewdate orderdate submittedat eventtime",
)  # fmt: skip
_ID = _known(
    "Its id", "id reviewid bewertungid ticketid postid orderid eventid callid uuid reference number"
)
_FEEDBACK: tuple[tuple[Field, Known], ...] = (
    ("text", _known(
        "Text", "text comment comments review content body message note notes description feedback"
        " kommentar bewertungstext texto comentario commentaire avis reviewtext post transcript",
    )),
    ("rating", _known(
        "Rating", "rating stars star score grade bewertung sterne note nota puntuacion etoiles"
        " starrating ratingvalue satisfaction csat nps",
    )),
    ("at", _WHEN),
    ("link", _known("Link", "link url permalink address href reviewurl source sourceurl")),
    ("respondent", _WHO),
    ("touchpoint", _known("Touchpoint", "touchpoint")),
    ("locale", _known("Language", "locale language lang sprache idioma langue")),
    ("id", _ID),
)  # fmt: skip
FEEDBACK: Mapping[Field, Known] = dict(_FEEDBACK)
EVENTS: Mapping[Field, Known] = {
    "respondent": _WHO,
    "name": _known("Event", "name event eventname type action what ereignis"),
    "at": _WHEN,
    "value": _known(
        "Value", "value amount total revenue price betrag umsatz preis summe importe montant sum"
    ),
    "id": _ID,
}
_OURS = {"row", "why"}
"""Columns of the list of what was refused: mended there, it is taken in as it is."""


def fields_of(kind: FileKind) -> Mapping[Field, Known]:
    """What columns of such a file may be."""
    return EVENTS if kind == "events" else FEEDBACK


def plain_name(name: str) -> str:
    """A column's name as it is compared.

    >>> plain_name("Created at"), plain_name("Überschrift_1")
    ('createdat', 'uberschrift1')
    """
    letters = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[\W_]+", "", re.sub(r"[\u0300-\u036f]", "", letters))


def by_names(kind: FileKind, columns: Iterable[str]) -> list[Field | None]:
    """The field that each column is by its name; None where the name says nothing.

    A field's own name wins over other words for it, and of two alike the first.
    """
    known, names = fields_of(kind), [plain_name(each) for each in columns]
    found: list[Field | None] = [LEFT_OUT if name in _OURS else None for name in names]
    taken = {LEFT_OUT}
    for is_own in (True, False):
        for place, name in enumerate(names):
            field = next((f for f in known if _is_called(known[f], f, name, is_own=is_own)), None)
            if field is not None and field not in taken and found[place] is None:
                found[place] = field
                taken.add(field)
    return found


def _is_called(known: Known, field: Field, name: str, *, is_own: bool) -> bool:
    return name == field if is_own else name in known.names
