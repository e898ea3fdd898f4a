"""An invitation carries what its trigger said, for one respondent and a limited time."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from harken_server.asking.deciding import new_invitation
from harken_server.asking.requests import DRAWN_BYTES, Trigger, TriggerRequest
from harken_server.invitations.codes import parse_code
from harken_server.invitations.invitation import Invitation

HOME = UUID("019a8f00-0000-7000-8000-000000000001")
SURVEY = UUID("019a8f00-0000-7000-8000-00000000000a")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
REQUEST = TriggerRequest(
    touchpoint="order.delivered",
    respondent="customer-1",
    channel="email",
    context={"store": "Berlin 7", "amount": 12.5, "member": True},
    locale="de",
)


def made() -> Invitation:
    drawn = secrets.token_bytes(DRAWN_BYTES)
    trigger = Trigger(request=REQUEST, workspace_id=HOME, now=NOW, drawn=drawn)
    return new_invitation(trigger, SURVEY, link_ttl_days=30)


def test_an_invitation_carries_all_that_the_trigger_said() -> None:
    invitation = made()

    assert (invitation.workspace_id, invitation.survey_id) == (HOME, SURVEY)
    assert (invitation.touchpoint, invitation.channel) == ("order.delivered", "email")
    assert (invitation.respondent, invitation.locale) == ("customer-1", "de")
    assert invitation.context == REQUEST.context


def test_it_is_for_a_single_use_and_a_limited_time() -> None:
    invitation = made()

    assert invitation.is_single_use
    assert invitation.response_id is None
    assert invitation.created_at == NOW
    assert invitation.expires_at == NOW + timedelta(days=30)


def test_each_has_an_id_and_a_code_of_its_own() -> None:
    many = [made() for _ in range(200)]

    assert len({invitation.id for invitation in many}) == 200
    assert len({invitation.code for invitation in many}) == 200
    assert all(parse_code(invitation.code) == invitation.code for invitation in many)
