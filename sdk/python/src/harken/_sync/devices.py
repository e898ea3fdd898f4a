# Generated from _async/devices.py by tools/make_sync.py: edit that one.
# fmt: off
"""What a client offers under `devices`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harken._calls import device_calls
from harken._types.device import Device, NewDevice

if TYPE_CHECKING:
    from harken._sync.connection import Connection


class Devices:
    """Register kiosks, see how they are, revoke them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        name: str,
        touchpoint: str,
        *,
        survey: str | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> NewDevice:
        """Make a kiosk, and the code to type on the tablet within an hour.

        Without `survey` the touchpoint says which survey is asked. Raises ValidationError when
        there is none, or it cannot be asked as the settings say. Not repeated by itself when no
        answer came: look at `list()` then.
        """
        return self._connection.run(
            device_calls.create_device(name, touchpoint, survey, settings)
        )

    def list(self) -> tuple[Device, ...]:
        """All kiosks of the workspace, revoked ones included, oldest first."""
        return self._connection.run(device_calls.list_devices())

    def change(
        self, id: str, *, survey: str | None = None, settings: Mapping[str, Any] | None = None
    ) -> Device:
        """Replace what a kiosk asks and how; what is left out goes back to its default."""
        return self._connection.run(device_calls.change_device(id, survey, settings))

    def revoke(self, id: str) -> None:
        """End a kiosk for good: it shows that it is not registered. NotFoundError if it was."""
        self._connection.run(device_calls.revoke_device(id))
