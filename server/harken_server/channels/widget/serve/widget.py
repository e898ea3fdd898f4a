"""`/widget/…`: the widget's script, its files, its config and the logos, for pages of any site.

Like the survey pages these give back plain ASGI applications: each answer has its own caching,
and a script that is asked for by a page must never fail in a way that breaks the page.
"""

from typing import Any
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, get
from litestar.params import FromPath
from litestar.types import ASGIApp

from harken_server.channels.widget.access import WidgetQuery, find_page_key
from harken_server.channels.widget.state import WidgetState
from harken_server.http.bodies import decode_query
from harken_server.http.encodings import headers_of
from harken_server.http.operations import OPERATION, Operation
from harken_server.http.packed import (
    EVERYWHERE,
    IMMUTABLE,
    Packed,
    Reply,
    application,
    conditional,
    pack,
    unpacked,
)
from harken_server.http.problems import BadRequestError, encode_problem, problem_of
from harken_server.http.problems import headers_of as problem_headers
from harken_server.http.problems import status_of as status_of_problem
from harken_server.http.runtime import runtime_of
from harken_server.http.storage_log import log_storage_failure
from harken_server.kernel.errors import HarkenError, NotFoundError
from harken_server.workspaces.workspace import ApiKey

SCRIPT_CACHING = "public, max-age=300, stale-while-revalidate=86400"
CONFIG_CACHING = "public, max-age=60, stale-while-revalidate=600"
MAX_QUERY_BYTES = 4 * 1024
_SCRIPT = "text/javascript; charset=utf-8"


@get("/widget/v1.js")
async def loader(request: Request[Any, Any, Any]) -> ASGIApp:
    """The loader; with `?key=` the config stands in it, so that a page needs one request less."""
    runtime = runtime_of(request)
    headers = headers_of(request.scope)
    files = runtime.of(WidgetState).files
    given = _script_query(request)
    if "key" not in given:
        plain = files.packed[files.loader]
        return application(conditional(plain, headers, _SCRIPT, SCRIPT_CACHING))
    caching, vary = CONFIG_CACHING, ()
    try:
        query = decode_query(list(given.items()), WidgetQuery)
        key = await find_page_key(runtime, request.scope, headers, query.key)
        config = await runtime.of(WidgetState).configs.find(
            key.workspace_id, query.wanted(key, headers)
        )
        vary = _vary(query, key)
        told = b'{"key":%b,"config":%b}' % (msgspec.json.encode(query.key), config)
        script = pack(files.loader_with(told))
    except HarkenError as error:
        log_storage_failure(error)
        caching = "no-store"
        script = unpacked(files.loader_with(_problem_for_loader(given["key"], error)))
    return application(conditional(script, headers, _SCRIPT, caching, vary))


@get(
    "/widget/config",
    opt={
        OPERATION: Operation(
            "get_widget_config",
            "What the web widget needs to know: surveys in one locale, and words",
            query=WidgetQuery,
            errors=(401, 403, 429),
            is_keyed=False,
        )
    },
)
async def config(request: Request[Any, Any, Any]) -> ASGIApp:
    """The config for a loader that has none yet, or wants another locale."""
    runtime = runtime_of(request)
    headers = headers_of(request.scope)
    try:
        _check_length(request)
        query = decode_query(request.query_params.multi_items(), WidgetQuery)
        key = await find_page_key(runtime, request.scope, headers, query.key)
        body = await runtime.of(WidgetState).configs.find(
            key.workspace_id, query.wanted(key, headers)
        )
    except HarkenError as error:
        log_storage_failure(error)
        return application(_problem(error))
    found = conditional(
        pack(body), headers, "application/json", CONFIG_CACHING, _vary(query, key)
    )  # fmt: skip
    return application(found.for_origin(headers.get(b"origin") if key.origins else None))


@get("/widget/integrity.json")
async def integrity(request: Request[Any, Any, Any]) -> ASGIApp:
    """The SHA-384 of each file, for the `integrity` attribute of pinned script tags."""
    files = runtime_of(request).of(WidgetState).files
    body = pack(msgspec.json.encode(files.integrity))
    return application(
        conditional(body, headers_of(request.scope), "application/json", SCRIPT_CACHING)
    )


@get("/widget/{file:str}")
async def built_file(request: Request[Any, Any, Any], file: FromPath[str]) -> ASGIApp:
    """A file whose name holds its digest.

    An older name of the survey code gives today's: for a while after an upgrade pages still have
    the loader of before. Files with published integrity are exact or not there.
    """
    files = runtime_of(request).of(WidgetState).files
    headers = headers_of(request.scope)
    if files.is_older_survey_code(file):
        return application(conditional(files.packed[files.survey], headers, _SCRIPT, "no-cache"))
    found = files.packed.get(file)
    if found is None:
        raise NotFoundError(f"There is no widget file {file!r} here.", code="not_found")
    return application(conditional(found, headers, _SCRIPT, IMMUTABLE))


@get("/widget/logo/{name:str}")
async def logo(request: Request[Any, Any, Any], name: FromPath[str]) -> ASGIApp:
    """A logo of a live survey."""
    found = await runtime_of(request).of(WidgetState).logos.find(name)
    if found is None:
        raise NotFoundError(f"There is no logo {name!r} here.", code="not_found")
    picture = Packed(found.content, b"", f'"{found.name}"')
    reply = conditional(picture, headers_of(request.scope), found.media_type, IMMUTABLE)
    return application(reply.with_header("content-security-policy", "default-src 'none'; sandbox"))


def _script_query(request: Request[Any, Any, Any]) -> dict[str, str]:
    """What the tag's address says; anything else in it, such as WordPress's `ver`, is let be."""
    raw: bytes = request.scope["query_string"][:MAX_QUERY_BYTES]
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
    return {name: value for name, value in reversed(pairs) if name in WidgetQuery.__struct_fields__}


def _check_length(request: Request[Any, Any, Any]) -> None:
    if len(request.scope["query_string"]) > MAX_QUERY_BYTES:
        raise BadRequestError("The query is too long.", code="bad_parameter", status=414)


def _vary(query: WidgetQuery, key: ApiKey) -> tuple[str, ...]:
    by_language = () if query.locale else ("Accept-Language",)
    return (*by_language, "Origin") if key.origins else by_language


def _problem_for_loader(key: str, error: HarkenError) -> bytes:
    """What `harken.explain()` and `data-debug` say instead of showing surveys."""
    document = problem_of(error)
    problem = {"code": document.code, "message": document.detail}
    return msgspec.json.encode({"key": key[:100], "problem": problem})


def _problem(error: HarkenError) -> Reply:
    headers = {
        "content-type": "application/problem+json",
        **problem_headers(error),
        **EVERYWHERE,
    }
    return Reply(status_of_problem(error), headers, encode_problem(error))
