"""How a short CSV file is asked for, its dialect and the signs of a locale, and how it is sent."""

from typing import Annotated, TypeAlias

import msgspec
from litestar import Response

from harken_server.http.header_values import attachment
from harken_server.http.problems import BadRequestError
from harken_server.kernel.sheet_files import CsvStyle, Dialect, style_of

CsvDialect: TypeAlias = Dialect
CsvLocale: TypeAlias = Annotated[str, msgspec.Meta(max_length=20)] | None
"""Spreadsheets of its countries part cells by semicolons and write decimal commas: so does the
file. Left out: commas, and points."""


def style_for(dialect: Dialect, locale: str | None) -> CsvStyle:
    """The style asked for; raises BadRequestError for a locale that nothing is known of."""
    try:
        return style_of(dialect, locale)
    except ValueError:
        raise BadRequestError(
            f"locale is {locale!r}; it must be a language, perhaps with a country, whose numbers "
            "are known, such as en, de, fr, nb or de-CH.",
            code="bad_parameter",
        ) from None


def csv_reply(content: bytes, name: str) -> Response[bytes]:
    """A short file, to be kept under this name."""
    headers = {"content-disposition": attachment(name), "cache-control": "private, no-store"}
    return Response(content, media_type="text/csv", headers=headers)
