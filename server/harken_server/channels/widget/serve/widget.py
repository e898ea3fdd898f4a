"""`/widget/…`: the widget's script, its files, its config and the logos, for pages of any site.

Each answer has its own caching, and a script that is asked for by a page must never fail in a way
that breaks the page.
"""

from typing import Any

import msgspec

from harken_server.channels.widget.state import WidgetQuery, WidgetState, find_page_key
from harken_server.http import problems
from harken_server.http.bodies import decode_query, pairs_of
from harken_server.http.declared import Arrival
from harken_server.http.operations import Operation
from harken_server.http.packed import (
    EVERYWHERE,
    IMMUTABLE,
    Packed,
    Reply,
    conditional,
    pack,
    unpacked,
)
from harken_server.http.pages import page
from harken_server.http.resources import Resource
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import HarkenError
from harken_server.workspaces.workspace import ApiKey

SCRIPT_CACHING = "public, max-age=300, stale-while-revalidate=86400"
CONFIG_CACHING = "public, max-age=60, stale-while-revalidate=600"
MAX_QUERY_BYTES = 4 * 1024
MAX_SAID_CHARS = 400
"""Of a value in the address of the script that goes into it."""
WIDGET_FILE = Resource("widget file", "not_found")
LOGO = Resource("logo", "not_found")
_SCRIPT = "text/javascript; charset=utf-8"


@page("/widget/v1.js")
async def loader(arrival: Arrival) -> Reply:
    """The loader; with `?key=` the config stands in it, so that a page needs one request less."""
    headers, files = arrival.headers, arrival.runtime.of(WidgetState).files
    given = _script_query(arrival)
    if "key" not in given:
        plain = files.packed[files.loader]
        return conditional(plain, headers, _SCRIPT, SCRIPT_CACHING)
    caching, vary = CONFIG_CACHING, ()
    try:
        query = decode_query(list(given.items()), WidgetQuery)
        key, config = await _find_config(arrival, query)
        vary = _vary(query, key)
        is_told = not key.origins or b"origin" in headers
        script = pack(files.loader_with(_baked(arrival, given, config if is_told else b"null")))
    except HarkenError as error:
        problems.log_storage_failure(error)
        caching = "no-store"
        script = unpacked(files.loader_with(_baked(arrival, given, b"null", _problem_of(error))))
    return conditional(script, headers, _SCRIPT, caching, vary)


@page(
    "/widget/config",
    operation=Operation(
        "get_widget_config",
        "What the web widget needs to know: surveys in one locale, and words",
        query=WidgetQuery,
        errors=(401, 403, 429),
        is_keyed=False,
    ),
)
async def config(arrival: Arrival) -> Reply:
    """The config for a loader that has none yet, or wants another locale."""
    headers = arrival.headers
    try:
        _check_length(arrival)
        query = arrival.query(WidgetQuery)
        key, body = await _find_config(arrival, query)
    except HarkenError as error:
        problems.log_storage_failure(error)
        return _problem(error)
    found = conditional(
        pack(body), headers, "application/json", CONFIG_CACHING, _vary(query, key)
    )  # fmt: skip
    return found.for_origin(headers.get(b"origin") if key.origins else None)


@page("/widget/integrity.json")
async def integrity(arrival: Arrival) -> Reply:
    """The SHA-384 of each file, for the `integrity` attribute of pinned script tags."""
    files = arrival.runtime.of(WidgetState).files
    body = pack(msgspec.json.encode(files.integrity))
    return conditional(body, arrival.headers, "application/json", SCRIPT_CACHING)


@page("/widget/{file:str}")
async def built_file(arrival: Arrival, file: str) -> Reply:
    """A file whose name holds its digest.

    An older name of the survey code gives today's: for a while after an upgrade pages still have
    the loader of before. Files with published integrity are exact or not there.
    """
    files = arrival.runtime.of(WidgetState).files
    headers = arrival.headers
    if files.is_older_survey_code(file):
        return conditional(files.packed[files.survey], headers, _SCRIPT, "no-cache")
    found = WIDGET_FILE.found(files.packed.get(file), file)
    return conditional(found, headers, _SCRIPT, IMMUTABLE)


@page("/widget/logo/{name:str}")
async def logo(arrival: Arrival, name: str) -> Reply:
    """A logo of a live survey."""
    found = LOGO.found(await arrival.runtime.of(WidgetState).logos.find(name), name)
    picture = Packed(found.content, b"", f'"{found.name}"')
    reply = conditional(picture, arrival.headers, found.media_type, IMMUTABLE)
    return reply.with_header("content-security-policy", "default-src 'none'; sandbox")


async def _find_config(arrival: Arrival, query: WidgetQuery) -> tuple[ApiKey, bytes]:
    runtime, headers = arrival.runtime, arrival.headers
    key = await find_page_key(runtime, arrival.scope, headers, query.key)
    wanted = query.wanted(headers)
    return key, await runtime.of(WidgetState).configs.find(key.workspace_id, wanted)


def _script_query(arrival: Arrival) -> dict[str, str]:
    """What the tag's address says; anything else in it, such as WordPress's `ver`, is let be."""
    raw: bytes = arrival.scope["query_string"][:MAX_QUERY_BYTES]
    said: dict[str, str] = {}
    for name, value in pairs_of(raw):
        if name in WidgetQuery.__struct_fields__:
            said.setdefault(name, value)
    return said


def _check_length(arrival: Arrival) -> None:
    if len(arrival.scope["query_string"]) > MAX_QUERY_BYTES:
        raise problems.BadRequestError("The query is too long.", code="bad_parameter", status=414)


def _vary(query: WidgetQuery, key: ApiKey) -> tuple[str, ...]:
    by_language = () if query.locale else ("Accept-Language",)
    return (*by_language, "Origin") if key.origins else by_language


def _problem_of(error: HarkenError) -> dict[str, str]:
    """Why there is no config, for whoever looks into the script."""
    document = problems.problem_of(error)
    return {"code": document.code, "message": document.detail}


def _baked(
    arrival: Arrival, given: dict[str, str], config: bytes, problem: dict[str, str] | None = None
) -> bytes:
    """What stands in the script: where Harken is, what its address says, and the config.

    A page decides none of it. A browser does not say from which site it asks for a script, unless
    its tag has `crossorigin`: then a key that has origins gives no config, and the loader asks for
    it as pages ask, with the site told.
    """
    said: dict[str, Any] = {name: value[:MAX_SAID_CHARS] for name, value in given.items()}
    said["server"] = arrival.runtime.settings.of(HttpSettings).public_url
    if problem is not None:
        said["problem"] = problem
    return b'%b,"config":%b}' % (msgspec.json.encode(said)[:-1], config)


def _problem(error: HarkenError) -> Reply:
    headers = {
        "content-type": "application/problem+json",
        **problems.headers_of(error),
        **EVERYWHERE,
    }
    return Reply(problems.status_of(error), headers, problems.encode_problem(error))
