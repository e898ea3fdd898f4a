"""Ids sort by time and follow RFC 9562."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harken_server.kernel.ids import RANDOM_BYTES, time_of, uuid7

MOMENTS = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001
    max_value=datetime(9999, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
CHANCE = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES)


def test_the_example_of_rfc_9562_appendix_a6_comes_out() -> None:
    # The example's fields: unix_ts_ms 017F22E279B0, rand_a CC3, rand_b 18C4DC0C0C07398F.
    now = datetime(2022, 2, 22, 14, 22, 22, tzinfo=timezone(timedelta(hours=-5)))
    chance = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(RANDOM_BYTES, "big")

    assert uuid7(now, chance) == UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")


@given(MOMENTS, CHANCE)
def test_version_variant_and_time_can_be_read_back(now: datetime, chance: bytes) -> None:
    made = uuid7(now, chance)

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    milliseconds = (now - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert made.int >> 80 == milliseconds
    assert time_of(made) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    assert time_of(UUID(int=made.int, version=4)) is None


@given(MOMENTS, CHANCE, CHANCE)
def test_an_id_made_a_millisecond_later_sorts_after(
    now: datetime, first: bytes, second: bytes
) -> None:
    assert uuid7(now, first) < uuid7(now + timedelta(milliseconds=1), second)


@given(CHANCE, st.integers(min_value=0, max_value=73))
def test_each_of_74_random_bits_matters(chance: bytes, bit: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    other = (int.from_bytes(chance, "big") ^ 1 << bit).to_bytes(RANDOM_BYTES, "big")

    assert uuid7(now, chance) != uuid7(now, other)


@pytest.mark.parametrize("length", [0, 9, 11, 16])
def test_any_other_number_of_random_bytes_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="exactly 10 random bytes"):
        uuid7(datetime(2026, 1, 1, tzinfo=UTC), bytes(length))


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        uuid7(datetime(2026, 1, 1), bytes(RANDOM_BYTES))  # noqa: DTZ001


def test_a_time_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="1970"):
        uuid7(datetime(1969, 12, 31, tzinfo=UTC), bytes(RANDOM_BYTES))
