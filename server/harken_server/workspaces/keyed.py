"""Operations that need a key: how they are declared. What they know of their caller is a `Call`.

Each that changes something is written to the audit log when it is done, under its id, unless its
story writes it down together with the change, or its declaration says why it is an `everyday` one.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from harken_server.http.declared import Caller, declare
from harken_server.http.operations import KEYED_ERRORS, Operation
from harken_server.http.replies import Replied
from harken_server.workspaces.access import Call, call_of, charge_key, write_down
from harken_server.workspaces.store.audit import subject_of_person

__all__ = ["Call", "delete", "get", "patch", "post", "put"]

_PERSON = "respondent"
"""A piece of a path that the audit log must not repeat: it names somebody."""
_MADE = ("id", "number", "code", "key")
"""What a reply names the thing by that was made, the first that it has."""


async def _changed(
    call: Call, operation: Operation, named: Mapping[str, object], value: Any
) -> None:
    subject = [
        subject_of_person(call.workspace_id, str(piece)) if name == _PERSON else str(piece)
        for name, piece in named.items()
    ]
    if not subject or operation.status == 201:
        subject += _made(value)
    await write_down(call, operation.id, " ".join(subject))


def _made(value: Any) -> list[str]:
    reply: Any = cast("Replied[Any]", value).value if isinstance(value, Replied) else value
    return [str(getattr(reply, name)) for name in _MADE if hasattr(reply, name)][:1]


KEYED = Caller(call_of, KEYED_ERRORS, is_keyed=True, charge=charge_key, changed=_changed)

get = partial(declare, "GET", caller=KEYED)
post = partial(declare, "POST", caller=KEYED)
put = partial(declare, "PUT", caller=KEYED)
patch = partial(declare, "PATCH", caller=KEYED)
delete = partial(declare, "DELETE", caller=KEYED)
