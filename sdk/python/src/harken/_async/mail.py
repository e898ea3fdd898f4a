"""What a client offers under `mail`, `deliveries` and `replies`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

from harken._async.paging import pages
from harken._calls import mail_calls
from harken._files import Writable, opened_target
from harken._ids import new_id
from harken._types.asking import AnyChannel
from harken._types.mailing import Delivery, MailEvent, MailHook, MailPreview, MailSnippet
from harken._types.prompt import MessageHooks, NextPrompt
from harken._values import Id

if TYPE_CHECKING:
    from harken._async.connection import AsyncConnection


class AsyncMail:
    """How a survey's mail looks, what you need to send it yourself, and what came back."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def preview(
        self,
        survey: str,
        *,
        kind: Literal["invitation", "reminder"] = "invitation",
        locale: str | None = None,
    ) -> MailPreview:
        """The message, and an address that shows it to people without a key for a week."""
        return await self._connection.run(mail_calls.preview_mail(survey, kind=kind, locale=locale))

    async def snippet(
        self,
        survey: str,
        provider: str = "plain",
        *,
        way: Literal["links", "rid"] = "links",
        locale: str | None = None,
    ) -> MailSnippet:
        """HTML with the first question, with the merge tags of your mail service.

        `provider` is plain, mailchimp, hubspot, customerio, klaviyo, sendgrid, postmark or brevo;
        `way` takes a personal link from a column, or names the recipient in the address (`rid`).
        """
        call = mail_calls.mail_snippet(survey, provider=provider, way=way, locale=locale)
        return await self._connection.run(call)

    @overload
    async def links(
        self,
        survey: str,
        people: str | os.PathLike[str] | bytes | Iterable[Id | Mapping[str, Any]],
        path_or_file: None = None,
        *,
        touchpoint: str | None = None,
        ttl_days: int = 30,
        wave: str = "",
        link_column: str = "link",
        answers: bool = False,
        dialect: Literal["raw", "spreadsheet"] = "spreadsheet",
    ) -> bytes: ...

    @overload
    async def links(
        self,
        survey: str,
        people: str | os.PathLike[str] | bytes | Iterable[Id | Mapping[str, Any]],
        path_or_file: str | os.PathLike[str] | Writable,
        *,
        touchpoint: str | None = None,
        ttl_days: int = 30,
        wave: str = "",
        link_column: str = "link",
        answers: bool = False,
        dialect: Literal["raw", "spreadsheet"] = "spreadsheet",
    ) -> int: ...

    async def links(
        self,
        survey: str,
        people: str | os.PathLike[str] | bytes | Iterable[Id | Mapping[str, Any]],
        path_or_file: str | os.PathLike[str] | Writable | None = None,
        *,
        touchpoint: str | None = None,
        ttl_days: int = 30,
        wave: str = "",
        link_column: str = "link",
        answers: bool = False,
        dialect: Literal["raw", "spreadsheet"] = "spreadsheet",
    ) -> bytes | int:
        """A CSV with a personal link for each of up to 10,000 people; repeating gives the same.

        `people` is the path of a CSV file with a column `respondent` (or its bytes), or names, or
        mappings with `respondent`, `locale` and `context`. Who must not be asked gets no link, and
        the reason. `answers` adds a column for each answer that one click can give. Given a path or
        an open binary file, it is written there and the number of bytes returned; else the bytes.
        Raises ValidationError.
        """
        call = mail_calls.personal_links(
            survey,
            mail_calls.people_body(people),
            touchpoint=touchpoint,
            ttl_days=str(ttl_days),
            wave=wave,
            link_column=link_column,
            answers="true" if answers else None,
            dialect=dialect,
        )
        table = await self._connection.run(call)
        if path_or_file is None:
            return table
        with opened_target(path_or_file) as file:
            file.write(table)
        return len(table)

    async def hooks(self) -> tuple[MailHook, ...]:
        """Where mail providers tell of bounces and complaints; needs the scope `manage`.

        They are secret, and good for ten years.
        """
        return await self._connection.run(mail_calls.mail_hooks())

    def events(self, *, limit: int = 200) -> AsyncIterator[MailEvent]:
        """Iterate over what came back, the latest first, `limit` (1 to 1000) fetched at a time."""
        return pages(
            self._connection,
            lambda before: mail_calls.list_mail_events(before, limit),
            lambda event: event.id,
            begin="",
            limit=limit,
        )


class AsyncDeliveries:
    """What became of each delivery."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    def list(
        self,
        survey: str,
        *,
        invitation: Id | None = None,
        state: str | None = None,
        limit: int = 100,
    ) -> AsyncIterator[Delivery]:
        """Iterate over a survey's deliveries, newest first, `limit` (1 to 1000) at a time."""
        return pages(
            self._connection,
            lambda before: mail_calls.list_deliveries(
                survey, invitation=invitation, state=state, before=before, limit=limit
            ),
            lambda delivery: delivery.id,
            begin="",
            limit=limit,
        )

    async def get(self, id: Id) -> Delivery:
        """One delivery, as the `delivery` of a `Decision` names it."""
        return await self._connection.run(mail_calls.get_delivery(id))

    async def retry(self, id: Id) -> Delivery:
        """Send a failed one again; ConflictError for any other state. Not repeated by itself."""
        return await self._connection.run(mail_calls.retry_delivery(id))


class AsyncReplies:
    """Have a survey answered one message at a time: by text message, keypad or chat."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def send(
        self,
        token: str,
        reply: str | None = None,
        *,
        channel: AnyChannel = "chat",
        medium: Literal["text", "digits"] = "text",
        message: str | None = None,
        question: str | None = None,
        locale: str | None = None,
    ) -> NextPrompt:
        """Pass on what a person sent; the answer is stored, and what to say next comes back.

        `token` is an invitation's code. Without `reply` the question that is due is asked.
        `medium` is digits for a keypad. `message` is the carrier's own id of the message: sent
        again, it changes nothing. `question` is the one replied to, as a button knows it.
        """
        call = mail_calls.send_reply(
            token,
            reply=reply,
            channel=channel,
            medium=medium,
            message=message or (None if reply is None else new_id()),
            question=question,
            locale=locale,
        )
        return await self._connection.run(call)

    async def hooks(self) -> MessageHooks:
        """Addresses that a carrier of text messages calls; needs the scope `manage`.

        They are secret, and good for ten years.
        """
        return await self._connection.run(mail_calls.message_hooks())
