"""The channel that a submission names: one that there is, as with triggers."""

from __future__ import annotations

from harken_server.responses.asked import Collection, find_asked, invalid
from harken_server.responses.store.row import get_response
from harken_server.responses.submission import Submission
from harken_server.workspaces.rules.channels import ChannelNames
from harken_server.workspaces.store.workspaces import declared_channels
from harken_server.workspaces.workspace import Workspace


async def require_channel(
    room: Collection, names: ChannelNames, submission: Submission, workspace: Workspace | None
) -> None:
    """Raise InvalidSubmissionError with the word that was meant, unless the channel is known.

    Only what no server has as its own is looked up. What was stored with it may be sent again,
    also when the workspace has taken its channel away since.
    """
    channel = submission.channel
    if channel is None or channel in names.built_in:
        return
    record = (await find_asked(room, submission, workspace)).loaded.record
    declared = await declared_channels(room.db, record.workspace_id)
    problems = tuple(names.check(channel, declared))
    if not problems:
        return
    stored = await get_response(room.db, record.workspace_id, record.id, submission.id)
    if stored is None or stored.channel != channel:
        raise invalid(problems)
