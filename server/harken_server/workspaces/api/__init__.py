"""What a workspace keeps for itself, for programs: keys, what it counts by, the audit log."""

from harken_server.workspaces.api.keys import SECRET_BYTES, make_key

__all__ = ["SECRET_BYTES", "make_key"]
