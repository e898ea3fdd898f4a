"""The audit log for programs: who changed what, newest first."""

from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

import msgspec

from harken_server.http.replies import Replied, link_to_next
from harken_server.workspaces.keyed import Call, get
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import AuditEntry

Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]
"""An instant, with its zone: `2026-03-01T09:00:00Z`."""


class AuditQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which acts, where to go on, and how many at once."""

    action: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """Only this one, such as `erase_respondent`."""
    subject: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """Only those on this one: the id of a response, or as an entry names a person."""
    respondent: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    """Only those on this person or address; no entry names them."""
    account: UUID | None = None
    """Only what this person of the house did."""
    key: UUID | None = None
    """Only what was done with the API key of this id."""
    program: Annotated[str, msgspec.Meta(max_length=32)] | None = None
    """Only what this did by itself: `cli` or `worker`."""
    since: Moment | None = None
    """Only from this time on."""
    until: Moment | None = None
    """Only before this time."""
    before: UUID | None = None
    """The last entry of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class AuditPage(msgspec.Struct, kw_only=True):
    """What was changed, newest first."""

    entries: list[AuditEntry]


@get("/audit", "list_audit_entries", "Read who changed what", scope="manage")
async def list_audit(call: Call, query: AuditQuery) -> Replied[AuditPage]:
    """Newest first; the `Link` header leads on. Respondents are named by digests."""
    subject = query.subject
    if query.respondent is not None:
        subject = audit.subject_of_person(call.workspace_id, query.respondent.strip())
    asked = {
        "action": query.action,
        "subject": subject,
        "account": query.account,
        "key": query.key,
        "program": query.program,
        "since": query.since and query.since.isoformat(),
        "until": query.until and query.until.isoformat(),
    }
    wanted = audit.Wanted(
        action=query.action,
        subject=subject,
        account_id=query.account,
        api_key_id=query.key,
        program=query.program,
        since=query.since,
        until=query.until,
    )
    found = await audit.list_entries(
        call.db, call.workspace_id, wanted, before=query.before, limit=query.limit
    )
    headers: dict[str, str] = {}
    if len(found) == query.limit:
        last = found[-1].id
        headers = link_to_next(call.runtime, "/v1/audit", **asked, before=last, limit=query.limit)
    return Replied(AuditPage(entries=found), headers=headers)
