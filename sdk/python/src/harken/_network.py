"""The way to the server as this machine says it: proxy, certificates, and names looked up apart.

The environment is read here and not by httpx, which does not start with a variable that it cannot
read, even where `NO_PROXY` makes that variable meaningless.
"""

from __future__ import annotations

import codecs
import logging
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urlsplit
from urllib.request import getproxies

import certifi

from harken._errors import ConfigError

PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
PATIENCE_S = 5.0
"""For a look-up that others wait for too; after that the next one begins another."""

codecs.lookup("idna")
"""Every look-up needs it. A process that forks off while a thread is loading it never finds it."""
_log = logging.getLogger("harken")

Address: TypeAlias = "tuple[Any, ...]"


class Way(NamedTuple):
    """How to reach the server; what httpx is given."""

    proxy: str | None
    verify: ssl.SSLContext


def find_way(base_url: str, environ: Mapping[str, str]) -> Way:
    """The way to this address. ConfigError names the variable that stands in it."""
    parts = urlsplit(base_url)
    proxy = _proxy_for(parts.scheme, parts.hostname or "", parts.port)
    needs_trust = parts.scheme == "https" or (proxy or "").startswith("https:")
    return Way(proxy, _trust(environ) if needs_trust else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))


def warn_of_obstacles(base_url: str, environ: Mapping[str, str]) -> None:
    """Say once, while a client is made, which variable will keep it from sending."""
    if not (environ.get("SSL_CERT_FILE") or environ.get("SSL_CERT_DIR") or getproxies()):
        return
    try:
        find_way(base_url, environ)
    except ConfigError as error:
        _log.warning("nobody can be asked as long as this is so: %s", error)


def _proxy_for(scheme: str, host: str, port: int | None) -> str | None:
    proxies = getproxies()
    name = next((name for name in (scheme, "all") if proxies.get(name)), None)
    if name is None or _goes_direct(host, port, proxies.get("no", "")):
        return None
    proxy = proxies[name] if "://" in proxies[name] else f"http://{proxies[name]}"
    parts = urlsplit(proxy)
    if parts.scheme not in PROXY_SCHEMES or not parts.hostname:
        raise ConfigError(
            f"{name.upper()}_PROXY must be an address that begins with"
            f" {', '.join(f'{each}://' for each in PROXY_SCHEMES)}; or put {host} into NO_PROXY"
        )
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigError(
            f"{name.upper()}_PROXY is of a kind that needs socksio: install httpx[socks]"
        )
    return proxy


def _goes_direct(host: str, port: int | None, said: str) -> bool:
    """Whether `NO_PROXY` holds the host: a name and what is below it, an address or a network."""
    return any(_is_meant(entry.strip().lower(), host.lower(), port) for entry in said.split(","))


def _is_meant(entry: str, host: str, port: int | None) -> bool:
    entry = entry.rpartition("://")[2]
    if entry == "*":
        return True
    if entry.count(":") == 1 or "]:" in entry:
        entry, _, wanted = entry.rpartition(":")
        if wanted != str(port):
            return False
    entry = entry.strip("[]").removeprefix("*").removeprefix(".")
    try:
        return ip_address(host) in ip_network(entry, strict=False)
    except ValueError:
        return entry == host or (entry != "" and host.endswith(f".{entry}"))


def _trust(environ: Mapping[str, str]) -> ssl.SSLContext:
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if file or folder:
        try:
            return ssl.create_default_context(cafile=file or None, capath=folder or None)
        except (OSError, ValueError) as error:
            name = "SSL_CERT_FILE" if file else "SSL_CERT_DIR"
            raise ConfigError(f"{name} cannot be used: {error}") from error
    return ssl.create_default_context(cafile=certifi.where())


class _Lookup(NamedTuple):
    found: Future[list[Address]]
    began_s: float
    process: int


class Lookups:
    """Looks names up in threads of its own, one for all who ask for a name at the same time.

    A resolver that does not answer cannot be interrupted. So nobody's executor is lent to it, and
    it holds few threads, which do not keep the program alive.
    """

    def __init__(self) -> None:
        self._running: dict[tuple[str, int], _Lookup] = {}

    def find(self, host: str, port: int) -> Future[list[Address]]:
        """The addresses, when they are there, in the order in which they are to be tried."""
        name, now = (host, port), time.monotonic()
        lookup = self._running.get(name)
        if lookup and lookup.process == os.getpid() and now - lookup.began_s < PATIENCE_S:
            return lookup.found
        lookup = _Lookup(Future(), now, os.getpid())
        self._running[name] = lookup
        work = threading.Thread(
            target=self._look_up, args=(name, lookup), name="harken-lookup", daemon=True
        )
        work.start()
        return lookup.found

    def _look_up(self, name: tuple[str, int], lookup: _Lookup) -> None:
        try:
            found = socket.getaddrinfo(*name, type=socket.SOCK_STREAM)
            lookup.found.set_result([address for *_, address in found])
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            lookup.found.set_exception(error)
        finally:
            if self._running.get(name) is lookup:
                del self._running[name]


def is_address(host: str) -> bool:
    """Whether there is nothing to look up."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def look_apart(client: Any, wrap: Callable[[Any], Any]) -> None:
    """Have an httpx client open its connections through another backend of httpcore.

    httpx has no parameter for it; where a later version keeps its pool elsewhere, names are looked
    up as httpx does, which a test notices.
    """
    pool = getattr(getattr(client, "_transport", None), "_pool", None)
    backend = getattr(pool, "_network_backend", None)
    if backend is not None:
        setattr(pool, "_network_backend", wrap(backend))  # noqa: B010 - not ours
