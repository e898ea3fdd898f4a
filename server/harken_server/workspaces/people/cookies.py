"""Cookies of the house's pages: bound to this host where it is reached by HTTPS."""

from __future__ import annotations

from harken_server.http.declared import Arrival
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings

SESSION, SAID = "harken-session", "harken-said"


def cookie_name(runtime: Runtime, name: str) -> str:
    """The name as browsers have it: with `__Host-`, no other host can set one over it."""
    return f"__Host-{name}" if _is_https(runtime) else name


def set_cookie(runtime: Runtime, name: str, value: str, seconds: int) -> str:
    """A Set-Cookie header; of no seconds to take it away."""
    secure = "; Secure" if _is_https(runtime) else ""
    kept = f"Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"
    return f"{cookie_name(runtime, name)}={value}; {kept}"


def cookie_of(arrival: Arrival, name: str) -> str:
    """A cookie of the request; empty when there is none."""
    wanted = cookie_name(arrival.runtime, name)
    pairs = (one.strip().partition("=") for one in (arrival.header("cookie") or "").split(";"))
    return next((value for given, _, value in pairs if given == wanted), "")


def _is_https(runtime: Runtime) -> bool:
    return runtime.settings.of(HttpSettings).public_url.startswith("https:")
