"""A real mail server on a loopback port that keeps what it is given, and misbehaves when asked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any, cast

from aiosmtpd.smtp import SMTP

Behave = Callable[[Any], Awaitable[str | None]]


class Sink:
    """What a mail server received. `on` maps a stage to how it behaves there.

    Stages: EHLO, MAIL, RCPT, DATA (at the end of the message, which is kept before). A behaviour
    gives a reply line, or None for the ordinary one.
    """

    def __init__(self) -> None:
        self.on: dict[str, Behave] = {}
        self.kept: list[tuple[str, list[str], bytes]] = []
        self.seen: list[str] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?starttls=off"

    @property
    def messages(self) -> list[EmailMessage]:
        parser = BytesParser(policy=default)
        return [cast(EmailMessage, parser.parsebytes(content)) for _, _, content in self.kept]

    @property
    def recipients(self) -> list[str]:
        return [address for _, addresses, _ in self.kept for address in addresses]

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.seen.append("MAIL")
        reply = await self._behave("MAIL", server)
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return reply or "250 OK"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.seen.append("RCPT")
        reply = await self._behave("RCPT", server)
        if reply is None or reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.seen.append("DATA")
        content = bytes(envelope.content)
        reply = await self._behave("DATA", server)
        if reply is None or reply.startswith("2"):
            self.kept.append((envelope.mail_from, list(envelope.rcpt_tos), content))
        return reply or "250 taken"

    async def _behave(self, stage: str, server: Any) -> str | None:
        behave = self.on.get(stage)
        return await behave(server) if behave else None


def reply(line: str, *, times: int | None = None) -> Behave:
    """Answer with this line, always or so many times."""
    left = [times]

    async def behave(_: Any) -> str | None:
        if left[0] is not None:
            if left[0] == 0:
                return None
            left[0] -= 1
        return line

    return behave


async def hang(_: Any) -> str | None:
    """Never answer."""
    await asyncio.sleep(3600)
    return None


async def cut(server: Any) -> str | None:
    """Lose the connection."""
    server.transport.abort()
    return None


@contextlib.asynccontextmanager
async def open_sink(sink: Sink | None = None, **options: Any) -> AsyncIterator[Sink]:
    """Listen while the block runs."""
    sink = sink or Sink()
    loop = asyncio.get_running_loop()
    connections: list[SMTP] = []

    def make() -> SMTP:
        connections.append(SMTP(sink, hostname="sink.example", loop=loop, **options))
        return connections[-1]

    listener = await loop.create_server(make, "127.0.0.1", 0)
    sink.port = listener.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        listener.close()
        for connection in connections:
            if connection.transport is not None:
                connection.transport.abort()
            task = connection._handler_coroutine
            if task is not None:
                task.cancel()
                await asyncio.wait({task})
        await listener.wait_closed()
