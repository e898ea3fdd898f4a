"""A response on its way into the store, as it is kept, and what became of storing it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from harken_server.database.database import Dialect
from harken_server.surveys.answers.typed_rows import AnswerRow
from harken_server.surveys.conditions import Condition
from harken_server.surveys.published import SurveyRecord

ResponseState: TypeAlias = Literal["partial", "complete", "erased"]
"""Stored by its place in this list, as a standing is (`responses.codes`)."""
Standing: TypeAlias = Literal[
    "counted", "provisional", "quarantined", "unverified", "excluded", "waiting"
]
"""Whether a response counts. Only counted ones enter counts, scores and default exports.

provisional: it waits for a confirmation. quarantined: a program sent it, as far as can be told.
unverified: what should prove it (a receipt) does not. excluded: a person set it aside. waiting: it
is shown once there are enough others to be shown with (`responses.small_groups`).
"""

DOUBTFUL: frozenset[Standing] = frozenset({"provisional", "quarantined"})
"""Of what a program may have sent: a person has not been heard yet."""

Proof: TypeAlias = Literal["", "signature", "link", "receipt", "key", "place", "device"]
"""What proves who answers, or where a response comes from; empty: it is only claimed, or unknown.

signature: of the site's server. link: a personal one, in a message or handed over. receipt: one
whose answers count. key: an API key that may write. place: a code printed for one place. device: a
kiosk's own key. The last two prove nobody's name. Stored by its place in this list.
"""


INVITED: frozenset[Proof] = frozenset({"link", "receipt", "key"})
"""What lets somebody answer a survey for invited people: the house's own server speaks for them."""


class NewResponse(msgspec.Struct, kw_only=True, frozen=True):
    """A checked submission, ready to be stored: the merged answers of all sequences so far."""

    id: UUID
    survey: SurveyRecord
    version: int
    sequence: int
    is_complete: bool
    digest: bytes
    """SHA-256 (16 first bytes) of the submission as sent."""
    received_at: datetime
    answers: list[AnswerRow]
    answered_at: datetime | None = None
    """When it was answered, for one that waited on a device; None: as it arrived."""
    timezone: str = "UTC"
    """IANA name of the workspace's zone, in which it has its day."""
    replaces: int | None = None
    """Sequence that was read and merged before; None when nothing was stored yet."""
    seen_position: int | None = None
    """Where that was in the feed; None: it does not matter."""
    is_late: bool = False
    """Whether what is stored keeps its sequence, and only takes up what a lower one adds."""
    history: str = ""
    """All sequences so far, as `responses.sequences` writes them."""
    review_id: UUID | None = None
    """Of the promise to review what its person answered (`responses.escalating`); None: none."""
    touchpoint: str = ""
    channel: str = "web"
    locale: str = "en"
    respondent: str | None = None
    invitation_id: UUID | None = None
    is_single_use: bool = False
    context: str = "{}"
    """JSON."""
    started_at: datetime | None = None
    is_sample: bool = False
    resume_digest: UUID | None = None
    """Of the secret that later sequences must repeat; stored with the first one."""
    proof: Proof = ""
    """Of the respondent."""
    origin_proof: Proof = ""
    """Of where it comes from: empty, anybody could have sent it."""
    claimed: str = ""
    """Names of the context that nobody vouches for, as `responses.known` writes them."""
    standing: Standing = "counted"
    flags: tuple[str, ...] = ()
    """Of a new one, why somebody should look at it: words without spaces."""
    dimensions: str = ""
    """Under what it is counted besides: JSON, the member of each dimension; empty, nothing."""
    quotas: tuple[str, ...] = ()
    """Names of the survey's quotas that it fills."""
    probability: float | None = None
    """With which its person was asked; None when nobody was drawn, or nothing is known."""
    is_sheltered: bool = False
    """Whether it is never shown alone (`responses.small_groups`)."""
    is_anonymous: bool = False
    """Whether nothing that is stored leads from it to its invitation, or back."""


class StoredResponse(msgspec.Struct, kw_only=True, frozen=True):
    """A response as stored, with its typed answer rows."""

    id: UUID
    version: int
    position: int
    """Grows with each change of any response; the cursor of incremental pulls."""
    state: ResponseState
    sequence: int
    digest: bytes
    touchpoint: str
    channel: str
    locale: str
    respondent: str | None
    invitation_id: UUID | None
    context: str
    started_at: datetime | None
    submitted_at: datetime
    """Server time at which the first sequence arrived."""
    answered_at: datetime
    """When the first sequence was answered, by the server's clock: earlier than it arrived when it
    waited on a device. Periods and trends use its day in the workspace's zone of that time."""
    updated_at: datetime
    """Server time of the latest sequence."""
    is_sample: bool
    proof: Proof
    origin_proof: Proof
    claimed: str
    """As in `NewResponse`."""
    resume_digest: UUID | None
    standing: Standing
    flags: tuple[str, ...]
    """Why somebody should look at it; it counts nevertheless."""
    probability: float | None
    """With which its person was asked; None when nobody was drawn, or nothing is known."""
    history: str
    """As in `NewResponse`."""
    answers: list[AnswerRow]

    @property
    def completed_at(self) -> datetime | None:
        """Server time of completion: nothing that was complete takes another sequence."""
        return self.updated_at if self.state == "complete" else None


OutcomeKind: TypeAlias = Literal[
    "stored",
    "repeated",
    "superseded",
    "conflict",
    "finished",
    "outdated",
    "already_answered",
    "erased",
]


class StoreOutcome(msgspec.Struct, frozen=True):
    """What became of one `NewResponse`.

    stored: now durable. repeated: the same sequence and digest were there. superseded: a later
    sequence is stored; read, and add what it leaves open. conflict: same sequence, other digest.
    finished: complete already, and this has a higher sequence. outdated: what is stored is not what
    `replaces` says; read, merge and try again. already_answered: the single-use invitation belongs
    to another response. erased: the response was erased and stays so. For the first four
    `sequence`, `is_complete`, `version` and `updated_at` are the stored ones.
    """

    kind: OutcomeKind
    version: int = 0
    sequence: int = 0
    is_complete: bool = False
    updated_at: datetime | None = None
    hidden: tuple[str, ...] = ()


STORE = "store"
"""The dimension that says in which store somebody was, where a workspace counts by one."""


Member: TypeAlias = tuple[str, str]
"""A dimension of the workspace, and which of its members."""


class Narrowed(msgspec.Struct, frozen=True):
    """What only whole responses tell, and for which database it is asked."""

    conditions: tuple[Condition, ...]
    """All must hold; of no `band`, which stands as the ratings that it takes in."""
    dialect: Dialect


class CountFilter(msgspec.Struct, kw_only=True, frozen=True):
    """Which responses a score or an export takes in; None means all."""

    from_day: int | None = None
    """First day of answering, as a proleptic ordinal (`date.toordinal`), included."""
    to_day: int | None = None
    """Last day, included."""
    touchpoint: str | None = None
    channel: str | None = None
    version: int | None = None
    standing: Standing = "counted"
    touchpoints: tuple[str, ...] = ()
    """Of these alone, as far as somebody sees; empty: of all."""
    stores: tuple[str, ...] = ()
    """Of these members of the dimension `STORE` alone; empty: of all."""
    member: Member | None = None
    """Of this member of a dimension alone; not together with `stores`."""
    also: tuple[Member, ...] = ()
    """Of each of these members as well."""
    narrowed: Narrowed | None = None
    """To a saved segment."""
    is_latest: bool = False
    """Of several responses of one person that the rest takes in, the latest alone."""

    @property
    def is_scanned(self) -> bool:
        """Whether responses must be looked through: counts do not tell what it takes in."""
        return self.standing != "counted" or self.is_narrowed

    @property
    def is_narrowed(self) -> bool:
        """The same, of responses that may be very many."""
        return bool(self.also or self.is_latest) or self.narrowed is not None

    is_sheltered: bool = False
    """Whether they are listed in no order: of a survey that shows none alone."""
