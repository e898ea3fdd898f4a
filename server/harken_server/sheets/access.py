"""Who reads a sheet: by a sheet token of the survey, or by an API key that reads.

Either comes as `Authorization: Bearer`, as the password of HTTP Basic with any user name (which is
what Excel's dialog asks for), and a sheet token as `?token=` too (for `IMPORTDATA`, which can send
no header). An API key never stands in an address here.
"""

from __future__ import annotations

import base64
import binascii

from harken_server.http.declared import Arrival, Caller
from harken_server.http.limits import Budget, is_loopback
from harken_server.http.operations import KEYED_ERRORS
from harken_server.http.problems import ForbiddenError
from harken_server.http.runtime import address_of, require_luck, spend
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import AccessError
from harken_server.sheets.handed_out import read_token, see_use
from harken_server.surveys.catalog import SURVEY, Catalog
from harken_server.surveys.published import SurveyRecord
from harken_server.surveys.store.surveys import get_survey
from harken_server.workspaces.access import KEY_PREFIX, Acting, WorkspaceCatalog, call_of

MAX_TOKEN = 400
CHALLENGE = 'Basic realm="Harken", charset="UTF-8"'


class SheetAccessError(AccessError):
    """Nobody who may read this; programs are asked for a user name and a password."""

    code = "sheet_token_invalid"
    challenge = CHALLENGE


class SheetCall(Acting, frozen=True, kw_only=True):
    """One call that may read one survey."""

    record: SurveyRecord
    token: str = ""
    """As it stood in the address, for addresses that lead on; empty: it came otherwise."""
    parameters: tuple[str, ...] = ()
    """Names of all that the address says."""


async def reader_of(arrival: Arrival) -> SheetCall:
    """Who asks for the survey that the path names.

    Raises SheetAccessError, ForbiddenError, NotFoundError and RateLimitedError.
    """
    in_address = arrival.said().get("token", "")
    secret = secret_of(arrival.header("authorization")) or in_address
    if secret.startswith(KEY_PREFIX) and secret != in_address:
        return await _by_key(arrival, secret)
    return await _by_token(arrival, secret, in_address)


async def _by_key(arrival: Arrival, secret: str) -> SheetCall:
    bearer = {**arrival.headers, b"authorization": b"Bearer " + secret.encode("latin-1", "replace")}
    try:
        call = await call_of(arrival._replace(headers=bearer))
    except ForbiddenError:
        raise
    except AccessError as error:
        raise SheetAccessError(error.message, code=error.code) from error
    key = arrival.piece("survey")
    record = SURVEY.found(await get_survey(call.db, call.workspace_id, key), key)
    return SheetCall(
        runtime=call.runtime, workspace=call.workspace, headers=arrival.headers,
        api_key_id=call.api_key_id, record=record, parameters=tuple(arrival.said()),
    )  # fmt: skip


async def _by_token(arrival: Arrival, secret: str, in_address: str) -> SheetCall:
    runtime = arrival.runtime
    require_luck(runtime, arrival.scope)
    found = await read_token(runtime, secret) if 0 < len(secret) <= MAX_TOKEN else None
    if found is None:
        raise SheetAccessError(
            "This needs a sheet token of the survey, or an API key with the scope read: as the "
            "password of HTTP Basic, or as a bearer; a sheet token as ?token= too."
        )
    workspace_id, kept = found
    loaded = await runtime.of(Catalog).by_id(workspace_id, kept.survey_id)
    if loaded.record.key != arrival.piece("survey"):
        raise SheetAccessError("This sheet token is for another survey.")
    _charge(arrival, kept.id)
    await see_use(runtime, workspace_id, kept)
    return SheetCall(
        runtime=runtime,
        workspace=await runtime.of(WorkspaceCatalog).get(workspace_id),
        headers=arrival.headers,
        record=loaded.record,
        token=secret if secret == in_address else "",
        parameters=tuple(arrival.said()),
    )


def _charge(arrival: Arrival, token_id: object) -> None:
    """A token may do as much as a key may."""
    runtime = arrival.runtime
    limit = runtime.settings.of(HttpSettings).key_rate_limit
    if limit and not is_loopback(address_of(runtime, arrival.scope)):
        spend(runtime, Budget("calls with this sheet token", limit, limit), token_id)


def secret_of(sent: str | None) -> str:
    """A bearer, or the password of HTTP Basic (RFC 7617); empty for anything else."""
    scheme, _, rest = (sent or "").partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip()
        case "basic":
            return _password_of(rest.strip())
        case _:
            return ""


def _password_of(written: str) -> str:
    try:
        pair = base64.b64decode(written, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2]


READER = Caller(
    reader_of,
    KEYED_ERRORS,
    headers=(
        (
            "authorization",
            "A sheet token of the survey, or an API key with the scope `read`: as bearer or Basic.",
        ),
    ),
)
"""Of whatever reads one survey for a sheet or a BI program."""
