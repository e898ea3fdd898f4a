"""Respondents who must not be asked, and those who are erased."""

from typing import Annotated, TypeAlias

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.http.resources import Named
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.person_names import MAX_RESPONDENT
from harken_server.respondents.erasing import erase_person
from harken_server.respondents.store import suppressions
from harken_server.respondents.store.suppressions import Suppression
from harken_server.workspaces.keyed import Call, delete, get, put


def check_respondent(name: str) -> str:
    """The name without blanks around it; BadRequestError when it cannot be stored."""
    name = name.strip()
    if not name or len(name) > MAX_RESPONDENT or "\x00" in name:
        raise BadRequestError(
            f"A respondent has 1 to {MAX_RESPONDENT} characters that are not all blank, none of"
            " them NUL.",
            code="bad_parameter",
        )
    return name


RespondentName: TypeAlias = Annotated[
    str, Named("the host's own name for the person", check_respondent)
]


class SuppressionBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Why the respondent must not be asked."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=20)] = "manual"


class SuppressionQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, and how many at once."""

    after: Annotated[str, msgspec.Meta(max_length=MAX_RESPONDENT)] = ""
    """The last respondent of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class SuppressionList(msgspec.Struct, kw_only=True):
    """A page of suppressed respondents, by name."""

    suppressions: list[Suppression]


class Erasure(msgspec.Struct, kw_only=True):
    """What was erased."""

    respondent: str
    erased: dict[str, int]
    """How many there were of each kind, such as `response`, `invitation` or `delivery`."""


@get("/suppressions", "list_suppressions", "List respondents who are not asked")
async def list_suppressed(call: Call, query: SuppressionQuery) -> SuppressionList:
    """A page by respondent; go on after the last one."""
    found = await suppressions.list_suppressions(
        call.db, call.workspace_id, after=query.after, limit=query.limit
    )
    return SuppressionList(suppressions=found)


@put(
    "/suppressions/{respondent:str}",
    "suppress_respondent",
    "Never ask a respondent again",
    scope="write",
    may_be_empty=True,
)
async def suppress(call: Call, respondent: RespondentName, body: SuppressionBody) -> None:
    """Repeating it changes nothing."""
    await suppressions.suppress(
        call.db,
        call.workspace_id,
        respondent,
        reason=body.reason,
        now=call.now(),
        new_id=call.runtime.new_id(),
    )


@delete(
    "/suppressions/{respondent:str}",
    "unsuppress_respondent",
    "Allow asking a respondent again",
    scope="write",
    errors=(404,),
)
async def unsuppress(call: Call, respondent: RespondentName) -> None:
    """404 when the respondent was not suppressed. Takes an erased one, or their address, too."""
    is_it = (call.db, call.workspace_id, respondent)
    was_named = await suppressions.unsuppress(*is_it)
    if not await suppressions.unsuppress_erased(*is_it) and not was_named:
        raise NotFoundError(
            f"Respondent {respondent!r} is not suppressed.", code="suppression_unknown"
        )


@delete(
    "/respondents/{respondent:str}",
    "erase_respondent",
    "Erase a person for ever",
    scope="manage",
)
async def erase(call: Call, respondent: RespondentName) -> Erasure:
    """All that is stored of them goes, and only a digest is kept, so that nobody asks them again.

    Repeating it erases what came since; nothing is counted where there is nothing.
    """
    erased = await erase_person(call.db, call.workspace_id, respondent, call.now())
    return Erasure(respondent=respondent, erased=erased)
