"""Who the sample's customers are: with a store, a language and a temper, and some come back."""

from __future__ import annotations

import random
from typing import NamedTuple

BRAND = "Fjell & Fjord"
STORES = {
    "Oslo, Storgata 3": ("nb", "nb", "en"),
    "Oslo, Grünerløkka": ("nb", "en"),
    "Bergen, Bryggen": ("nb", "en", "en"),
    "Berlin, Mitte": ("de", "de", "de", "en"),
}
"""Languages of each store's customers, the usual ones more often."""
CUSTOMERS = 170
_NAMES = (
    "Ada", "Amir", "Anneke", "Bjørn", "Clara", "Deniz", "Emil", "Fatima", "Greta", "Henrik",
    "Ines", "Jonas", "Kari", "Leila", "Mats", "Nora", "Omar", "Paul", "Ruth", "Sofie",
)  # fmt: skip


class Customer(NamedTuple):
    """A person as the shop knows them."""

    id: str
    name: str
    store: str
    locale: str
    temper: float
    """How much better or worse than others everything seems to them."""
    visits: int
    """How often they come, beside others: some once, some again and again."""


def make_customers() -> list[Customer]:
    """The same ones each time."""
    dice = random.Random("harken demo customers")  # noqa: S311  (sample data, not secrets)
    return [_make_customer(number, dice) for number in range(1, CUSTOMERS + 1)]


def _make_customer(number: int, dice: random.Random) -> Customer:
    store = dice.choice(list(STORES))
    return Customer(
        id=f"customer-{number:04}",
        name=dice.choice(_NAMES),
        store=store,
        locale=dice.choice(STORES[store]),
        temper=dice.gauss(0, 0.1),
        visits=dice.choice((1, 1, 1, 2, 5)),
    )
