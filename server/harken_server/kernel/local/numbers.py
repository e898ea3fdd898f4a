"""Numbers as people of a language write and read them: the one reading, and the one writing.

Signs of a language are those of the Unicode CLDR with Latin digits; for the languages that we ship
tests/vectors/number_signs.json has them all. Read are the digits of every script, and whatever the
writing can give.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from harken_server.kernel.languages import fallback_chain
from harken_server.kernel.numbers import number_text

MAX_TYPED_CHARS = 60
MOST_DIGITS = 20
"""On each side of the decimal sign."""
DECIMAL_SIGN = "\u066b"
"""The Arabic one, which is a decimal sign in every language."""
LEAST_PARTED = 5
"""Fewer digits are written without signs between thousands, so that a year stays a year."""


class Signs(NamedTuple):
    """How a language writes numbers."""

    decimal: str
    group: str


def signs_of(locale: str) -> Signs:
    """The signs of a locale, else those of its language, else those of English.

    >>> signs_of("de-AT").decimal, signs_of("de-CH").decimal, signs_of("eo-XX").decimal
    (',', '.', '.')
    """
    found = (_SIGNS.get(name) for name in fallback_chain(locale, "en"))
    return next(signs for signs in found if signs is not None)


def writes_numbers(locale: str) -> bool:
    """Whether the signs of the locale, or of its language, are known.

    >>> writes_numbers("de-AT"), writes_numbers("xx")
    (True, False)
    """
    language = locale.split("-", maxsplit=1)[0]
    return bool(_LOCALE.fullmatch(locale)) and (locale in _SIGNS or language in _SIGNS)


def read_number(typed: str, locale: str, *, is_whole: bool = False) -> float | None:
    """The number that the text means on a page of this locale; None when that is in doubt.

    A sign between thousands is never taken for a decimal sign: a point or comma before exactly
    three digits means what the language means by it, and is in doubt where the language uses it
    for neither. The decimal sign before three digits is in doubt in a whole number, and before
    three zeros everywhere: who writes `1.000` rarely means one.

    >>> read_number("1,000", "en"), read_number("1.000", "de"), read_number("1.000", "fr")
    (1000, 1000, None)
    >>> read_number("1 234,5", "fr"), read_number("-1,234.50", "en"), read_number("1.5", "de")
    (1234.5, -1234.5, 1.5)
    """
    plain = in_common_signs(typed.strip(), _COMMON) if len(typed) <= MAX_TYPED_CHARS else ""
    found = _TYPED.fullmatch(plain.strip())
    parts = found and _parted(found["number"], signs_of(locale), is_whole=is_whole)
    if not found or not parts or not any(parts) or max(map(len, parts)) > MOST_DIGITS:
        return None
    whole, fraction = parts
    minus = found["minus"].strip("+")
    if fraction.strip("0"):
        return float(f"{minus}{whole or '0'}.{fraction}")
    return int(f"{minus}{whole or '0'}")


def say_number(number: float, locale: str, *, parted: bool = False) -> str:
    """The number in the signs of a locale, unrounded and never with an exponent.

    `parted` puts signs between thousands from LEAST_PARTED digits on. What is said is read back by
    `read_number` as the same number.

    >>> say_number(1234567.5, "de", parted=True), say_number(0.0000001, "fr"), say_number(2.0, "en")
    ('1.234.567,5', '0,0000001', '2')
    """
    signs = signs_of(locale)
    minus, digits = ("-" if number < 0 else ""), number_text(abs(number))
    whole, _, fraction = digits.partition(".")
    if parted and len(whole) >= LEAST_PARTED:
        whole = _with_groups(whole, signs.group, 2 if _is_indian(locale) else 3)
    return f"{minus}{whole}{signs.decimal}{fraction}" if fraction else f"{minus}{whole}"


def in_common_signs(typed: str, signs: Mapping[int, str]) -> str:
    """ASCII digits, every blank a space, other signs as told, and no marks of direction."""
    plain: list[str] = []
    for letter in typed.translate(signs):
        kind = unicodedata.category(letter)
        if kind == "Nd":
            plain.append("0123456789"[unicodedata.decimal(letter)])
        elif kind != "Cf":
            plain.append(" " if kind == "Zs" else letter)
    return "".join(plain)


_LOCALE = re.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_BLANK, _ARABIC_COMMA = " ", "\u060c"
_TYPED = re.compile(
    rf"(?P<minus>[-+]?) ?(?P<number>(?=.?[0-9])[0-9.,{_ARABIC_COMMA}{DECIMAL_SIGN} ]+)"
)
_SINGLE = re.compile(rf"[.,{_ARABIC_COMMA}{DECIMAL_SIGN}]")
_COMMON = str.maketrans({
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe58\ufe63\uff0d\u207b", "-"),
    **dict.fromkeys("\ufe62\uff0b\u207a", "+"),
    **dict.fromkeys("'\u2019\u2018\u02bc\u02bb\u2032\uff07\u066c", _BLANK),
    "\uff0c": ",", "\uff0e": ".", "\ufe50": ",", "\ufe52": ".",
})  # fmt: skip
"""Minus, plus and the signs that part thousands and nothing else, in their many shapes."""


def _parted(number: str, signs: Signs, *, is_whole: bool) -> tuple[str, str] | None:
    """The digits before and after the decimal sign; None when the meaning is in doubt."""
    marks = _SINGLE.findall(number)
    kinds = list(dict.fromkeys(marks))
    if len(marks) != 1 and len(kinds) < 2:
        group = marks[0] if marks else _BLANK
        whole = None if group == DECIMAL_SIGN else _without_groups(number, group)
        return None if whole is None else (whole, "")
    left, sign, right = number.rpartition(marks[-1])
    if len(kinds) > 2 or marks.count(sign) > 1 or not (right.isdecimal() or not right):
        return None
    group = _BLANK if len(kinds) == 1 else kinds[0]
    whole = _without_groups(left, group) if left else ""
    if whole is None or group == DECIMAL_SIGN:
        return None
    if sign == DECIMAL_SIGN or len(kinds) == 2:
        return whole, right
    return _by_one_sign(whole, sign, right, signs, is_long=group in left, is_whole=is_whole)


def _by_one_sign(
    whole: str, sign: str, right: str, signs: Signs, *, is_long: bool, is_whole: bool
) -> tuple[str, str] | None:
    """What a single point or comma means; `is_long` when blanks part the thousands before it."""
    is_group = len(right) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if is_group and sign == signs.group:
        return whole + right, ""
    if sign == signs.decimal:
        return None if is_group and (is_whole or right == "000") else (whole, right)
    # Many telephones offer one decimal sign only, whatever the page speaks.
    is_decimal = len(right) < 3 or (not is_long and not whole.strip("0"))
    return (whole, right) if is_decimal else None


def _without_groups(whole: str, sign: str) -> str | None:
    """The digits, when what stands between the signs are thousands, or lakhs and crores."""
    first, *rest = whole.split(sign)
    if not all(part.isdecimal() for part in (first, *rest)):
        return None
    if not rest:
        return first
    sizes = {len(part) for part in rest[:-1]}
    is_parted = sizes <= {3} or (sizes == {2} and len(first) <= 2)
    is_begun = 1 <= len(first) <= 3 and not first.startswith("0")
    return first + "".join(rest) if is_begun and is_parted and len(rest[-1]) == 3 else None


def _with_groups(whole: str, sign: str, size: int) -> str:
    head, parts = whole[:-3], [whole[-3:]]
    while head:
        head, part = head[:-size], head[-size:]
        parts.insert(0, part)
    return sign.join(parts)


def _is_indian(locale: str) -> bool:
    return locale.split("-", maxsplit=1)[0] in _INDIAN or locale.endswith("-IN")


_INDIAN = frozenset({"bn", "gu", "hi", "kn", "ml", "mr", "pa", "ta", "te"})
_WRITTEN = {
    ".,": (
        "en ar he cy fa ga ja ko ms sw th ur zh es-419 es-BR es-BZ es-CU es-DO es-GT es-HN es-MX "
        "es-NI es-PA es-PE es-PR es-SV es-US fr-RW bn gu hi kn ml mr pa ta te"
    ),
    ",.": (
        "de es it nl da pt bs ca el eu hr id is lb mk ro sl sr tr vi ar-DZ ar-LB ar-LY ar-MA ar-MR "
        "ar-TN en-AT en-BE en-DE en-DK en-ES en-ID en-IT en-NL en-PL en-RO en-SI fr-LU"
    ),
    ",\u00a0": (
        "nb nn no sv pl be bg cs et fi gl hu hy ka kk lt lv ru sk sq uk pt-AO pt-CH pt-CV pt-GQ "
        "pt-GW pt-LU pt-MO pt-MZ pt-PT pt-ST pt-TL es-CR en-CZ en-EE en-FI en-HU en-LT en-LV en-NO "
        "en-PT en-SE en-SK en-UA en-ZA fr-CA"
    ),
    ",\u202f": "fr en-FR en-GE",
    ".'": "de-CH de-LI en-CH it-CH",
    ",'": "fr-CH",
}
"""Locales by decimal sign and sign between thousands; the others write as their language."""
_SIGNS = {
    **{locale: Signs(*signs) for signs, locales in _WRITTEN.items() for locale in locales.split()},
    **dict.fromkeys(_INDIAN, Signs(".", ",")),
}
