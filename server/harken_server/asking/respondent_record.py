"""What a trigger tells of a person, in the form that is kept."""

from __future__ import annotations

from harken_server.asking.requests import TriggerRequest
from harken_server.kernel.formats import normalise_phone
from harken_server.respondents.store.respondents import Respondent


def told_of(request: TriggerRequest) -> Respondent | None:
    """What a trigger says of a named person that lasts; None when it says nothing."""
    says = (request.email, request.phone, request.timezone, request.consent)
    if request.respondent is None or not (request.traits or any(one is not None for one in says)):
        return None
    return Respondent(
        respondent=request.respondent,
        email=request.email,
        phone=normalise_phone(request.phone) if request.phone is not None else None,
        locale=request.locale,
        timezone=request.timezone,
        consent=request.consent,
        traits=request.traits,
    )
