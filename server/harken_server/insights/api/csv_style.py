"""How a CSV file is asked for: its dialect, and the signs of a locale."""

from typing import Annotated, TypeAlias

import msgspec

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
