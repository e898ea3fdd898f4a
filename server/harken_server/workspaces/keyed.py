"""Operations that need a key: how they are declared. What they know of their caller is a `Call`."""

from functools import partial

from harken_server.http.declared import Caller, declare
from harken_server.http.operations import KEYED_ERRORS
from harken_server.workspaces.access import Call, call_of, charge_key

__all__ = ["Call", "delete", "get", "patch", "post", "put"]

KEYED = Caller(call_of, KEYED_ERRORS, is_keyed=True, charge=charge_key)

get = partial(declare, "GET", caller=KEYED)
post = partial(declare, "POST", caller=KEYED)
put = partial(declare, "PUT", caller=KEYED)
patch = partial(declare, "PATCH", caller=KEYED)
delete = partial(declare, "DELETE", caller=KEYED)
