"""Hands messages over to the mail server, and knows whether it has them.

Every failure says which of three it was: refused (the server said no), unreachable (it certainly
has no message), or unknown (the message was on its way when the connection was lost). aiosmtplib
speaks the protocol; the DATA command is taken apart here, because only so can the last two be told
from each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncGenerator
from typing import TypeAlias

import aiosmtplib
import msgspec
from aiosmtplib.errors import SMTPException, SMTPResponseException

from harken_server.channels.email.rules.addresses import SmtpServer
from harken_server.deliveries.sender import RefusedError, UnknownOutcomeError, UnreachableError
from harken_server.kernel.shown_text import without_hidden

IDLE_S = 10.0
"""A connection unused for so long is closed instead of used again."""
MOST_PER_CONNECTION = 100
_START_INPUT = 354
_DOTS = re.compile(rb"(?m)^\.")
_ABOUT_THIS_MAIL = frozenset({"MAIL FROM", "RCPT TO", "DATA", "the message"})
_FAILURE = (SMTPException, OSError, TimeoutError)

_Idle: TypeAlias = "tuple[aiosmtplib.SMTP, float, int]"


class Patience(msgspec.Struct, frozen=True):
    """How long to wait for the mail server, in seconds."""

    connect_s: float = 15.0
    command_s: float = 30.0
    data_s: float = 120.0
    """For its word on the message: giving up too early leaves the outcome unknown."""


class SmtpRefusedError(RefusedError):
    """The mail server said no: it does not have the message."""

    def __init__(self, stage: str, code: int, text: str) -> None:
        is_final = 500 <= code <= 599 and stage in _ABOUT_THIS_MAIL
        super().__init__(
            f"{stage}: {code} {_one_line(text)}",
            is_final=is_final,
            is_dead_address=is_final and stage == "RCPT TO" and _is_unknown_mailbox(code, text),
        )
        self.stage = stage
        self.code = code
        self.text = text


def _is_unknown_mailbox(code: int, text: str) -> bool:
    """Whether there is no such mailbox (RFC 3463: 5.1.x; RFC 5321: 550, 551, 553)."""
    enhanced = re.match(r"5\.(\d{1,3})\.\d{1,3}\b", text)
    return code in {550, 551, 553} if enhanced is None else enhanced[1] == "1"


class Envelope:
    """A recipient that the mail server has accepted; the message itself is still to be given."""

    def __init__(self, client: aiosmtplib.SMTP, patience: Patience) -> None:
        self._client = client
        self._patience = patience
        self.is_given = False
        """Whether the server took the message, and so awaits another sender."""

    async def hand_over(self, content: bytes) -> str:
        """Give the message, with CRLF line ends, and return what the server said to it."""
        try:
            reply = await self._client.execute_command(b"DATA", timeout=self._patience.command_s)
        except _FAILURE as error:
            raise UnreachableError(f"DATA: {_reason(error)}") from error
        if reply.code != _START_INPUT:
            raise SmtpRefusedError("DATA", reply.code, reply.message)
        try:
            taken = await self._give(content)
        except _FAILURE as error:
            raise UnknownOutcomeError(f"the message: {_reason(error)}") from error
        self.is_given = True
        return taken

    async def _give(self, content: bytes) -> str:
        protocol = self._client.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("Connection lost")
        end = b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n"
        protocol.write(_DOTS.sub(b"..", content) + end)
        reply = await protocol.read_response(timeout=self._patience.data_s)
        if not 200 <= reply.code <= 299:
            raise SmtpRefusedError("the message", reply.code, reply.message)
        return f"{reply.code} {_one_line(reply.message)}"


class SmtpPost:
    """Connections to one mail server, used again while they are fresh."""

    def __init__(self, server: SmtpServer, *, helo: str, patience: Patience | None = None) -> None:
        self.server = server
        self._helo = helo
        self._patience = patience or Patience()
        self._idle: list[_Idle] = []

    @contextlib.asynccontextmanager
    async def envelope(self, sender: str, recipient: str) -> AsyncGenerator[Envelope]:
        """Announce sender and recipient (ASCII, or UTF-8 where the server takes it).

        Raises RefusedError or UnreachableError. The connection is kept if the message was given.
        """
        client, uses = await self._announce(sender, recipient)
        envelope = Envelope(client, self._patience)
        try:
            yield envelope
        finally:
            if envelope.is_given and client.is_connected and uses < MOST_PER_CONNECTION:
                self._idle.append((client, time.monotonic(), uses))
            else:
                client.close()

    async def close(self) -> None:
        """Take leave of the server."""
        for client, _, _ in self._idle:
            with contextlib.suppress(*_FAILURE):
                await client.quit(timeout=1.0)
            client.close()
        self._idle.clear()

    async def _announce(self, sender: str, recipient: str) -> tuple[aiosmtplib.SMTP, int]:
        while True:
            kept = self._take_idle()
            client = kept[0] if kept else await connect(self.server, self._helo, self._patience)
            try:
                await announce(client, sender, recipient, self._patience)
            except _FAILURE as error:
                client.close()
                if kept is None:
                    raise UnreachableError(_reason(error)) from error
            except BaseException:
                client.close()
                raise
            else:
                return client, (kept[2] if kept else 0) + 1

    def _take_idle(self) -> _Idle | None:
        while self._idle:
            kept = self._idle.pop()
            if kept[0].is_connected and time.monotonic() - kept[1] < IDLE_S:
                return kept
            kept[0].close()
        return None


async def connect(server: SmtpServer, helo: str, patience: Patience) -> aiosmtplib.SMTP:
    """Connect, encrypt and log in; RefusedError or UnreachableError say which of it failed."""
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=helo,
        timeout=patience.connect_s,
        use_tls=server.security == "tls",
        start_tls={"required": True, "if_offered": None}.get(server.security, False),
        cert_bundle=server.ca_file or None,
    )
    stage = f"connecting to {server.label}"
    try:
        await client.connect()
        if server.user:
            stage = f"logging in as {server.user}"
            _refuse_clear_password(client, server)
            await client.login(server.user, server.password, timeout=patience.command_s)
    except SMTPResponseException as error:
        client.close()
        raise SmtpRefusedError(stage, error.code, error.message) from error
    except (*_FAILURE, ValueError) as error:
        client.close()
        raise UnreachableError(f"{stage}: {_reason(error)}") from error
    except BaseException:
        client.close()
        raise
    return client


async def announce(
    client: aiosmtplib.SMTP, sender: str, recipient: str, patience: Patience
) -> None:
    """Name sender and recipient; RefusedError, or the connection's own trouble."""
    is_plain = sender.isascii() and recipient.isascii()
    if not is_plain and client.is_ehlo_or_helo_needed:
        await client.ehlo(timeout=patience.command_s)
    if not is_plain and not client.supports_extension("smtputf8"):
        raise SmtpRefusedError("RCPT TO", 553, "5.6.7 the mail server takes ASCII addresses only")
    options = [] if is_plain else ["SMTPUTF8"]
    encoding = "ascii" if is_plain else "utf-8"
    timeout = patience.command_s
    try:
        await client.mail(sender, options=options, encoding=encoding, timeout=timeout)
    except SMTPResponseException as error:
        raise SmtpRefusedError("MAIL FROM", error.code, error.message) from error
    try:
        await client.rcpt(recipient, encoding=encoding, timeout=timeout)
    except SMTPResponseException as error:
        raise SmtpRefusedError("RCPT TO", error.code, error.message) from error


def is_encrypted(client: aiosmtplib.SMTP) -> bool:
    """Whether what is said on this connection can be read on its way."""
    return client.get_transport_info("sslcontext") is not None


def _refuse_clear_password(client: aiosmtplib.SMTP, server: SmtpServer) -> None:
    if is_encrypted(client) or server.is_loopback or server.security == "off":
        return
    raise ValueError(
        "the server offers no encryption and the password would be readable on its way; "
        "?starttls=off in HARKEN_SMTP_URL allows that"
    )


def _reason(error: BaseException) -> str:
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return "no answer in time"
    return _one_line(str(error)) or type(error).__name__


def _one_line(text: str) -> str:
    """What the server said, without what would command a terminal that shows it."""
    return without_hidden(" ".join(text.encode("utf-8", "replace").decode().split()))[:300]
