"""Respondents who must not be asked, and those who are erased."""

from typing import Annotated, TypeAlias

import msgspec

from harken_server.http.problems import BadRequestError
from harken_server.http.resources import Named
from harken_server.kernel.errors import NotFoundError
from harken_server.kernel.person_names import MAX_RESPONDENT
from harken_server.respondents.erasing import Wish, erase_person, find_person
from harken_server.respondents.store import suppressions
from harken_server.respondents.store.suppressions import Suppression
from harken_server.workspaces.keyed import Call, delete, get, put
from harken_server.workspaces.store import audit


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


class ErasureQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How far an erasure goes."""

    respondent: str = ""
    """The name, where the path has only `-`."""
    claimed: bool = False
    """Erase also what came by public links with the name in them (`?rid=`)."""
    hold: bool = False
    """Keep a digest even where nothing is known under the name, against what comes late."""


class Erasure(msgspec.Struct, kw_only=True):
    """What was erased."""

    respondent: str
    erased: dict[str, int]
    """How many there were of each kind, such as `response`, `invitation` or `delivery`."""
    claimed: dict[str, int]
    """How much came by public links with the name in them (`?rid=`), which anybody can write: it
    went too, or is still there."""
    claimed_erased: bool
    """Whether that went too."""
    suppressed: bool
    """Whether a digest of the name is kept, so that nobody asks the person again."""
    cleared: bool
    """Whether nothing of it is left in the database's files either."""


class ErasurePreview(msgspec.Struct, kw_only=True):
    """What an erasure would come to."""

    respondent: str
    found: dict[str, int]
    """How many there are of each kind that would go."""
    claimed: dict[str, int]
    """How much came by public links with the name in them: it would go with `claimed=true`."""
    suppressed: bool
    """Whether a digest of the name is kept already."""


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
    act = call.act("suppress_respondent")
    async with call.db.transaction() as tx:
        is_new = await suppressions.suppress(
            tx,
            call.workspace_id,
            respondent,
            reason=body.reason,
            now=act.created_at,
            new_id=call.runtime.new_id(),
        )
        if is_new:
            await audit.write(tx, act, act.on_person(respondent), reason=body.reason)


@delete(
    "/suppressions/{respondent:str}",
    "unsuppress_respondent",
    "Allow asking a respondent again",
    scope="write",
    errors=(404,),
)
async def unsuppress(call: Call, respondent: RespondentName) -> None:
    """404 when the respondent was not suppressed. Takes an erased one, or their address, too."""
    act = call.act("unsuppress_respondent")
    async with call.db.transaction() as tx:
        is_it = (tx, call.workspace_id, respondent)
        was_named = await suppressions.unsuppress(*is_it)
        was_erased = await suppressions.unsuppress_erased(*is_it)
        if was_named or was_erased:
            await audit.write(tx, act, act.on_person(respondent), was_erased=was_erased)
    if not was_named and not was_erased:
        raise NotFoundError(
            f"Respondent {respondent!r} is not suppressed.", code="suppression_unknown"
        )


@delete(
    "/respondents/{respondent:str}",
    "erase_respondent",
    "Erase a person for ever",
    scope="manage",
)
async def erase(call: Call, respondent: RespondentName, query: ErasureQuery) -> Erasure:
    """All that is stored of them goes, and only a digest is kept, so that nobody asks them again.

    Repeating it erases what came since; nothing is counted, and nothing kept, where there is
    nothing.
    """
    wish = Wish(respondent, claims=query.claimed, holds=query.hold)
    went = await erase_person(call.db, call.act("erase_respondent"), wish)
    return Erasure(
        respondent=respondent,
        erased=went.theirs,
        claimed=went.claimed,
        claimed_erased=query.claimed,
        suppressed=went.is_erased,
        cleared=await call.db.clear_erased(),
    )


@get(
    "/respondents/{respondent:str}/erasure",
    "preview_erasure",
    "Count what an erasure would take",
    scope="manage",
)
async def preview(call: Call, respondent: RespondentName) -> ErasurePreview:
    """Nothing is changed."""
    found = await find_person(call.db, call.workspace_id, respondent)
    return ErasurePreview(
        respondent=respondent,
        found=found.theirs,
        claimed=found.claimed,
        suppressed=found.is_erased,
    )
