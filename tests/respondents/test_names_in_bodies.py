"""A respondent in JSON: a whole number stands for its digits, wherever one is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args
from uuid import uuid4

import msgspec
import pytest
from api_client import Api, problem_codes

from harken_server.asking.requests import TriggerRequest
from harken_server.channels.widget.serve.queue import QueueBody
from harken_server.http.operations import OPERATION
from harken_server.programmes.api import MembersBody
from harken_server.programmes.lists import MemberBody
from harken_server.responses.submission import Submission
from harken_server.routes import KEYED, PUBLIC

PROGRAMME = {
    "survey": "post_purchase", "touchpoint": "order.delivered", "channel": "email",
    "every": "quarter", "starts_on": "2027-01-01",
}  # fmt: skip
NAMES = [(42, "42"), (0, "0"), (-7, "-7"), (2**70, str(2**70)), (" c-1\t", "c-1"), ("042", "042")]


def structs_of_bodies() -> set[type[msgspec.Struct]]:
    """Every struct that some operation decodes, however deep it lies."""
    found: set[type[msgspec.Struct]] = {Submission}  # taken before the framework is asked
    for handler in (*KEYED, *PUBLIC):
        operation = handler.opt.get(OPERATION)
        for body in operation.bodies if operation else ():
            collect(body, found)
    return found


def collect(kind: Any, found: set[type[msgspec.Struct]]) -> None:
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind not in found:
            found.add(kind)
            for field in msgspec.structs.fields(kind):
                collect(field.type, found)
        return
    for each in get_args(kind):
        collect(each, found)


def named_fields() -> Iterator[tuple[type[msgspec.Struct], msgspec.structs.FieldInfo]]:
    for struct in structs_of_bodies():
        for field in msgspec.structs.fields(struct):
            if field.encode_name == "respondent":
                yield struct, field


def test_every_body_that_names_a_respondent_takes_a_whole_number() -> None:
    fields = list(named_fields())

    assert {QueueBody, MemberBody, TriggerRequest} <= {struct for struct, _ in fields}
    assert len(fields) >= 5
    assert [struct for struct, field in fields if int not in get_args(field.type)] == []


def test_names_to_be_let_go_may_be_numbers_too() -> None:
    body = msgspec.json.decode(b'{"remove": [42, " c-1 "]}', type=MembersBody)

    assert body.remove == ("42", "c-1")


@pytest.mark.parametrize(("given", "name"), NAMES)
async def test_a_number_is_the_same_person_as_its_digits(
    live: Api, given: int | str, name: str
) -> None:
    http = live.http
    await http.put("/v1/programmes/people", json=PROGRAMME)
    links = "/v1/surveys/post_purchase/links"

    asked = await live.trigger(respondent=given)
    batch = await http.post(
        "/v1/triggers",
        json={"triggers": [{"touchpoint": "order.delivered", "respondent": given}]},
    )
    answered = await live.submit({"recommend": 9}, respondent=given)
    taken = await http.put(
        "/v1/programmes/people/members", json={"members": [{"respondent": given}]}
    )
    members = (await http.get("/v1/programmes/people/members")).json()["members"]
    gone = await http.put("/v1/programmes/people/members", json={"remove": [given]})
    linked = await http.post(links, json={"respondents": [{"respondent": given}]})

    assert asked.json()["respondent"] == name
    assert batch.json()["results"][0]["decision"]["respondent"] == name
    assert answered.status_code == 201
    assert [each["respondent"] for each in await stored(live)] == [name]
    assert (taken.json()["added"], gone.json()["removed"]) == (1, 1)
    assert [each["respondent"] for each in members] == [name]
    assert name in linked.text


async def test_a_repeat_with_digits_is_the_repeat_of_a_number(live: Api) -> None:
    body = {"id": str(uuid4())}

    first = await live.submit({"recommend": 9}, respondent=42, **body)
    again = await live.submit({"recommend": 9}, respondent="42", **body)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content


@pytest.mark.parametrize("given", [True, 42.0, 4.2, [1], {}])
async def test_what_is_neither_text_nor_whole_number_is_refused_in_a_sentence(
    live: Api, given: Any
) -> None:
    for reply in (
        await live.trigger(respondent=given),
        await live.submit({"recommend": 9}, respondent=given),
    ):
        assert reply.status_code == 422
        assert problem_codes(reply) == ["wrong_shape"]
        assert "$.respondent" in reply.text
        assert "A respondent is text or a whole number" in reply.json()["detail"]


async def test_a_number_with_more_digits_than_a_name_may_have_is_refused(live: Api) -> None:
    for reply in (
        await live.trigger(respondent=10**200),
        await live.submit({"recommend": 9}, respondent=10**200),
    ):
        assert reply.status_code == 422, reply.text
        assert problem_codes(reply) == ["length"]
        assert reply.json()["problems"][0]["limit"] == 200


async def stored(live: Api) -> list[dict[str, Any]]:
    return (await live.http.get("/v1/surveys/post_purchase/responses")).json()["responses"]
