"""Running the application: one socket, deadlines on connections, a clean end on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
from collections.abc import Callable, Generator
from typing import Any

import uvicorn

from harken_server.http.connections.connection import DeadlineProtocol, sweep_late_connections
from harken_server.http.connections.slow_readers import LEAST_BYTES, cut_slow_readers
from harken_server.http.settings import HttpSettings
from harken_server.kernel.errors import HarkenError
from harken_server.kernel.settings import Settings

DRAIN_WITHIN_S = 20
"""After SIGTERM, requests under way have this long to finish."""
KEEP_ALIVE_S = 30


class ListenError(HarkenError):
    """The address cannot be listened on."""

    code = "cannot_listen"


def open_socket(settings: Settings) -> socket.socket:
    """Listen on the configured address; raises ListenError with one line that says why not."""
    http = settings.of(HttpSettings)
    family = socket.AF_INET6 if ":" in http.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((http.host, http.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        where = f"{http.host}:{http.port}"
        if error.errno == errno.EADDRINUSE:
            raise ListenError(
                f"Port {http.port} is in use on {http.host}. Stop the other program, or "
                "set HARKEN_PORT to a free port."
            ) from error
        raise ListenError(f"Cannot listen on {where}: {error.strerror}.") from error
    listener.setblocking(False)
    return listener


async def run_server(
    app: Any,
    listener: socket.socket,
    *,
    slowest_reader: int = LEAST_BYTES,
    on_end: Callable[[], None] = lambda: None,
) -> None:
    """Serve until SIGTERM or SIGINT: stop accepting, finish what is under way, return.

    `slowest_reader` is what a client must take of an answer every 10 seconds, in bytes; `on_end` is
    called when it is told to end, so that what never ends by itself does.
    """
    config = uvicorn.Config(
        app,
        http=DeadlineProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=DRAIN_WITHIN_S,
    )
    # What is there now stays: a full collection that looks at all of it would stop everybody. What
    # of it nobody needs stays too: some 5,000 objects, and to find them is a tenth of a start.
    gc.freeze()
    gc.enable()  # the commands that serve load without it
    server = _QuietServer(config, on_end)
    connections = server.server_state.connections
    sweeps = asyncio.gather(
        sweep_late_connections(connections),
        cut_slow_readers(connections, slowest_reader, lambda: server.should_exit),
    )
    try:
        await server.serve(sockets=[listener])
    finally:
        sweeps.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sweeps


class _QuietServer(uvicorn.Server):
    """Ends by returning: uvicorn itself would raise the signal again and kill the process."""

    def __init__(self, config: uvicorn.Config, on_end: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_end = on_end

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """SIGTERM and SIGINT ask for a clean end; a second one for a quick end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ask_to_end)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _ask_to_end(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True
        self._on_end()
