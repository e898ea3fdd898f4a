"""One member of a PostgreSQL cluster: a Patroni and the PostgreSQL that it keeps running."""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil
from ports import free_port

UNPRIVILEGED = (
    "setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups",
    "--inh-caps", "-all,+dac_override", "--ambient-caps", "-all,+dac_override",
)  # fmt: skip
"""PostgreSQL refuses root. What it may still read are programs in folders closed to others."""
DATABASE = {
    "ttl": 20,
    "loop_wait": 1,
    "retry_timeout": 3,
    "synchronous_mode": True,
    "primary_start_timeout": 0,
    "postgresql": {
        "use_pg_rewind": True,
        "parameters": {
            "fsync": "off",
            "max_connections": 60,
            "shared_buffers": "32MB",
            "max_wal_size": "96MB",
            "autovacuum": "off",
        },
    },
}
"""What the cluster agrees on. 20 s is the shortest that Patroni takes a lost node for alive; a
primary that died is replaced at once. Members outlive a process, not a machine: no fsync."""


class Member:
    """Its processes begin with `start` and end with `kill`."""

    def __init__(
        self, name: str, folder: Path, programs: Path, etcd_port: int, environ: dict[str, str]
    ) -> None:
        self.name = name
        self._environ = environ
        self.port = free_port()
        self.api = f"http://127.0.0.1:{free_port()}"
        self.folder = folder / name
        self.folder.mkdir()
        self.log = self.folder / "patroni.log"
        self._process: subprocess.Popen[bytes] | None = None
        config = self._config(programs, etcd_port)
        (self.folder / "patroni.yml").write_text(json.dumps(config))  # JSON is YAML
        hand_over(self.folder)

    def start(self) -> None:
        command = [sys.executable, "-m", "patroni", "patroni.yml"]
        self._process = start_unprivileged(command, self.folder, self.log, self._environ)

    def postmaster(self) -> psutil.Process | None:
        """The first process of its PostgreSQL, if that runs."""
        with contextlib.suppress(OSError, ValueError, psutil.NoSuchProcess):
            pid = (self.folder / "data" / "postmaster.pid").read_text().split("\n")[0]
            found = psutil.Process(int(pid))
            is_there = found.status() != psutil.STATUS_ZOMBIE and found.name() == "postgres"
            return found if is_there else None
        return None

    def processes(self) -> list[psutil.Process]:
        """All of them: who starts others first."""
        roots = [self.postmaster()]
        if self._process is not None and self._process.poll() is None:
            roots.insert(0, psutil.Process(self._process.pid))
        found: list[psutil.Process] = []
        for root in roots:
            with contextlib.suppress(psutil.NoSuchProcess):
                found += [root, *root.children(recursive=True)] if root else []
        return found

    def signal_all(self, number: signal.Signals) -> None:
        """The same signal to each of its processes."""
        for process in self.processes():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL to all its processes, also those that are stopped."""
        self.signal_all(signal.SIGKILL)

    def wait_for_end(self) -> None:
        """Wait until all its processes are gone, and those that they started meanwhile."""
        if self._process is not None:
            self._process.wait()
        until = time.monotonic() + 20
        while self.processes():
            assert time.monotonic() < until, f"processes of {self.name} are left"
            self.kill()
            time.sleep(0.05)

    def call(self, path: str, body: Any = None) -> Any:
        """What Patroni's own API answers; OSError while it does not."""
        sent = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(self.api + path, data=sent, timeout=10) as reply:
            said = reply.read()
        return json.loads(said) if body is None else said.decode()

    def _config(self, programs: Path, etcd_port: int) -> dict[str, Any]:
        api, place = self.api.removeprefix("http://"), f"127.0.0.1:{self.port}"
        rules = ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
        return {
            "scope": "harken",
            "name": self.name,
            "restapi": {"listen": api, "connect_address": api},
            "etcd3": {"hosts": [f"127.0.0.1:{etcd_port}"]},
            "bootstrap": {
                "dcs": DATABASE,
                "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "no-sync", "data-checksums"],
            },
            "postgresql": {
                "listen": place,
                "connect_address": place,
                "data_dir": str(self.folder / "data"),
                "bin_dir": str(programs),
                "pgpass": str(self.folder / "pgpass"),
                "basebackup": [{"checkpoint": "fast"}, "no-sync"],
                "authentication": {
                    "superuser": {"username": "postgres"},
                    "replication": {"username": "replicator"},
                },
                "parameters": {"unix_socket_directories": str(self.folder)},
                "pg_hba": rules,
            },
        }


def hand_over(folder: Path) -> None:
    """Give what root made to the user that PostgreSQL runs as."""
    if os.geteuid() != 0:
        return
    account = pwd.getpwnam("nobody")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid)


def start_unprivileged(
    command: list[str], folder: Path, log: Path, environ: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a program in its folder, as `nobody` if this is root."""
    as_user = UNPRIVILEGED if os.geteuid() == 0 else ()
    environ = {**os.environ, "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder), **environ}
    with log.open("ab") as said:
        return subprocess.Popen(
            [*as_user, *command], cwd=folder, env=environ, stdin=subprocess.DEVNULL,
            stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
