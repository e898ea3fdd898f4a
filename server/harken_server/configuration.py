"""Whose settings there are, in the order in which people see them."""

from __future__ import annotations

from collections.abc import Mapping

from harken_server.channels.email.settings import MailSettings
from harken_server.database.settings import DatabaseSettings
from harken_server.exports.jobs.settings import ExportSettings
from harken_server.http.long_reads.heavy import HeavySettings
from harken_server.http.settings import HttpSettings
from harken_server.insights.live.settings import LiveSettings
from harken_server.kernel.logs import LogSettings
from harken_server.kernel.settings import Settings, read_settings
from harken_server.kernel.tokens import KeySettings
from harken_server.kernel.work_outcomes import WorkerSettings
from harken_server.reference.settings import SecuritySettings
from harken_server.responses.programs.settings import ProgramSettings
from harken_server.workspaces.settings import RightsSettings

OWNERS = (
    DatabaseSettings,
    HttpSettings,
    HeavySettings,
    LiveSettings,
    ExportSettings,
    ProgramSettings,
    KeySettings,
    RightsSettings,
    SecuritySettings,
    LogSettings,
    WorkerSettings,
    MailSettings,
)


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings of every owner; raise one SettingsError that names every problem."""
    return read_settings(environ, OWNERS)
