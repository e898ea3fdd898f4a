"""What the routes of tills take and give."""

from datetime import datetime
from typing import Annotated

import msgspec

from harken_server.channels.receipts.api.stores import Title
from harken_server.channels.receipts.rules.place_codes import display_store_code
from harken_server.channels.receipts.rules.places import Till
from harken_server.channels.receipts.rules.tokens import MAX_KEY_NUMBER, MAX_TILL
from harken_server.responses.submission import utc_milliseconds
from harken_server.surveys.survey import TouchpointKey
from harken_server.surveys.texts import Locale


class TillBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A new till."""

    name: Title
    touchpoint: TouchpointKey
    """The touchpoint that its receipts stand for: it names the survey."""
    locale: Locale | None = None
    """Of the survey's page; else the browser's."""


class TillChange(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is to be otherwise from now on; printed receipts follow."""

    name: Title | None = None
    touchpoint: TouchpointKey | None = None
    locale: Locale | msgspec.UnsetType | None = msgspec.UNSET


class RotateBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What becomes of the key in use."""

    keep_old_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """Until when receipts signed with it are still good; left out, it is refused at once."""

    def __post_init__(self) -> None:
        """Refuse a time that is out of the calendar in UTC."""
        if self.keep_old_until is not None:
            utc_milliseconds(self.keep_old_until)


class RevokeBody(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Which key is refused."""

    key_number: Annotated[int, msgspec.Meta(ge=0, le=MAX_KEY_NUMBER)] | None = None
    """The one in use, unless another is named."""


class RevokedKey(msgspec.Struct, frozen=True):
    """A key that is refused from a time on."""

    key_number: int
    revoked_at: datetime


class TillItem(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One till. `configuration` is only in the answer that made its key."""

    number: int
    name: str
    store: str
    touchpoint: str
    locale: str | None = None
    key_number: int = -1
    """Number of the key in use, from 0."""
    revoked_keys: tuple[RevokedKey, ...] = ()
    created_at: datetime
    closed_at: datetime | None = None
    configuration: str | None = None
    """What the till needs to sign receipts by itself. Keep it secret; it is not shown again."""


class TillQuery(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Where to go on, how many at once, and of which store."""

    store: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    after: Annotated[int, msgspec.Meta(ge=0, le=MAX_TILL)] = 0
    """The number of the last till of the page before."""
    limit: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 200


class TillList(msgspec.Struct, kw_only=True):
    """A page of tills, by number."""

    tills: list[TillItem]


def till_item(till: Till) -> TillItem:
    """A till as the API shows it, without its secrets."""
    return TillItem(
        number=till.number,
        name=till.name,
        store=display_store_code(till.store.code),
        touchpoint=till.touchpoint,
        locale=till.locale,
        key_number=till.key_number,
        revoked_keys=tuple(RevokedKey(*each) for each in sorted(till.revoked_keys.items())),
        created_at=till.created_at,
        closed_at=till.closed_at,
    )
