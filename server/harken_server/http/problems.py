"""Named failures as RFC 9457 problems, the one table from error to HTTP status; and in the log."""

from __future__ import annotations

import logging
import time

import msgspec

from harken_server.kernel.errors import (
    AccessError,
    ConflictError,
    GoneError,
    HarkenError,
    InvalidInputError,
    NotFoundError,
    OverloadedError,
    Problem,
    StorageError,
)
from harken_server.kernel.person_names import why_no_name

PROBLEM_TYPE = "https://harken.dev/problems/"
PROBLEM_MEDIA_TYPE = "application/problem+json"


class BadRequestError(HarkenError):
    """A request that cannot be read: malformed body, unknown parameter, wrong type."""

    code = "bad_request"

    def __init__(
        self, message: str, *, code: str, status: int = 400, problems: tuple[Problem, ...] = ()
    ) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.problems = problems


class ForbiddenError(AccessError):
    """A good key that does not reach this: by its scopes, from this site, for this person."""

    code = "forbidden_scope"


class RateLimitedError(OverloadedError):
    """Too many of something from one address, with one key or for one subject."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ProblemDocument(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The body of every error answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    """Stable; the last part of `type`."""
    problems: tuple[Problem, ...] = ()
    """Everything wrong with the input, all at once."""


_TOO_LARGE = frozenset({"Number out of range", "Integer value out of range"})
"""What msgspec says of a number that no JSON reader keeps exactly."""
STORAGE_FAILURE = "The database cannot be used right now; the server's log says why. Try again."
"""Said to everybody: the reason names files, hosts and users."""

TITLES = {
    400: "The request cannot be read",
    401: "A valid API key is needed",
    403: "This is not allowed",
    404: "Not found",
    405: "This method is not allowed here",
    409: "It clashes with what is stored",
    410: "It is over",
    411: "The length of the body is needed",
    413: "The body is too large",
    414: "The address is too long",
    415: "This kind of body is not taken here",
    422: "The input is not acceptable",
    429: "Too many requests",
    431: "The headers are too large",
    500: "Something went wrong on our side",
    501: "This is not offered",
    503: "Not available right now",
}


def status_of(error: HarkenError) -> int:
    """The HTTP status that stands for a named failure."""
    match error:
        case BadRequestError():
            return error.status
        case ForbiddenError():
            return 403
        case AccessError():
            return 401
        case InvalidInputError():
            return 422
        case NotFoundError():
            return 404
        case ConflictError():
            return 409
        case GoneError():
            return 410
        case RateLimitedError():
            return 429
        case OverloadedError() | StorageError():
            return 503
        case _:
            return 500


def problem_of(error: HarkenError) -> ProblemDocument:
    """The problem document of a named failure."""
    status = status_of(error)
    return ProblemDocument(
        type=PROBLEM_TYPE + error.code,
        title=TITLES.get(status, "The request failed"),
        status=status,
        detail=STORAGE_FAILURE if isinstance(error, StorageError) else error.message,
        code=error.code,
        problems=getattr(error, "problems", ()),
    )


def headers_of(error: HarkenError) -> dict[str, str]:
    """Headers that go with the problem: when to try again, how to authenticate."""
    headers: dict[str, str] = {"cache-control": "no-store"}
    if isinstance(error, OverloadedError | StorageError):
        headers["retry-after"] = str(error.retry_after_s)
    if status_of(error) == 401:
        headers["www-authenticate"] = getattr(error, "challenge", AccessError.challenge)
    return headers


def encode_problem(error: HarkenError) -> bytes:
    """The problem document as JSON."""
    return msgspec.json.encode(problem_of(error))


def plain_http_error(status: int, detail: str) -> BadRequestError:
    """A problem for a status that the framework itself raised, such as 404 or 405."""
    codes: dict[int, str] = {
        404: "not_found",
        405: "method_not_allowed",
        413: "body_too_large",
        415: "unsupported_media_type",
    }
    return BadRequestError(detail, code=codes.get(status, "bad_request"), status=status)


def decode_failure(error: Exception) -> BadRequestError:
    """What went wrong while decoding a body, as a problem with a path where there is one."""
    text = str(error)
    if isinstance(error, msgspec.ValidationError):
        message, _, path = text.partition(" - at `")
        path = path.rstrip("`") or "$"
        if message in _TOO_LARGE:
            return BadRequestError(f"A number is too large (at {path}).", code="malformed_json")
        message = why_no_name(message, path)
        problem = Problem(path, "wrong_shape", message)
        return BadRequestError(
            f"{message} (at {path})", code="wrong_shape", status=422, problems=(problem,)
        )
    if isinstance(error, RecursionError):
        return BadRequestError("The JSON is nested too deeply.", code="malformed_json")
    if isinstance(error, UnicodeDecodeError):
        return BadRequestError("The body is not valid UTF-8.", code="malformed_json")
    return BadRequestError(f"The body is not valid JSON: {text}", code="malformed_json")


def internal_error() -> HarkenError:
    """What is told of a fault of ours; the log has the rest."""
    return HarkenError("The server made a mistake; it is logged.", code="internal_error")


log = logging.getLogger("harken.storage")

REPEAT_AFTER_S = 10.0
"""The same trouble is logged again only after this time."""

_logged: dict[str, float] = {}
"""When each code was last logged; as many entries as there are codes."""


def log_storage_failure(error: HarkenError) -> None:
    """Log a failure of storage, with its place and reason; other errors are not trouble."""
    if isinstance(error, RateLimitedError) or not isinstance(error, StorageError | OverloadedError):
        return
    now = time.monotonic()
    if now - _logged.get(error.code, -REPEAT_AFTER_S) < REPEAT_AFTER_S:
        return
    _logged[error.code] = now
    log.error("%s", error.message, extra={"code": error.code})
