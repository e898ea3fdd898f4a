"""A browser that knows no script: it follows links, fills in forms by their labels, sends them."""

from __future__ import annotations

from typing import Any

import httpx
from read_page import Element, PageForm, forms_of, links_of, read_page


class HtmlBrowser:
    """One window, and the page in it."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.reply: httpx.Response
        self.page: Element

    @property
    def text(self) -> str:
        """What a reader sees."""
        return self.page.text()

    async def open(self, url: str) -> HtmlBrowser:
        """Go to an address."""
        return self._show(await self.http.get(url, follow_redirects=True))

    async def follow(self, text: str) -> HtmlBrowser:
        """Press a link by its words, or by how they begin."""
        links = links_of(self.page)
        found = links.get(text) or next(
            (href for shown, href in links.items() if shown.startswith(text)), None
        )
        assert found, (text, list(links))
        return await self.open(str(self.reply.url.join(found)))

    async def send(self, button: str, **typed: Any) -> HtmlBrowser:
        """Fill in the form that has this button, fields by their names, and press it."""
        form = self._form(button)
        name, value = next(each for text, each in form.buttons.items() if text == button)
        fields = form.fields | {key: [text] for key, text in typed.items()}
        if name:
            fields[name] = [value]
        url = str(self.reply.url.join(form.action))
        if form.method == "get":
            reply = await self.http.get(url, params=fields, follow_redirects=True)
        else:
            headers = {"sec-fetch-site": "same-origin"}
            reply = await self.http.post(url, data=fields, headers=headers, follow_redirects=True)
        return self._show(reply)

    def _form(self, button: str) -> PageForm:
        forms = forms_of(self.page)
        found = next((form for form in forms if button in form.buttons), None)
        assert found is not None, (button, [list(form.buttons) for form in forms], self.text)
        return found

    def _show(self, reply: httpx.Response) -> HtmlBrowser:
        self.reply, self.page = reply, read_page(reply.text)
        return self
