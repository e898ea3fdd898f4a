"""Two servers that begin as the same one, byte for byte: where their replies come to differ, what
was done to them shows.

Both have the same clock, the same secrets and draw the same ids, so that whole replies can be
compared, with headers and files, and nothing has to be struck out first.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import msgspec
from api_client import NOW, Api, FakeClock, let_in, let_keys_in
from cheap_passwords import with_cheap_passwords

from harken_server.app import create_app, open_runtime
from harken_server.configuration import load_settings
from harken_server.responses.store import releasing
from harken_server.workspaces.people import signed_on

MANY = 1_000_000


class Dice:
    """Bytes that are drawn alike by both, each time from where `again` has put them."""

    def __init__(self) -> None:
        self._dice = random.Random(0)

    def again(self, place: int) -> None:
        """Whatever one of them has drawn more than the other tells nothing from here on."""
        self._dice.seed(place)

    def __call__(self, n: int) -> bytes:
        return self._dice.randbytes(n)


class Unmoved:
    """Draws the order of a block as if chance had brought both to the same: by what was said."""

    def sample(self, answers: Any, n: int) -> list[Any]:
        assert len(answers) == n
        return sorted(answers, key=lambda each: each.document)


class Twin(Api):
    """One of the two."""

    dice: Dice


@contextlib.asynccontextmanager
async def twin(database_url: str, folder: Path, settings: dict[str, str]) -> AsyncIterator[Twin]:
    """One of the two; the other has an equal database and a folder of its own."""
    dice, clock = Dice(), FakeClock(NOW)
    given = load_settings(
        {
            "HARKEN_DATABASE_URL": database_url,
            "HARKEN_DATA_DIR": str(folder),
            "HARKEN_PUBLIC_URL": "https://feedback.example.com",
            **settings,
        }
    )
    with patch("secrets.token_bytes", dice):
        async with _opened(given, clock, dice) as api:
            yield api


@contextlib.asynccontextmanager
async def _opened(given: Any, clock: FakeClock, dice: Dice) -> AsyncGenerator[Twin]:
    async with open_runtime(given, clock=clock, is_migrating=False) as opened:
        runtime = with_cheap_passwords(msgspec.structs.replace(opened, random=dice))
        let_keys_in(runtime, MANY)
        let_in(runtime, MANY)
        transport = httpx.ASGITransport(create_app(runtime), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            api = Twin(runtime, http, clock)
            api.dice = dice
            http.headers["authorization"] = f"Bearer {await api.key('manage')}"
            yield api


@contextlib.contextmanager
def alike() -> Iterator[None]:
    """As long as it lasts, blocks are stored in the same order, and forms not padded by chance."""
    pads = patch.object(signed_on, "token_bytes", bytes)
    with patch.object(releasing, "SystemRandom", Unmoved), pads:
        yield


@contextlib.asynccontextmanager
async def twins(
    new_url: Callable[[], str], folder: Path, settings: dict[str, str]
) -> AsyncIterator[tuple[Twin, Twin]]:
    """Both, each with a database from `new_url`."""
    with alike():
        async with (
            twin(new_url(), folder / "one", settings) as one,
            twin(new_url(), folder / "other", settings) as other,
        ):
            yield one, other
