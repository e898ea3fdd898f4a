"""What stands outside of each channel on which Harken sends, and takes what is handed over."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple

from mail_sink import open_sink
from mail_steps import MAIL_SETTINGS


class Outside(NamedTuple):
    """The settings that lead to it, and what it has been given, as text."""

    settings: dict[str, str]
    taken: Callable[[], list[str]]


@contextlib.asynccontextmanager
async def mail_server(_: Path) -> AsyncIterator[Outside]:
    async with open_sink() as sink:
        yield Outside(
            {**MAIL_SETTINGS, "HARKEN_SMTP_URL": sink.url, "HARKEN_MAIL_WINDOW": "00:00-24:00"},
            lambda: [content.decode() for _, _, content in sink.kept],
        )


OUTSIDES: Mapping[str, Callable[[Path], AbstractAsyncContextManager[Outside]]] = {
    "email": mail_server,
}
"""By the channel's name; each is given the server's data folder."""
