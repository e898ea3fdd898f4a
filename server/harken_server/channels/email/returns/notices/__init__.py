"""Notices of mail providers, one module a provider, read into what came back.

Only fields that decide anything are read; whatever else a provider adds does not matter. A field
that is missing or of another type makes msgspec name its path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from harken_server.channels.email.returns.notices.generic import read_generic
from harken_server.channels.email.returns.notices.mailgun import is_mailgun_signed, read_mailgun
from harken_server.channels.email.returns.notices.postmark import read_postmark
from harken_server.channels.email.returns.notices.sendgrid import read_sendgrid
from harken_server.channels.email.returns.notices.ses import read_ses
from harken_server.channels.email.rules.returns import Reading

__all__ = ["READERS", "Provider", "is_mailgun_signed"]

Provider: TypeAlias = Literal["ses", "postmark", "sendgrid", "mailgun", "generic"]

READERS: Mapping[Provider, Callable[[bytes], Reading]] = {
    "ses": read_ses,
    "postmark": read_postmark,
    "sendgrid": read_sendgrid,
    "mailgun": read_mailgun,
    "generic": read_generic,
}
"""Each raises msgspec.DecodeError, with the path of the field that is wrong."""
