"""What holds for all surveys of a workspace, as its own row has it."""

from __future__ import annotations

from uuid import UUID

import msgspec

from harken_server.database.database import Database, Transaction
from harken_server.database.records import Records
from harken_server.surveys.asking import WorkspaceAsking
from harken_server.workspaces.tables import Workspace as T


class _Settings(msgspec.Struct, frozen=True):
    asking: WorkspaceAsking


_WORKSPACES = Records(T, _Settings)


async def get_workspace_asking(db: Database | Transaction, workspace_id: UUID) -> WorkspaceAsking:
    """What holds for all surveys of the workspace."""
    found = await _WORKSPACES.anywhere().first(db, T.id == workspace_id)
    return found.asking if found else WorkspaceAsking()


async def put_workspace_asking(db: Database, workspace_id: UUID, asking: WorkspaceAsking) -> None:
    """Replace what holds for all surveys of the workspace."""
    await _WORKSPACES.anywhere().change(db, {T.asking: asking}, T.id == workspace_id)
