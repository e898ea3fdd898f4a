"""Operations that need a key: how they are declared. What they know of their caller is a `Call`.

Each that changes something is written to the audit log together with the change, under its id,
unless its declaration says why it is an `everyday` one.
"""

from functools import partial
from typing import Any, cast

from harken_server.http.declared import Caller, declare
from harken_server.http.operations import KEYED_ERRORS, Deed, Operation, Pieces
from harken_server.http.replies import Replied
from harken_server.workspaces.access import Call, begin, call_of, charge_key, write_down
from harken_server.workspaces.store.audit import subject_of_person

__all__ = ["Call", "delete", "get", "patch", "post", "put"]

_PERSON = "respondent"
"""A piece of a path that the audit log must not repeat: it names somebody."""
_MADE = ("id", "number", "code", "key")
"""What a reply names the thing by that was made, the first that it has."""


async def _change(call: Call, operation: Operation, named: Pieces, do: Deed) -> Any:
    subject = _named(call, named)
    doing = begin(call, operation.id, " ".join(subject))
    value = await do(doing)
    if not subject or operation.status == 201:
        subject += _made(value)
    await write_down(doing, operation.id, " ".join(subject))
    return value


def _named(call: Call, named: Pieces) -> list[str]:
    return [
        subject_of_person(call.workspace_id, str(piece)) if name == _PERSON else str(piece)
        for name, piece in named.items()
    ]


def _made(value: Any) -> list[str]:
    reply: Any = cast("Replied[Any]", value).value if isinstance(value, Replied) else value
    return [str(getattr(reply, name)) for name in _MADE if hasattr(reply, name)][:1]


KEYED = Caller(call_of, KEYED_ERRORS, is_keyed=True, charge=charge_key, change=_change)

get = partial(declare, "GET", caller=KEYED)
post = partial(declare, "POST", caller=KEYED)
put = partial(declare, "PUT", caller=KEYED)
patch = partial(declare, "PATCH", caller=KEYED)
delete = partial(declare, "DELETE", caller=KEYED)
