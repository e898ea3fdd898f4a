"""Which symbol a link gets: capacities of ISO/IEC 18004, printed widths, and what is refused."""

from __future__ import annotations

import pytest
import segno
from tiers import chosen, pairwise

from harken.printing import Slip, dense_url, make_symbol, width_mm
from harken.printing.symbol import LEVELS, QUIET_ZONE, Level, check_dots, for_printer
from harken_server.qr.pictures import make_symbol as draw_on_server

# Characters that versions 1 to 10 hold (ISO/IEC 18004:2015, table 7).
CAPACITIES = {
    ("alnum", "L"): (25, 47, 77, 114, 154, 195, 224, 279, 335, 395),
    ("alnum", "M"): (20, 38, 61, 90, 122, 154, 178, 221, 262, 311),
    ("alnum", "Q"): (16, 29, 47, 67, 87, 108, 125, 157, 189, 221),
    ("byte", "L"): (17, 32, 53, 78, 106, 134, 154, 192, 230, 271),
    ("byte", "M"): (14, 26, 42, 62, 84, 106, 122, 152, 180, 213),
    ("byte", "Q"): (11, 20, 32, 46, 60, 74, 86, 108, 130, 151),
}
# Millimetres with the quiet zone on 203 dpi, by version and dots a module.
WIDTHS = {
    2: (16.5, 20.6, 24.8),
    3: (18.5, 23.1, 27.8),
    4: (20.5, 25.6, 30.8),
    5: (22.5, 28.1, 33.8),
    8: (28.5, 35.6, 42.8),
    9: (30.5, 38.1, 45.8),
    10: (32.5, 40.6, 48.8),
}
HOSTS = ("X.CO", "FB.ACME.COM", "FEEDBACK.ACME-STORES.COM")
# Version at correction M by characters of the token, for each host.
URL_VERSIONS = {8: (2, 2, 3), 21: (2, 3, 3), 26: (3, 3, 3), 31: (3, 3, 4), 39: (3, 3, 4)}


@pytest.mark.parametrize(("mode", "level"), CAPACITIES)
def test_a_link_gets_the_smallest_version_that_holds_it(mode: str, level: str) -> None:
    letter = {"alnum": "A", "byte": "a"}[mode]
    for version, most in enumerate(CAPACITIES[mode, level], start=1):
        assert make_symbol(letter * most, level).version == version
        assert make_symbol(letter * (most + 1), level).version == version + 1


@pytest.mark.parametrize("length", URL_VERSIONS)
def test_a_code_s_link_takes_the_version_that_was_measured(length: int) -> None:
    links = [f"HTTPS://{host}/R/{'K' * length}" for host in HOSTS]

    assert tuple(make_symbol(link).version for link in links) == URL_VERSIONS[length]


@pytest.mark.parametrize("version", WIDTHS)
def test_printed_widths_include_the_quiet_zone(version: int) -> None:
    most = CAPACITIES["alnum", "M"][version - 1]
    symbol = make_symbol("A" * most)

    widths = [width_mm(symbol, dots) for dots in (4, 5, 6)]

    assert widths == pytest.approx(WIDTHS[version], abs=0.051)


@pytest.mark.parametrize("length", [5, 15, 20, 21, 27, 38, 50, 61, 62])
def test_correction_is_raised_as_far_as_the_symbol_does_not_grow(length: int) -> None:
    symbol = make_symbol("A" * length)
    expected = segno.make("A" * length, error="M", boost_error=True, micro=False)

    assert (symbol.version, symbol.level) == (expected.version, expected.error)
    assert symbol.size == 17 + 4 * symbol.version


def test_a_link_that_fills_a_block_with_zeros_still_gets_a_symbol() -> None:
    symbol = make_symbol("HTTPS://FB.ACME.COM/R/K7Q2W8XM4RTZ00000000000000", "H")

    assert LEVELS.index(symbol.level) == 3
    assert symbol.size in (33, 37)


def test_a_link_too_long_for_any_symbol_is_refused() -> None:
    with pytest.raises(ValueError, match="3000 characters is longer than"):
        make_symbol("a" * 3000)


@pytest.mark.parametrize(
    ("url", "drawn"),
    [
        ("https://a.example/r/k7q2w8xm4", "HTTPS://A.EXAMPLE/R/K7Q2W8XM4"),
        ("https://a.example/r/" + "k" * 26, "HTTPS://A.EXAMPLE/R/" + "K" * 26),
        ("https://a.example/r/" + "k" * 31, "HTTPS://A.EXAMPLE/R/" + "K" * 31),
        ("https://forum.example/r/python", "https://forum.example/r/python"),
        ("https://a.example/r/k7q2w8xmu", "https://a.example/r/k7q2w8xmu"),
        ("https://a.example/r/k7q2w8xm4?n=1", "https://a.example/r/k7q2w8xm4?n=1"),
    ],
)
def test_receipt_tokens_and_place_codes_are_put_in_capitals(url: str, drawn: str) -> None:
    assert dense_url(url) == drawn


@pytest.mark.parametrize(*pairwise(level=LEVELS, scheme=["https", "http"]))
@pytest.mark.few(1)
def test_the_sdk_draws_a_link_as_the_server_does_with_the_same_scheme(
    scheme: str, level: Level
) -> None:
    schemes = set()
    for length in range(1, 60):
        link = f"{scheme}://ACME.CO/I/{'K' * length}"

        symbol, expected = make_symbol(link, level), draw_on_server(link.upper(), level)

        assert (symbol.version, symbol.level) == (expected.version, expected.correction)
        drawn = ["".join("01"[dark] for dark in row) for row in symbol.modules]
        assert drawn == list(expected.rows)
        assert symbol.payload in {link, link.upper()}
        schemes.add(symbol.payload.partition(":")[0])
    assert schemes == {scheme, scheme.upper()}


def test_a_printer_that_draws_by_itself_gets_the_link_of_pictures_if_the_paper_has_room() -> None:
    link = f"https://fb.acme-stores.com/r/{'k7q2w8xm4' * 2}{'k' * 8}"
    code, page = make_symbol(link), make_symbol("HTTPS://a.co/s/Visit")

    roomy, side = for_printer(code, 4, 576)
    tight, smaller = for_printer(code, 4, code.side * 4)

    assert roomy == code.payload == "https://" + link.upper().removeprefix("HTTPS://")
    assert (tight, smaller) == (code.payload.upper(), code.side)
    assert side > code.side, "all in bytes it is larger, and that is kept free"
    assert for_printer(page, 4, 100) == ("https://a.co/s/Visit", page.side)


@pytest.mark.parametrize("level", chosen(LEVELS, "M", "H"))
def test_whatever_modes_a_printer_takes_its_symbol_fits_into_the_room_kept_for_it(
    level: Level,
) -> None:
    for length in range(1, 60):
        symbol = make_symbol(f"https://ACME.CO/I/{'K' * length}", level)
        for paper in (384, 576):
            given, side = for_printer(symbol, 6, paper)
            in_bytes = draw_on_server(given.lower(), symbol.level)
            alone = draw_on_server(given, symbol.level)

            if given != given.upper():  # capitals are never taken for bytes
                assert side * 6 <= paper
                assert in_bytes.size + 2 * QUIET_ZONE <= side
            assert alone.size + 2 * QUIET_ZONE <= side


@pytest.mark.parametrize(
    ("dots", "paper", "named"),
    [(3, None, "from 4 to 100 dots, not 3"), (0, 384, "from 4"), (101, None, "to 100")],
)
def test_modules_too_small_to_be_read_are_refused(dots: int, paper: int | None, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        check_dots(make_symbol("A"), dots, paper)


def test_a_symbol_wider_than_the_paper_is_refused_and_what_fits_is_named() -> None:
    symbol = make_symbol("A" * 311)  # version 10: 65 modules with the quiet zone

    check_dots(symbol, 5, 384)
    with pytest.raises(ValueError, match=r"390 dots wide at 6 .* has 384: 5 dots a module fit"):
        check_dots(symbol, 6, 384)
    with pytest.raises(ValueError, match="use a shorter link"):
        check_dots(make_symbol("a" * 700), 4, 384)


@pytest.mark.parametrize(
    ("ink", "background", "named"),
    [
        ("#ffffff", "#000000", "dark on light"),
        ("#888888", "#ffffff", r"contrast .* is 3\.54; a QR needs at least 4\.5"),
        ("#777777", "#ffffff", r"4\.48"),
        ("red", "#fff", "#rgb or #rrggbb"),
    ],
)
def test_colours_that_readers_fail_on_are_refused(ink: str, background: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Slip(url="https://a.example", ink=ink, background=background)


def test_colours_with_enough_contrast_are_taken() -> None:
    assert Slip(url="https://a.example", ink="#767676").ink == "#767676"


@pytest.mark.parametrize(
    ("parts", "named"),
    [
        ({"url": ""}, "needs a link"),
        ({"url": "https://a.example/ä"}, "percent-encode 'ä'"),
        ({"url": "https://a.example", "text": "x" * 201}, "at most 200"),
        ({"url": "https://a.example", "note": "a\x1bb"}, "control character"),
    ],
)
def test_a_slip_that_cannot_be_printed_is_refused(parts: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Slip(**parts)


def test_the_link_in_words_leaves_out_what_nobody_types() -> None:
    assert Slip(url="HTTPS://FB.ACME.COM/R/K7Q2W8XM4").readable == "fb.acme.com/r/K7Q2W8XM4"
    assert Slip(url="https://a.example/s/Visit?x=1").readable == "a.example/s/Visit?x=1"
