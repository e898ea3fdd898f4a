"""What a path names: its id read once, and one way to say that it is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, get_args
from urllib.parse import unquote
from uuid import UUID

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.kernel.errors import NotFoundError

T = TypeVar("T")
IN_QUERY = "-"
"""In a path, for a name that stands in the query."""
MOST_SHOWN = 64
"""Characters of a key that a refusal repeats."""
_KEYED = "/v1/"
"""Only operations read a piece by `text_of_piece`; pages name nothing that may hold a slash."""
_SLASH = "\x00"


class Resource(NamedTuple):
    """A kind of thing that a path may name.

    An operation that takes one by its id says so in its type, and is given a UUID:
    `DeliveryId: TypeAlias = Annotated[UUID, DELIVERY]`.
    """

    noun: str
    code: str
    """Of the error for what is not there."""

    def found(self, value: T | None, name: object) -> T:
        """What was looked for under that name; raises NotFoundError when it is None."""
        if value is None:
            raise self.missing(name)
        return value

    def missing(self, name: object) -> NotFoundError:
        """The error for a name that nothing here has."""
        return NotFoundError(f"There is no {self.noun} {str(name)!r} here.", code=self.code)

    def check_key(self, key: str, kind: Any, meaning: str) -> None:
        """Raise BadRequestError with what is meant, unless something new may be called so."""
        try:
            msgspec.convert(key, kind)
        except msgspec.ValidationError as error:
            raise BadRequestError(
                f"{key[:MOST_SHOWN]!r} is not a {self.noun} key: {meaning}.", code="bad_parameter"
            ) from error

    def id_of(self, text: str) -> UUID:
        """The id in a path; what cannot be one is as unknown as any other."""
        try:
            return UUID(text.strip())
        except ValueError:
            raise self.missing(text) from None


class Named(NamedTuple):
    """What others have named, with any characters at all: the rule for a name in an address.

    Not every program between client and server lets `%2F` or `..` through in a path, so the name
    may stand in the query as well: `/respondents/-/explain?respondent=..`.
    """

    meaning: str
    check: Callable[[str], str]
    """Gives the name, or raises BadRequestError."""

    def read(self, text: str, elsewhere: str | None) -> str:
        """The name in a path, or in the query where the path has only `-`."""
        return self.check(elsewhere if text == IN_QUERY and elsewhere is not None else text)


def kind_of_piece(annotation: Any) -> Resource | Named | None:
    """What a parameter takes by its id or name; None for one that takes text."""
    return next(
        (each for each in get_args(annotation) if isinstance(each, (Resource, Named))), None
    )


def path_to_route(scope: Any) -> str:
    """The decoded path, in which only what divides pieces is a slash."""
    path, raw = scope["path"], scope.get("raw_path") or b""
    if b"%2" not in raw or not path.startswith(_KEYED) or b"%2f" not in raw.lower():
        return path
    pieces = (unquote(piece) for piece in raw.decode("ascii").split("/"))
    return "/".join(piece.replace("/", _SLASH) for piece in pieces)


def text_of_piece(scope: Any, name: str) -> str:
    """A piece of the path as its sender wrote it."""
    return scope["path_params"][name].replace(_SLASH, "/")
