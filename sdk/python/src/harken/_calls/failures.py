"""Turns an answer that is not a success into the error it stands for."""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from harken import _errors as errors
from harken._calls.conversation import Reply
from harken._calls.retry import retry_after_s

ERROR_BY_CODE: dict[str, type[errors.APIError]] = {
    "invalid_definition": errors.InvalidDefinitionError,
}
ERROR_BY_STATUS: dict[int, type[errors.APIError]] = {
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    410: errors.GoneError,
    422: errors.ValidationError,
    429: errors.RateLimitedError,
    503: errors.UnavailableError,
}


class ProblemDocument(msgspec.Struct, frozen=True):
    """A problem as RFC 9457 describes it, with Harken's `code` and `problems`."""

    title: str = ""
    detail: str = ""
    code: str = ""
    instance: str | None = None
    problems: tuple[errors.Problem, ...] = ()


_problem_decoder = msgspec.json.Decoder(ProblemDocument)


def error_from(reply: Reply) -> errors.APIError:
    """The error that a reply with a status of 300 or more stands for."""
    status = reply.status or 0
    if status < 400:
        return _redirected(status, reply)
    document = _read_problem(reply)
    title = document.title or _phrase(status)
    make = ERROR_BY_CODE.get(document.code) or _class_of(status)
    return make(
        status,
        document.code or f"http_{status}",
        title,
        document.detail,
        problems=document.problems,
        request_id=reply.headers.get("x-request-id") or document.instance,
        retry_after_s=retry_after_s(reply.headers),
    )


def unexpected(reply: Reply, why: str) -> errors.UnexpectedReplyError:
    """The error for a success that is not in Harken's form."""
    return errors.UnexpectedReplyError(
        reply.status or 0,
        "unexpected_reply",
        "Not an answer of Harken's",
        f"the server's answer is not in the expected form ({why}); is the address right?",
        request_id=reply.headers.get("x-request-id"),
    )


def _redirected(status: int, reply: Reply) -> errors.APIError:
    place = reply.headers.get("location", "nowhere")
    return errors.UnexpectedReplyError(
        status,
        "unexpected_reply",
        "Redirected",
        f"the server redirects to {place!r}; redirects are not followed, correct the address",
    )


def _read_problem(reply: Reply) -> ProblemDocument:
    try:
        return _problem_decoder.decode(reply.content)
    except msgspec.MsgspecError:
        return ProblemDocument()


def _class_of(status: int) -> type[errors.APIError]:
    fallback = errors.ServerError if status >= 500 else errors.BadRequestError
    return ERROR_BY_STATUS.get(status, fallback)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"
