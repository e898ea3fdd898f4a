"""What anybody sends costs 2 ms a kilobyte and 20 times its size in memory at most (A1, A3).

Measured is processor time, best of several, and memory by `tracemalloc`: neither depends on what
else the machine does. Before `nightly` every shape is tried at one small size, and only the slowest
of each parser at sizes that double.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import measured_parsers as measured
import pytest
from measured_parsers import Parser, peak_of, seconds_of
from tiers import nightly

import harken_server
from harken_server.kernel.errors import HarkenError

PARSERS = measured.every_parser()
SMALL = 4 * 1024
MIDDLE = 16 * 1024
LARGE = 64 * 1024
ROOM_S = 0.005
"""What the smallest inputs may take besides."""
DOUBLED = 3.0
"""Twice the input takes at most so many times as long, with all that disturbs a measurement."""
MEASURABLE_S = 0.004
"""Shorter times say nothing about how they grow."""


def made(parser: Parser, name: str, size: int) -> bytes:
    return parser.shapes[name](min(size, parser.most))[: parser.most]


def allowed_s(raw: bytes) -> float:
    return ROOM_S + measured.MS_PER_KB / 1000 * len(raw) / 1024


def too_slow(parser: Parser, raw: bytes) -> str:
    """What is wrong with the time of one input; tried again before it is said."""
    if seconds_of(parser, raw) <= allowed_s(raw):
        return ""
    seconds = seconds_of(parser, raw, best_of=5)
    return f"{len(raw)} bytes took {seconds:.4f} s" if seconds > allowed_s(raw) else ""


def too_big(parser: Parser, raw: bytes) -> str:
    """What is wrong with the memory of one input."""
    peak = peak_of(parser, raw)
    most = parser.free + measured.BYTES_PER_BYTE * len(raw)
    return f"{len(raw)} bytes took {peak} bytes" if peak > most else ""


def growth(parser: Parser, name: str, most: int) -> str:
    """What is wrong with how the time grows, from size to size."""
    if seconds_of(parser, made(parser, name, most)) < MEASURABLE_S:
        return ""
    size, before = SMALL, 0.0
    while size <= min(most, parser.most):
        seconds = seconds_of(parser, made(parser, name, size), best_of=3)
        if before > MEASURABLE_S and seconds > DOUBLED * before:
            # Caches that others use at the same time stretch one measurement, never all of them.
            again = seconds_of(parser, made(parser, name, size), best_of=15)
            earlier = seconds_of(parser, made(parser, name, size // 2), best_of=15)
            if again > DOUBLED * earlier:
                return f"{size} bytes took {again:.4f} s, half of it {earlier:.4f} s"
        size, before = 2 * size, seconds
    return ""


@cache
def slowest_shapes(number: int) -> list[str]:
    """Names of a parser's shapes, that which takes longest first."""
    parser = PARSERS[number]
    costs = {name: seconds_of(parser, made(parser, name, SMALL)) for name in parser.shapes}
    return sorted(costs, key=lambda name: -costs[name])


def faults(found: Iterable[tuple[Parser, str, str]]) -> list[str]:
    return [f"{parser.name}, {name}: {said}" for parser, name, said in found if said]


def test_every_parser_takes_two_milliseconds_a_kilobyte_at_most() -> None:
    assert not faults(
        (parser, name, too_slow(parser, made(parser, name, SMALL)))
        for number, parser in enumerate(PARSERS)
        for name in slowest_shapes(number)[:3]
    )


@pytest.mark.nightly
def test_the_slowest_shape_of_every_parser_grows_with_its_size_alone() -> None:
    assert not faults(
        (parser, name, growth(parser, name, MIDDLE) or too_big(parser, made(parser, name, MIDDLE)))
        for number, parser in enumerate(PARSERS)
        for name in slowest_shapes(number)[:1]
    )


@pytest.mark.nightly
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_every_shape_keeps_within_time_and_memory_at_every_size(parser: Parser) -> None:
    for name in parser.shapes:
        said = [
            growth(parser, name, parser.most),
            *(too_slow(parser, made(parser, name, size)) for size in (LARGE, parser.most)),
            *(too_big(parser, made(parser, name, size)) for size in (LARGE, 256 * 1024)),
        ]
        assert not any(said), (name, said)


def searched(number: int, rounds: int, most: int) -> tuple[float, bytes]:
    """The slowest input for its size that mutation finds, and what it takes."""
    parser, chance = PARSERS[number], random.Random(number)
    pool = [made(parser, name, SMALL) for name in slowest_shapes(number)[:4]]
    best = [(seconds_of(parser, raw) / (len(raw) or 1), raw) for raw in pool]
    for _ in range(rounds):
        _, one = chance.choice(best)
        _, other = chance.choice(best)
        raw = _mutant(one, other, chance)[: min(parser.most, most)]
        cost = seconds_of(parser, raw) / max(len(raw), 1_024)
        best = sorted([*best, (cost, raw)], key=lambda each: -each[0])[:8]
    raw = best[0][1]
    return seconds_of(parser, raw, best_of=2), raw


def _mutant(one: bytes, other: bytes, chance: random.Random) -> bytes:
    at, end = sorted(chance.randrange(len(one) + 1) for _ in range(2))
    piece = one[at : min(end, at + 200)]
    match chance.randrange(5):
        case 0:
            return one[:at] + other[at:]
        case 1:
            return one[:at] + piece * max(1, 2_000 // (len(piece) or 1)) + one[at:]
        case 2:
            return one[:at] + one[end:]
        case 3:
            return one + other
        case _:
            return one[:at] + bytes([chance.randrange(256)]) + one[at:]


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("rounds", "most"), [(6, SMALL), nightly(300, LARGE)])
def test_no_search_finds_an_input_that_costs_more(rounds: int, most: int) -> None:
    for number, parser in enumerate(PARSERS):
        seconds, raw = searched(number, rounds, most)

        assert seconds <= allowed_s(raw), (parser.name, len(raw), raw[:200])


READS = re.compile(
    r"\b(?:json\.loads|tomllib\.loads|CSafeLoader|csv\.reader|BytesParser|parse_qsl?|parse_qs|"
    r"getaddresses|parsedate_to_datetime|urlsplit|b32decode|(?:urlsafe_)?b64decode|"
    r"json\.decode|json\.Decoder|msgpack\.decode|toml\.decode|yaml\.decode|fromstring|"
    r"fromisoformat|SimpleCookie|fnmatch|re\.compile)\("
)
KNOWN_TO_READ = Path(__file__).with_name("parsing_modules.txt")


def test_every_module_that_parses_is_known_with_what_measures_it() -> None:
    known = dict(
        line.split(": ", 1)
        for line in KNOWN_TO_READ.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )
    root = Path(harken_server.__file__).parent
    found = {
        path.relative_to(root).with_suffix("").as_posix().replace("/", ".")
        for path in root.rglob("*.py")
        if READS.search(path.read_text("utf-8"))
    }

    assert found == set(known), "say in parsing_modules.txt what a new one reads, and measure it"
    names = {parser.name for parser in PARSERS}
    measured_by = {name for said in known.values() for name in re.findall(r"`([^`]+)`", said)}
    assert measured_by <= names, measured_by - names


def test_every_body_that_an_operation_is_given_as_bytes_is_measured() -> None:
    bodies = measured.declared_bodies()
    given_bytes = {
        (operation, media_type)
        for operation, declared in bodies.items()
        for media_type in declared.operation.body_types
        if is_given_bytes(declared, media_type)
    }

    assert given_bytes == set(measured.RAW)
    assert len(bodies) > 30


def is_given_bytes(declared: Any, media_type: str) -> bool:
    try:
        return declared.read(b"\xff", {b"content-type": media_type.encode()}) == b"\xff"
    except HarkenError:
        return False
