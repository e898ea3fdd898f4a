"""A stock Firefox, driven over Marionette: JSON in length-prefixed frames on a loopback socket.

Marionette is what Firefox's own WebDriver speaks to it. It needs no other program, runs scripts
that a page's policy cannot block, and reaches the browser's own console and network switch.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PREFERENCES: dict[str, Any] = {
    "marionette.port": 0,
    "network.disable-localhost-when-offline": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "dom.confirm_repost.testing.always_accept": True,
    # On a loaded machine it ends the last script of a page that goes away.
    "dom.ipc.cancel_content_js_when_navigating": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "services.settings.server": "http://127.0.0.1:9/",
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
}
START_S = 60
ANOTHER = "return performance.timeOrigin != arguments[0] && document.readyState == 'complete'"
ALLOW_SCRIPT = "gBrowser.selectedBrowser.browsingContext.allowJavascript = arguments[0]"
ADD_APART = "gBrowser.addTrustedTab('about:blank', {userContextId: arguments[0]})"
CONSOLE = """return Services.console.getMessageArray()
  .filter(one => one instanceof Ci.nsIScriptError && /^https?:/.test(one.sourceName))
  .map(one => `${one.category}: ${one.errorMessage} (${one.sourceName})`)"""


class FirefoxError(AssertionError):
    """What Firefox answered instead of a result."""


class Firefox:
    """One window of a running Firefox. Scripts are function bodies that `return`."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._has_script = True
        self._apart = 0
        self._receive()
        self._send("WebDriver:NewSession", capabilities={"alwaysMatch": {}})

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        self._send("WebDriver:Navigate", url=url)

    def back(self) -> None:
        """As the button does."""
        self._send("WebDriver:Back")

    def reload(self) -> None:
        """As the button does: a page that came of a form is asked for with the form again.

        WebDriver's own reload forgets what is typed, which the button does not.
        """
        before = self.run("return performance.timeOrigin")
        self._in_browser("BrowserCommands.reload()")
        self.until(ANOTHER, before)

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page; gives what it returns."""
        # Beside the page, where its scripts are off.
        sandbox = {} if self._has_script else {"sandbox": "system"}
        given = {"script": script, "args": list(arguments), **sandbox}
        return self._send("WebDriver:ExecuteScript", **given)["value"]

    def into_frame(self, selector: str) -> None:
        """Go on in a frame of the page, until the next page is opened."""
        how = {"using": "css selector", "value": selector}
        frame = self._send("WebDriver:FindElement", **how)["value"]
        self._send("WebDriver:SwitchToFrame", element=next(iter(frame.values())))

    def allow_script(self, is_allowed: bool) -> None:
        """Let pages that come from now on run scripts, or not."""
        self._in_browser(ALLOW_SCRIPT, is_allowed)
        self._has_script = is_allowed

    def until(self, script: str, *arguments: Any, timeout_s: float = 10) -> Any:
        """Run a script until it returns something true, and give that.

        A page that goes away while the script runs has not answered yet.
        """
        ends = time.monotonic() + timeout_s
        while time.monotonic() < ends:
            try:
                if found := self.run(script, *arguments):
                    return found
            except FirefoxError as error:
                if "unloaded" not in str(error):
                    raise
            time.sleep(0.03)
        shown = self.run("return document.querySelector('harken-survey')?.shadowRoot?.textContent")
        raise FirefoxError(f"never true: {script} {arguments}; {shown}; {self.complaints()}")

    def press(self, *keys: str) -> None:
        """Press and release keys where the focus is; WebDriver's code points name special ones."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": actions}
        self._send("WebDriver:PerformActions", actions=[keyboard])

    def click(self, x: float, y: float) -> None:
        """Press the mouse at a point of the window."""
        actions = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": actions}
        self._send("WebDriver:PerformActions", actions=[mouse])

    def accept(self) -> None:
        """Say yes to what a page asks."""
        self._send("WebDriver:AcceptAlert")

    def set_offline(self, is_offline: bool) -> None:
        """Cut the network, connections that are open included, or restore it."""
        prune = "Services.obs.notifyObservers(null, 'net:prune-all-connections')"
        self._in_browser(f"Services.io.offline = arguments[0]; {prune}", is_offline)

    def forget_files(self) -> None:
        """Fetch everything anew from now on."""
        self._in_browser("Services.cache2.clear(); ChromeUtils.clearResourceCache()")

    def complaints(self) -> list[str]:
        """Errors, warnings and policy violations of pages, from the browser's console."""
        return self._in_browser(CONSOLE)

    def replace_tab(self) -> None:
        """Open a tab, close the one before as its cross does, and go on in the new one."""
        made = self._send("WebDriver:NewWindow", type="tab", focus=True)
        self._send("WebDriver:CloseWindow")
        self._send("WebDriver:SwitchToWindow", handle=made["handle"], focus=True)

    def tab(self) -> str:
        """The tab that is looked at."""
        return self._send("WebDriver:GetWindowHandle")["value"]

    def look_at(self, tab: str) -> None:
        """Bring a tab to the front, and go on in it."""
        self._send("WebDriver:SwitchToWindow", handle=tab, focus=True)

    def open_apart(self) -> str:
        """Another tab, with cookies of its own, as if it were somebody else's browser."""
        self._apart += 1
        before = set(self._send("WebDriver:GetWindowHandles"))
        self._in_browser(ADD_APART, self._apart)
        (tab,) = set(self._send("WebDriver:GetWindowHandles")) - before
        return tab

    def close(self, tab: str) -> None:
        """Close a tab; whoever calls this looks at another one then."""
        self.look_at(tab)
        self._send("WebDriver:CloseWindow")

    def forget_complaints(self) -> None:
        """Empty the browser's console."""
        self._in_browser("Services.console.reset()")

    def quit(self) -> None:
        """End the browser."""
        with contextlib.suppress(OSError, FirefoxError):
            self._send("Marionette:Quit", flags=["eForceQuit"])
        self._stream.close()
        self._socket.close()

    def _in_browser(self, script: str, *arguments: Any) -> Any:
        self._send("Marionette:SetContext", value="chrome")
        try:
            return self.run(script, *arguments)
        finally:
            self._send("Marionette:SetContext", value="content")

    def _send(self, command: str, **parameters: Any) -> Any:
        self._number += 1
        text = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, number, error, result = self._receive()
        assert number == self._number
        if error:
            raise FirefoxError(f"{command}: {error['error']}: {error['message']}")
        return result

    def _receive(self) -> Any:
        size = b""
        while (byte := self._stream.read(1)) != b":":
            if not byte:
                raise FirefoxError("Firefox closed the connection")
            size += byte
        return json.loads(self._stream.read(int(size)))


@contextlib.contextmanager
def running(program: str, folder: Path) -> Iterator[Firefox]:
    """A headless Firefox with a fresh profile in `folder`."""
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines), "utf-8")
    command = [program, "--headless", "--marionette", "-remote-allow-system-access"]
    with (folder / "firefox.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--no-remote", "--profile", str(profile)],
            stdout=log,
            stderr=log,
            env={**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
        )
    try:
        firefox = Firefox(_port(process, profile, folder))
        yield firefox
        firefox.quit()
    finally:
        process.terminate()
        process.wait(20)


def _port(process: subprocess.Popen[bytes], profile: Path, folder: Path) -> int:
    written = profile / "MarionetteActivePort"
    for _ in range(START_S * 20):
        if written.exists() and (text := written.read_text("utf-8").strip()):
            return int(text)
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise FirefoxError((folder / "firefox.log").read_text("utf-8", "replace"))
