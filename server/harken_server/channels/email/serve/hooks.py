"""`POST /v1/hooks/mail/{provider}`: bounces and complaints, as mail providers tell them.

A signed token in the address says for which workspace and provider; nothing else is believed, and
nothing is fetched: a subscription that has to be confirmed is kept for the owner to confirm.
"""

import logging
from typing import Any, TypeAlias, get_args

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from harken_server.channels.email.returns.notices import READERS, Provider, is_mailgun_signed
from harken_server.channels.email.returns.taking import Intake, Taken
from harken_server.channels.email.rules.delivery_reports import read_report
from harken_server.channels.email.rules.returns import Reading
from harken_server.channels.email.settings import MailSettings
from harken_server.http.bodies import read_body
from harken_server.http.limits import admit
from harken_server.http.operations import Operation, describe
from harken_server.http.problems import BadRequestError, decode_failure
from harken_server.http.replies import json_reply
from harken_server.http.runtime import Runtime, runtime_of
from harken_server.invitations.links import read_mail_hook
from harken_server.kernel.errors import AccessError, InvalidInputError, NotFoundError

MAX_NOTICE_BYTES = 256 * 1024
DSN = "dsn"
HOOKS: tuple[str, ...] = (*get_args(Provider), DSN)

log = logging.getLogger("harken.mail")

_Request: TypeAlias = Request[Any, Any, Any]


class MailHookQuery(msgspec.Struct, frozen=True):
    """What authorises a notice."""

    token: str
    """From `POST /v1/mail/hooks`."""


@post(
    "/v1/hooks/mail/{provider:str}",
    status_code=200,
    opt=describe(
        Operation(
            "take_mail_notice",
            "Bounces and complaints from a mail provider",
            query=MailHookQuery,
            body=dict[str, Any],
            is_body_free=True,
            body_types=("application/json", "text/plain", "message/rfc822"),
            reply=Taken,
            errors=(400, 401, 404, 413, 422, 429),
            is_keyed=False,
        )
    ),
)
async def take_notice(request: _Request, provider: FromPath[str]) -> Response[bytes]:
    """In the shape of `ses`, `postmark`, `sendgrid`, `mailgun` or `generic`, or (`dsn`) as mail."""
    runtime = runtime_of(request)
    if provider not in HOOKS:
        raise NotFoundError(
            f"There is no hook {provider[:40]!r}, only {', '.join(HOOKS)}.", code="hook_unknown"
        )
    token = request.query_params.get("token", "")
    home = read_mail_hook(runtime.signing_keys, token, provider, runtime.clock())
    if home is None:
        admit(runtime, request.scope)
        raise AccessError("The token is not for this hook.", code="hook_token_invalid")
    raw = await read_body(request.receive, MAX_NOTICE_BYTES)
    reading = _read(runtime, provider, raw)
    if reading.problems:
        raise InvalidInputError("The notice cannot be read.", reading.problems, code="bad_notice")
    for event in reading.returns:
        if event.kind == "confirm":
            log.warning(
                "a mail provider wants its notices confirmed: open the address once",
                extra={"code": "hook_unconfirmed", "provider": provider, "address": event.detail},
            )
    intake = Intake(runtime.db, home, runtime.signing_keys, runtime.clock(), runtime.new_id)
    return json_reply(await intake.take(reading.returns, reading.ignored))


ROUTES = (take_notice,)


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
