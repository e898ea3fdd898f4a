"""`harken-server mail test` says each step, and in one line what is wrong."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from mail_sink import Sink, cut, open_sink, reply
from mail_steps import MAIL_SETTINGS
from served import COMMAND, clean_environ

pytestmark = pytest.mark.processes


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    async with open_sink() as opened:
        yield opened


async def _try(
    folder: Path, url: str, address: str = "ada@example.com", **settings: str
) -> subprocess.CompletedProcess[str]:
    environ = clean_environ(**{**MAIL_SETTINGS, "HARKEN_SMTP_URL": url, **settings})
    return await asyncio.to_thread(
        subprocess.run, [*COMMAND, "mail", "test", address], cwd=folder, env=environ,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


async def test_each_step_is_said_when_all_goes_well(sink: Sink, tmp_path: Path) -> None:
    done = await _try(tmp_path, sink.url)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"server  127.0.0.1:{sink.port} (no encryption)",
        "sender  hello@shop.example",
        "opened  not encrypted",
        "address ada@example.com accepted",
        "taken   250 taken",
    ]
    (message,) = sink.messages
    assert message["Subject"] == "Test message from Harken"
    assert await asyncio.to_thread(os.listdir, tmp_path) == []


@pytest.mark.parametrize(
    ("stage", "line", "said"),
    [
        ("MAIL", "550 5.7.1 not you", "failed  MAIL FROM: 550 5.7.1 not you"),
        ("RCPT", "550 5.1.1 who?", "failed  RCPT TO: 550 5.1.1 who?"),
        ("DATA", "554 5.7.1 no", "failed  the message: 554 5.7.1 no"),
    ],
)
async def test_a_refusal_is_said_with_its_stage(
    sink: Sink, tmp_path: Path, stage: str, line: str, said: str
) -> None:
    sink.on[stage] = reply(line)

    done = await _try(tmp_path, sink.url)

    assert done.returncode == 69
    assert done.stdout.splitlines()[-1] == said
    assert done.stderr == ""


async def test_a_connection_lost_after_the_message_is_said_to_be_unknown(
    sink: Sink, tmp_path: Path
) -> None:
    sink.on["DATA"] = cut
    done = await _try(tmp_path, sink.url)
    assert done.returncode == 69
    assert done.stdout.splitlines()[-1].startswith("unknown The connection was lost after")


async def test_login_works_and_its_refusal_is_said_without_the_password(tmp_path: Path) -> None:
    def authenticate(server: Any, session: Any, envelope: Any, how: str, who: Any) -> AuthResult:
        return AuthResult(success=who.password == b"p@ss word", handled=False)

    async with open_sink(authenticator=authenticate, auth_require_tls=False) as sink:
        host = f"127.0.0.1:{sink.port}?starttls=off"
        good = await _try(tmp_path, f"smtp://ada:p%40ss%20word@{host}")
        bad = await _try(tmp_path, f"smtp://ada:secret@{host}")

    assert "login   as ada" in good.stdout
    assert good.returncode == 0
    assert bad.returncode == 69
    assert "failed  logging in as ada: 535" in bad.stdout
    assert "secret" not in bad.stdout + bad.stderr


async def test_a_server_that_must_encrypt_and_cannot_is_refused(sink: Sink, tmp_path: Path) -> None:
    done = await _try(tmp_path, f"smtp://127.0.0.1:{sink.port}?starttls=required")
    assert done.returncode == 69
    assert "STARTTLS" in done.stdout.splitlines()[-1]
    assert sink.seen == []


async def test_nobody_listening_is_one_clear_line(tmp_path: Path) -> None:
    done = await _try(tmp_path, "smtp://127.0.0.1:1")
    assert done.returncode == 69
    assert done.stdout.splitlines()[-1].startswith("failed  connecting to 127.0.0.1:1: ")


@pytest.mark.parametrize("address", ["ada", "ada@example.com\r\nBcc: eve@example.com"])
async def test_a_bad_address_is_refused_before_connecting(
    sink: Sink, tmp_path: Path, address: str
) -> None:
    done = await _try(tmp_path, sink.url, address)
    assert done.returncode == 69
    assert "is not an address" in done.stdout
    assert sink.seen == []


async def test_without_a_mail_server_it_says_so(tmp_path: Path) -> None:
    done = await _try(tmp_path, "")
    assert done.returncode == 69
    assert "HARKEN_SMTP_URL is not set" in done.stdout


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("HARKEN_SMTP_URL", "mail.example", "must be an address such as smtp://"),
        ("HARKEN_SMTP_URL", "smtp://user@mail.example", "a user without a password"),
        ("HARKEN_SMTP_URL", "smtp://mail.example?tls=1", "unknown option 'tls'"),
        ("HARKEN_SMTP_URL", "smtps://mail.example?starttls=off", "takes no starttls option"),
        ("HARKEN_MAIL_FROM", "nobody", "must be an address such as hello@shop.example"),
        ("HARKEN_MAIL_FROM", "", "must be set when HARKEN_SMTP_URL is"),
        ("HARKEN_MAIL_REPLY_TO", "x <y>", "must be an address such as hello@shop.example"),
        ("HARKEN_MAIL_BOUNCE_DOMAIN", "a b", "must be a domain such as returns.shop.example"),
        ("HARKEN_MAIL_DAILY_CAP", "-1", "must be a whole number from 0"),
        ("HARKEN_MAIL_WINDOW", "8-20", "must be hours such as 08:00-20:00"),
        ("HARKEN_WORKER", "on", "must be one of in_process, off"),
    ],
)
async def test_settings_that_make_no_sense_are_named(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    done = await _try(tmp_path, **{"url": "smtp://mail.example", name: value})
    assert done.returncode == 78
    assert f"{name}: " in done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
