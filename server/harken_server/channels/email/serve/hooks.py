"""`POST /v1/hooks/mail/{provider}`: bounces and complaints, as mail providers tell them.

A signed token in the address says for which workspace and provider; nothing else is believed, and
nothing is fetched: a subscription that has to be confirmed is kept for the owner to confirm.
"""

import logging
from functools import partial
from typing import Any, NamedTuple, get_args
from uuid import UUID

import msgspec

from harken_server.channels.email.returns.notices import READERS, Provider, is_mailgun_signed
from harken_server.channels.email.returns.taking import Intake, Taken
from harken_server.channels.email.rules.delivery_reports import read_report
from harken_server.channels.email.rules.returns import Reading
from harken_server.channels.email.settings import MailSettings
from harken_server.http.apart import read_apart
from harken_server.http.declared import Arrival, Caller, Reads
from harken_server.http.limits import Budget
from harken_server.http.problems import BadRequestError, decode_failure
from harken_server.http.public import post
from harken_server.http.runtime import Runtime, admit, spend
from harken_server.invitations.links import MAIL_HOOK_KIND, read_hook
from harken_server.kernel.errors import AccessError, InvalidInputError, NotFoundError

MAX_NOTICE_BYTES = 256 * 1024
DSN = "dsn"
HOOKS: tuple[str, ...] = (*get_args(Provider), DSN)

log = logging.getLogger("harken.mail")


class MailHookQuery(msgspec.Struct, frozen=True):
    """What authorises a notice."""

    token: str
    """From `POST /v1/mail/hooks`."""


NOTICES = Budget("notices of mail providers", a_minute=60_000, at_once=120_000)
"""Of one workspace: what a large provider tells while many thousands of mails go out."""


class Notifier(NamedTuple):
    """A mail provider with a token of ours, and the workspace it stands for."""

    runtime: Runtime
    home: UUID


async def _notifier(arrival: Arrival) -> Notifier:
    runtime, provider = arrival.runtime, arrival.piece("provider")
    if provider not in HOOKS:
        raise NotFoundError(
            f"There is no hook {provider[:40]!r}, only {', '.join(HOOKS)}.", code="hook_unknown"
        )
    token = arrival.said().get("token", "")
    home = await read_hook(runtime, MAIL_HOOK_KIND, token, provider)
    if home is None:
        admit(runtime, arrival.scope)
        raise AccessError("The token is not for this hook.", code="hook_token_invalid")
    return Notifier(runtime, home)


@post(
    "/v1/hooks/mail/{provider:str}",
    "take_mail_notice",
    "Bounces and complaints from a mail provider",
    caller=Caller(_notifier, (401, 404, 429), query=MailHookQuery),
    limit=MAX_NOTICE_BYTES,
    reads=Reads(("application/json", "text/plain", "message/rfc822")),
    bodies=(dict[str, Any],),
)
async def take_notice(notifier: Notifier, provider: str, body: bytes) -> Taken:
    """In the shape of `ses`, `postmark`, `sendgrid`, `mailgun` or `generic`, or (`dsn`) as mail."""
    runtime = notifier.runtime
    reading = await read_apart(len(body), partial(_read, runtime, provider, body))
    if reading.problems:
        raise InvalidInputError("The notice cannot be read.", reading.problems, code="bad_notice")
    spend(runtime, NOTICES, notifier.home, len(reading.returns) + reading.ignored)
    for event in reading.returns:
        if event.kind == "confirm":
            log.warning(
                "a mail provider wants its notices confirmed: open the address once",
                extra={"code": "hook_unconfirmed", "provider": provider, "address": event.detail},
            )
    intake = Intake(
        runtime.db, notifier.home, runtime.signing_keys, runtime.clock(), runtime.new_id
    )
    return await intake.take(reading.returns, reading.ignored)


def _read(runtime: Runtime, provider: str, raw: bytes) -> Reading:
    if provider == DSN:
        return read_report(raw)
    if b"\\u0000" in raw:
        raise BadRequestError("The notice holds a NUL character.", code="nul_character")
    known = msgspec.convert(provider, Provider)
    try:
        if known == "mailgun":
            _check_mailgun(runtime, raw)
        return READERS[known](raw)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as error:
        raise decode_failure(error) from error


def _check_mailgun(runtime: Runtime, raw: bytes) -> None:
    key = runtime.settings.of(MailSettings).mailgun_signing_key
    if key and not is_mailgun_signed(key.encode(), raw):
        raise AccessError("The signature of the notice is not good.", code="hook_signature_bad")
