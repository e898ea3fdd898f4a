"""Composition: opens what a process needs and joins the rooms into one ASGI application."""

from __future__ import annotations

import base64
import contextlib
import functools
import os
import secrets
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from litestar import Litestar, Router
from litestar.exceptions import HTTPException
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from harken_server.asking.store.pace_sql import PaceBook
from harken_server.asking.triggers import TriggerQueue
from harken_server.channels.email.settings import MailSettings
from harken_server.channels.receipts.open import ForgedCounts
from harken_server.channels.widget.state import open_widget_state
from harken_server.database.accompanied import Accompanied
from harken_server.database.database import Database, Transaction
from harken_server.database.migrate import known_migrations, migrate
from harken_server.database.opening import open_database
from harken_server.database.settings import DatabaseSettings
from harken_server.deliveries.channels import Channels
from harken_server.http.failures import answer_harken_error, answer_http_error, answer_unexpected
from harken_server.http.gateway.layer import Gateway
from harken_server.http.gateway.methods import with_options
from harken_server.http.limits import Limits
from harken_server.http.long_reads.heavy import HeavyReads, HeavySettings
from harken_server.http.runtime import Runtime, parts_of
from harken_server.insights.live.settings import LiveSettings
from harken_server.insights.live.watching import LiveWatches
from harken_server.kernel.clock import Clock, system_clock
from harken_server.kernel.errors import HarkenError, StorageError
from harken_server.kernel.ids import RANDOM_BYTES, uuid7
from harken_server.kernel.settings import Settings
from harken_server.kernel.tokens import MIN_SECRET_CHARS, SECRET_KEY_FILE, KeySettings
from harken_server.responses.programs.rules import RepeatedForms
from harken_server.responses.programs.settings import ProgramSettings
from harken_server.responses.variety import Variety
from harken_server.routes import ACTIONS, CHANNELS, CHOICES, FAST, KEYED, PUBLIC, SECTIONS
from harken_server.surveys.catalog import Catalog
from harken_server.workspaces.access import WorkspaceCatalog
from harken_server.workspaces.people.guessing import Guesses
from harken_server.workspaces.people.passwords import Passwords
from harken_server.workspaces.people.resetting import HouseMail
from harken_server.workspaces.settings import RightsSettings
from harken_server.workspaces.store import audit
from harken_server.workspaces.store.audit import PROGRAM, Act
from harken_server.workspaces.store.workspaces import ensure_default_workspace
from harken_server.workspaces.workspace import Workspace

MAX_BODY_BYTES = 256 * 1024 + 1
"""The framework's own cap; routes have narrower ones."""
OTHER_READERS = 3
OTHER_CONNECTIONS = 8
"""What stays for everybody else when as many long reads run as may."""


@contextlib.asynccontextmanager
async def open_runtime(
    settings: Settings, *, clock: Clock = system_clock, is_migrating: bool = True
) -> AsyncGenerator[Runtime]:
    """Migrate, open the database, make sure of a workspace; close all of it at the end.

    Raises StorageError with one line that names what is wrong.
    """
    prepare_data_dir(settings)
    if is_migrating:
        await bring_up(settings, clock=clock)
    db = await _open_database(settings)
    try:
        home = await _open_home(db, clock, tells=is_migrating)
        yield Runtime(
            settings=settings,
            db=db,
            clock=clock,
            random=secrets.token_bytes,
            signing_keys=signing_keys(settings),
            limits=Limits(),
            home=home.id,
            parts=_open_parts(db, settings, clock),
        )
    finally:
        await db.close()


async def bring_up(settings: Settings, *, clock: Clock = system_clock) -> tuple[str, ...]:
    """Apply the migrations that are missing, as every workspace's audit log says; their names."""
    url = settings.of(DatabaseSettings).database_url
    applied = await migrate(url)
    if applied:
        db = await open_database(url, readers=1, pool_size=2)
        try:
            new_id = functools.partial(_new_id, clock)
            async with db.transaction() as tx:
                await audit.write_for_all(tx, "migrate", clock(), new_id, migrations=list(applied))
        finally:
            await db.close()
    return applied


async def _open_home(db: Database, clock: Clock, *, tells: bool) -> Workspace:
    """The first workspace; made now, its log begins with how the database came about."""
    first_id = _new_id(clock)
    act = Act(_new_id(clock), first_id, None, "migrate", clock(), program=PROGRAM)

    async def tell(tx: Transaction) -> None:
        await audit.write(tx, act, "database", migrations=list(known_migrations()))

    return await ensure_default_workspace(Accompanied(db, tell) if tells else db, clock(), first_id)


def _new_id(clock: Clock) -> UUID:
    return uuid7(clock(), secrets.token_bytes(RANDOM_BYTES))


def _open_parts(db: Database, settings: Settings, clock: Clock) -> Mapping[type, Any]:
    workspaces = WorkspaceCatalog(db, settings.of(RightsSettings))
    paces, channels = PaceBook(), Channels(CHANNELS, settings)
    return parts_of(
        workspaces,
        SECTIONS,
        ACTIONS,
        CHOICES,
        Catalog(db, workspaces),
        open_widget_state(db, workspaces, clock),
        paces,
        channels,
        channels.names,
        HeavyReads(settings.of(HeavySettings)),
        LiveWatches(settings.of(LiveSettings)),
        _open_queue(db, paces, channels, settings),
        ForgedCounts(),
        _open_forms(settings),
        Variety(db),
        Passwords(),
        Guesses(db, clock),
        HouseMail(bool(settings.of(MailSettings).smtp_url)),
    )


async def _open_database(settings: Settings) -> Database:
    data, most = settings.of(DatabaseSettings), settings.of(HeavySettings).heavy_reads
    return await open_database(
        data.database_url,
        readers=most + OTHER_READERS,
        pool_size=most + OTHER_CONNECTIONS,
        queue_limit=data.queue_limit,
        synchronous=data.synchronous,
    )


def _open_queue(
    db: Database, paces: PaceBook, channels: Channels, settings: Settings
) -> TriggerQueue:
    limit = settings.of(DatabaseSettings).queue_limit
    return TriggerQueue(db, secrets.token_bytes, paces, channels, queue_limit=limit)


def _open_forms(settings: Settings) -> RepeatedForms:
    return RepeatedForms(secrets.token_bytes(32), settings.of(ProgramSettings).program_strictness)


class LeanLitestar(Litestar):
    """The framework without its plugins for pydantic and attrs.

    It adds them wherever they can be imported, and pydantic comes with Piccolo. Nothing here is a
    model of theirs, and importing them takes an eighth of a start.
    """

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def create_app(runtime: Runtime) -> Gateway:
    """The ASGI application that serves this runtime."""
    return Gateway(build_routes(), runtime, FAST)


@functools.cache
def build_routes() -> Litestar:
    """The framework's part, the same for every runtime of a process: building it takes long."""
    api = Router("/v1", route_handlers=with_options(KEYED))
    return LeanLitestar(
        route_handlers=[api, *with_options(PUBLIC)],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MAX_BODY_BYTES,
        exception_handlers={
            HarkenError: answer_harken_error,
            HTTPException: answer_http_error,
            Exception: answer_unexpected,
        },
    )


def prepare_data_dir(settings: Settings) -> None:
    """Make the data directory when something is to be kept in it."""
    data = settings.of(DatabaseSettings)
    if settings.of(KeySettings).secret_key and not data.database_url.startswith("sqlite:"):
        return
    try:
        data.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(
            f"The data directory {data.data_dir} cannot be made: {error.strerror}.",
            code="data_dir_unusable",
        ) from error


def signing_keys(settings: Settings) -> tuple[bytes, ...]:
    """The keys that sign links: configured ones, else one made at first start and kept."""
    if configured := settings.of(KeySettings).set_keys:
        return configured
    path = settings.of(DatabaseSettings).data_dir / SECRET_KEY_FILE
    try:
        _make_key_file(path)
        key = path.read_bytes().strip()
    except OSError as error:
        raise StorageError(
            f"The secret key cannot be kept in {path}: {error.strerror}. Set HARKEN_SECRET_KEY, "
            "or make the data directory writable.",
            code="data_dir_unusable",
        ) from error
    if len(key) < MIN_SECRET_CHARS:
        raise StorageError(
            f"The secret key in {path} is damaged. Restore it from a backup, or remove the file "
            "for a new one: results and export links made so far end with that.",
            code="secret_key_damaged",
        )
    return (key,)


def _make_key_file(path: Path) -> None:
    """Written whole under another name first, so that two processes starting agree on one."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
