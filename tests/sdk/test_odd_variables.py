"""Proxy and certificate variables that cannot be used: a warning, and nobody is asked."""

from __future__ import annotations

import pytest
from trigger_sink import KEY, Sink

import harken
from harken import _network

OBSTACLES = {
    "ALL_PROXY": "socks://127.0.0.1:9/",
    "HTTPS_PROXY": "gopher://x",
    "https_proxy": "http://",
    "SSL_CERT_FILE": "/nonexistent.pem",
    "SSL_CERT_DIR": "\x7f/nowhere",
}


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("all", "http", "https", "no"):
        monkeypatch.delenv(f"{name}_proxy", raising=False)
        monkeypatch.delenv(f"{name}_PROXY".upper(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE"])
async def test_an_odd_variable_is_a_warning_and_nobody_is_asked(
    name: str, bare_environment: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bare_environment.setenv(name, OBSTACLES[name])

    client = harken.Client("https://127.0.0.1:9", "hk_x")
    other = harken.AsyncClient("https://127.0.0.1:9", "hk_x")
    said_when_made = caplog.text
    decisions = [client.trigger("a.b"), await other.trigger("a.b")]

    assert said_when_made.count(name.upper()) == 2
    assert [decision.reason for decision in decisions] == ["unavailable"] * 2
    assert all(name.upper() in decision.explanation for decision in decisions)
    with pytest.raises(harken.ConfigError, match=name.upper()):
        client.surveys.list()


@pytest.mark.parametrize("name", OBSTACLES)
@pytest.mark.parametrize("direct", ["127.0.0.1", "*", "x.y, 127.0.0.1:{port}", "127.0.0.0/8"])
def test_no_proxy_and_a_plain_address_make_odd_variables_harmless(
    name: str, direct: str, bare_environment: pytest.MonkeyPatch, sink: Sink
) -> None:
    bare_environment.setenv(name, OBSTACLES[name])
    bare_environment.setenv("NO_PROXY", direct.format(port=sink.url.rpartition(":")[2]))

    with harken.Client(sink.url, KEY) as client:
        assert client.trigger("a.b", respondent="c-1").reason == "cooldown"


@pytest.mark.parametrize("said", ["[::1]", "::1", "[", ",,", "http://x", "*.example", "[::1]:80"])
def test_no_proxy_may_hold_anything(
    said: str, bare_environment: pytest.MonkeyPatch, sink: Sink
) -> None:
    bare_environment.setenv("NO_PROXY", said)

    with harken.Client(sink.url, KEY) as client:
        assert client.trigger("a.b", respondent="c-1").reason == "cooldown"


@pytest.mark.parametrize(
    ("said", "is_direct"),
    [
        ("example.org", True),
        (".example.org", True),
        ("*.example.org", True),
        ("ample.org", False),
        ("example.org:443", True),
        ("example.org:80", False),
        ("other.org, EXAMPLE.org", True),
        ("", False),
    ],
)
def test_no_proxy_names_hosts_and_what_is_below_them(
    said: str, is_direct: bool, bare_environment: pytest.MonkeyPatch
) -> None:
    bare_environment.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    bare_environment.setenv("NO_PROXY", said)

    way = _network.find_way("https://feedback.example.org:443", {})

    assert way.proxy == (None if is_direct else "http://proxy.example:3128")
