"""nginx and Caddy as Debian has them, with the configuration that the documents show."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ports import free_port
from source_files import ROOT

GUIDE = ROOT / "docs" / "how-to" / "run-it-for-real.md"
UNPACKED = Path(sys.prefix) / "proxies"
NAMES = ("nginx", "caddy")
_NGINX = """daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 200; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/a; uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
    {server}
}}
"""
_CADDY = """{{
	admin off
	auto_https off
	default_bind 127.0.0.1
}}
{site}
"""


@contextlib.contextmanager
def proxy(name: str, server_port: int, folder: Path) -> Iterator[int]:
    """The proxy of this name in front of a server; gives its port."""
    port = free_port()
    file = folder / f"{name}.conf"
    file.write_text(_configuration(name, port, server_port, folder), "utf-8")
    command = {
        "nginx": [_binary("nginx"), "-p", folder, "-e", folder / "error.log", "-c", file],
        "caddy": [_binary("caddy"), "run", "--adapter", "caddyfile", "--config", file],
    }[name]
    environ = {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environ, cwd=folder)
    try:
        _wait_for(port, process, folder / f"{name}.log")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _binary(name: str) -> str:
    unpacked = next(iter(UNPACKED.glob(f"usr/*bin/{name}")), None)
    found = shutil.which(name) or unpacked
    if found is None:
        pytest.fail(
            f"{name} is missing. `python3 bootstrap.py test` fetches it; or, as root: "
            f"apt-get install {name}"
        )
    return str(found)


def _configuration(name: str, port: int, server_port: int, folder: Path) -> str:
    """What the guide shows, on loopback ports and without certificates."""
    language = {"nginx": "nginx", "caddy": "text"}[name]
    blocks = re.findall(rf"```{language}\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    [shown] = [block for block in blocks if "127.0.0.1:8300" in block]
    shown = shown.replace("127.0.0.1:8300", f"127.0.0.1:{server_port}")
    if name == "caddy":
        return _CADDY.format(
            site=shown.replace(
                "feedback.example.com {", f"http://feedback.example.com:{port} {{", 1
            )
        )
    plain = re.sub(r"^ *ssl_certificate.*\n", "", shown, flags=re.MULTILINE)
    plain = plain.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};", 1)
    return _NGINX.format(server=plain, folder=folder)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
            return
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"the proxy did not start: {log.read_text('utf-8', 'replace')[-2_000:]}")
    pytest.fail("the proxy does not listen")
