"""The watching itself: what the other tests rely on to be noticed is noticed."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_violations_errors_rejections_dialogs_and_events_are_noticed(host_page, host_site):
    watched = await host_page(
        '<style nonce=n>p{margin:0}</style><p style="color:red">red</p>'
        '<script nonce=n>setTimeout(() => { throw new Error("late") });'
        'Promise.reject(new Error("unheard")); document.dispatchEvent(new CustomEvent('
        '"harken:suppressed", {detail: {reason: "cooldown"}})); alert("hello")</script>',
        tag=None,
        policy="default-src 'none'; script-src 'nonce-n'; style-src 'nonce-n'",
    )

    assert await watched.event("suppressed") == {
        "name": "suppressed",
        "reason": "cooldown",
        "on": "document",
    }
    await watched.until(lambda: len(watched.complaints) == 3, "two errors and a violation")
    assert [one for one in watched.complaints if "late" in one]
    assert [one for one in watched.complaints if "unheard" in one]
    assert watched.violations == ["style-src-attr inline "]
    assert watched.dialogs == ["alert: hello"]
    await watched.until(lambda: host_site.reports(), "a report to the site")
    assert (
        await watched.page.evaluate("Object.keys(window).filter(key => /note|watch/.test(key))")
        == []
    )
