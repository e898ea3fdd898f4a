"""Addresses of people of the house: one spelling each, so that nobody has two accounts."""

from __future__ import annotations

from harken_server.kernel.errors import InvalidInputError, Problem
from harken_server.kernel.formats import MAX_EMAIL_CHARS, is_email


def same_address(typed: str) -> str:
    """An address as it is kept: in small letters, without blanks around it."""
    return typed.strip().lower()


def check_address(typed: str, field: str = "email") -> str:
    """An address as it is kept. Raises InvalidInputError that names the field."""
    address = same_address(typed)
    if is_email(address):
        return address
    message = (
        f"Type an e-mail address such as ada@shop.example, at most {MAX_EMAIL_CHARS} characters."
    )
    raise InvalidInputError(message, (Problem(f"$.{field}", "email_invalid", message),))
