# Generated from _async/people.py by tools/make_sync.py: edit that one.
# fmt: off
"""What a client offers about asking people: whether, why, and who must not be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from harken._sync.paging import pages
from harken._calls import people_calls
from harken._types.decision import Decision
from harken._types.respondent import (
    AskingClocks,
    AskingRules,
    AuditEntry,
    Erasure,
    ErasurePreview,
    Escalation,
    EscalationRule,
    Explanation,
    Respondent,
    Suppression,
)
from harken._values import Id, all_entries

if TYPE_CHECKING:
    from harken._sync.connection import Connection


class Decisions:
    """Read again what a trigger was answered with."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, id: Id) -> Decision:
        """The decision as it was told when it was made, with the same figures."""
        return self._connection.run(people_calls.get_decision(id))


class Respondents:
    """Read and set what is known of people, and learn why they would be asked, or not."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, respondent: Id) -> Respondent:
        """What is known of a person; NotFoundError when nothing ever was told."""
        return self._connection.run(people_calls.get_respondent(respondent))

    def put(
        self,
        respondent: Id,
        *,
        email: str | None = None,
        phone: str | None = None,
        locale: str | None = None,
        timezone: str | None = None,
        consent: bool | None = None,
        traits: Mapping[str, Any] | None = None,
    ) -> Respondent:
        """Replace all that is known of a person: what is left out is forgotten.

        A trigger adds to it instead. Raises ValidationError.
        """
        fields: dict[str, Any] = {
            "email": email,
            "phone": phone,
            "locale": locale,
            "timezone": timezone,
            "consent": consent,
            "traits": None if traits is None else all_entries("traits", traits),
        }
        return self._connection.run(people_calls.put_respondent(respondent, fields))

    def erase(self, respondent: Id, *, claimed: bool = False, hold: bool = False) -> Erasure:
        """Erase a person for ever: answers, invitations, address, all that is stored of them.

        Nobody asks them again: only a digest of the name is kept; of an unknown name only with
        `hold`. With `claimed` what came by public links with the name in them (`?rid=`) goes too.
        Safe to repeat. The key needs the scope `manage`.
        """
        call = people_calls.erase_respondent(respondent, claimed=claimed, hold=hold)
        return self._connection.run(call)

    def preview_erasure(self, respondent: Id) -> ErasurePreview:
        """Count what `erase` would take; nothing is changed. The key needs the scope `manage`."""
        return self._connection.run(people_calls.preview_erasure(respondent))

    def explain(self, respondent: Id) -> Explanation:
        """What a trigger would say now, for each survey; nobody is asked and nothing is kept."""
        return self._connection.run(people_calls.explain_respondent(respondent))


class Suppressions:
    """Respondents who must not be asked."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, after: str = "", limit: int = 200) -> Iterator[Suppression]:
        """Iterate over all of them by name, `limit` (1 to 1000) fetched at a time.

        `after` is the name to go on behind.
        """
        return pages(
            self._connection,
            lambda after: people_calls.list_suppressions(after, limit),
            lambda suppression: suppression.respondent,
            begin=after,
            limit=limit,
        )

    def add(self, respondent: Id, *, reason: str = "manual") -> None:
        """Never ask this person again; safe to repeat. `reason` has 1 to 20 characters."""
        self._connection.run(people_calls.add_suppression(respondent, reason))

    def remove(self, respondent: Id) -> None:
        """Allow asking again; NotFoundError when it was allowed. Not repeated by itself."""
        self._connection.run(people_calls.remove_suppression(respondent))


class Audit:
    """What somebody did to people's data: erased, suppressed, allowed again, set aside."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        action: str | None = None,
        respondent: Id | None = None,
        before: str | None = None,
        limit: int = 200,
    ) -> Iterator[AuditEntry]:
        """Iterate over them, newest first, `limit` (1 to 1000) fetched at a time.

        `respondent` may be an address too; `before` is the id to go on behind. The key needs the
        scope `manage`.
        """
        while page := self._connection.run(
            people_calls.list_audit(action, respondent, before, limit)
        ):
            for entry in page:
                yield entry
            if len(page) < limit:
                return
            before = page[-1].id


class Escalations:
    """Respondents whom a person should call, after several poor answers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        state: Literal["open", "closed", "all"] = "open",
        before: str = "",
        limit: int = 200,
    ) -> Iterator[Escalation]:
        """Iterate over them, newest first, `limit` (1 to 1000) fetched at a time.

        `before` is the id to go on behind.
        """
        return pages(
            self._connection,
            lambda before: people_calls.list_escalations(state, before, limit),
            lambda escalation: escalation.id,
            begin=before,
            limit=limit,
        )

    def close(self, id: Id) -> Escalation:
        """Say that somebody has called: poor answers before this count no more."""
        return self._connection.run(people_calls.close_escalation(id))


class Asking:
    """What holds for asking by any survey of the workspace."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self) -> AskingRules:
        """The rules, defaults included."""
        return self._connection.run(people_calls.get_asking())

    def put(
        self,
        *,
        cooldown: AskingClocks | None = None,
        escalation: EscalationRule | None = None,
    ) -> AskingRules:
        """Replace the rules; without `cooldown` there is no limit, without `escalation` none.

        Raises ValidationError.
        """
        rules = AskingRules(cooldown=cooldown or AskingClocks(), escalation=escalation)
        return self._connection.run(people_calls.put_asking(rules))
