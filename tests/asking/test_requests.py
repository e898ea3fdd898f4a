"""A trigger's limits: all problems at once, each with its path and limit."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from harken_server.asking.requests import TriggerRequest, check_request, digest_request

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "touchpoint": "order.delivered",
    "respondent": "customer-1",
    "channel": "email",
    "context": {"store": "Berlin 7", "amount": 12.5, "items": 3, "member": True, "note": None},
    "locale": "de-AT",
}


def request(**changes: Any) -> TriggerRequest:
    return TriggerRequest(**(GOOD | changes))


def test_a_good_trigger_has_no_problem_from_json_or_from_python() -> None:
    decoded = msgspec.json.decode(msgspec.json.encode(GOOD), type=TriggerRequest)

    assert decoded == request()
    assert check_request(decoded, "order-17") == []


def test_only_the_touchpoint_is_needed() -> None:
    decoded = msgspec.json.decode(b'{"touchpoint": "order.delivered"}', type=TriggerRequest)

    assert check_request(decoded) == []
    assert (decoded.respondent, decoded.channel, decoded.context) == (None, "api", {})


@pytest.mark.parametrize(
    ("changes", "path", "code", "limit"),
    [
        ({"touchpoint": ""}, "$.touchpoint", "length", 64),
        ({"touchpoint": "a" * 65}, "$.touchpoint", "length", 64),
        ({"touchpoint": "Order Delivered"}, "$.touchpoint", "pattern", None),
        ({"touchpoint": "order.delivered\n"}, "$.touchpoint", "pattern", None),
        ({"touchpoint": "order\x00"}, "$.touchpoint", "bad_character", None),
        ({"respondent": ""}, "$.respondent", "length", 200),
        ({"respondent": "é" * 201}, "$.respondent", "length", 200),
        ({"respondent": "a\x00b"}, "$.respondent", "bad_character", None),
        ({"respondent": "a\ud800"}, "$.respondent", "bad_character", None),
        ({"channel": "c" * 65}, "$.channel", "length", 64),
        ({"locale": "l" * 13}, "$.locale", "length", 12),
        ({"context": {f"k{n}": n for n in range(51)}}, "$.context", "too_many", 50),
        ({"context": {"": 1}}, "$.context.", "length", 64),
        ({"context": {"k" * 65: 1}}, "$.context." + "k" * 64, "length", 64),
        ({"context": {"note": "x" * 501}}, "$.context.note", "length", 500),
        ({"context": {"note": "\x00"}}, "$.context.note", "bad_character", None),
        ({"context": {"n": float("inf")}}, "$.context.n", "not_finite", None),
        ({"context": {"n": float("nan")}}, "$.context.n", "not_finite", None),
        ({"context": {"n": 2**63}}, "$.context.n", "out_of_range", 2**63 - 1),
        ({"traits": {f"k{n}": n for n in range(51)}}, "$.traits", "too_many", 50),
        ({"traits": {"plan": "x" * 501}}, "$.traits.plan", "length", 500),
        ({"email": "kim"}, "$.email", "bad_format", 254),
        ({"email": "a" * 250 + "@x.io"}, "$.email", "bad_format", 254),
        ({"phone": "12"}, "$.phone", "bad_format", 15),
        ({"timezone": "Berlin time"}, "$.timezone", "bad_format", None),
        ({"send_at": NOW + timedelta(days=367)}, "$.send_at", "out_of_range", 366),
        ({"idempotency_key": ""}, "$.idempotency_key", "length", 128),
    ],
)
def test_each_broken_limit_is_named(
    changes: dict[str, Any], path: str, code: str, limit: int | None
) -> None:
    (problem,) = check_request(request(**changes), now=NOW)

    assert (problem.path, problem.code, problem.limit) == (path, code, limit)
    assert problem.message


def test_limits_are_reached_without_a_problem() -> None:
    full = request(
        touchpoint="a" * 64,
        respondent="é" * 200,
        channel="c" * 64,
        locale="l" * 12,
        context={"k" * 62 + f"{n:02}": "x" * 500 for n in range(50)},
    )

    assert check_request(full, "i" * 128) == []


def test_all_problems_are_listed_at_once() -> None:
    bad = request(touchpoint="", respondent="", channel="", context={"a": "\x00", "b": "x" * 501})

    assert len(check_request(bad, "k" * 129)) == 6


@pytest.mark.parametrize("key", ["", "k" * 129, "k\x00"])
def test_an_idempotency_key_has_its_limits_too(key: str) -> None:
    assert [problem.path for problem in check_request(request(), key)] == ["Idempotency-Key"]


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"touchpoint": "Order"}',
        b'{"touchpoint": "order", "respondant": "typo"}',
        b'{"touchpoint": "order", "respondent": ""}',
        b'{"touchpoint": "order", "respondent": 7.0}',
        b'{"touchpoint": "order", "context": {"a": [1]}}',
        b'{"touchpoint": "order", "context": {"a": NaN}}',
        b'{"touchpoint": "order", "respondent": "\\ud800"}',
        b'{"touchpoint": ' + b'"a' * 30 + b'"}',
    ],
)
def test_json_of_another_shape_is_refused_while_decoding(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(body, type=TriggerRequest)


def test_the_digest_ignores_the_order_of_context_and_nothing_else() -> None:
    one = request(context={"a": 1, "b": 2})

    assert digest_request(one) == digest_request(request(context={"b": 2, "a": 1}))
    others = [
        request(context={"a": 1, "b": 3}),
        request(context={"a": 1}),
        request(context={"a": 1, "b": 2}, respondent="customer-2"),
        request(context={"a": 1, "b": 2}, respondent=None),
        request(context={"a": 1, "b": 2}, touchpoint="order.returned"),
        request(context={"a": 1, "b": 2}, channel="sms"),
        request(context={"a": 1, "b": 2}, locale=None),
    ]
    assert len({digest_request(other) for other in [one, *others]}) == 8


def test_two_keys_for_one_trigger_must_be_the_same() -> None:
    both = request(idempotency_key="order-17")

    assert check_request(both, "order-17") == []
    (problem,) = check_request(both, "order-18")
    assert (problem.path, problem.code) == ("$.idempotency_key", "contradiction")


def test_the_digest_of_a_trigger_of_the_first_release_is_what_it_was() -> None:
    """Decisions stored then are still found by repeating their trigger."""
    assert digest_request(request()) == (
        "a374fb02fdf421c9180c41fb98598a2098c70d0b13c6e88116318e8a2d667ce5"
    )


def test_what_is_told_of_the_person_is_a_part_of_the_digest_and_the_key_is_not() -> None:
    plain = digest_request(request())
    told = [
        request(traits={"plan": "pro"}),
        request(email="kim@example.com"),
        request(consent=False),
        request(send_at=NOW),
    ]

    assert len({plain, *(digest_request(one) for one in told)}) == 5
    assert digest_request(request(idempotency_key="order-17")) == plain
