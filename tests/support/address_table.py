"""What is an e-mail address and what is not, wherever one is taken."""

from __future__ import annotations

ADDRESSES = (
    "a@b.c", "ada@example.com", "a.b+c@sub.example.co", "ada.love+tag@mail.shop.example",
    "o'neil@example.com", "-a-@b.c", "ada@xn--bcher-kva.example", "grün@bücher.example",
    "a" * 64 + "@b.de", "a@" + "b" * 63 + ".de",
    "a" * 54 + "@" + ".".join(["b" * 63] * 3) + ".bbbbbbb",
)  # fmt: skip
OTHERS = (
    "@", "ada", "ada@", "@example.com", "a@b", "ada@localhost", "a b@c.de", "a@b c.de", "a@b@c.de",
    "<a@b.de>", "A <a@b.de>", "a@b.de,c@d.de", '"a"@b.de', "a(x)@b.de", "a\\b@c.de", ".a@b.de",
    "a.@b.de", "a..b@c.de", "a@.b", "a@b.", "a@b.c.", "a@b..c", "a@-b.de", "a@b-.de", "a@b.c-",
    "ada@exa_mple.com", "a@[127.0.0.1]", "a@b.de;", "ada@example.com\nBcc: x@y.z", "a\n@b.de",
    "a" * 65 + "@b.de", "a@" + "b" * 64 + ".de", "a@de." + "b" * 64, "a@" + "x." * 200 + "com",
    "a" * 55 + "@" + ".".join(["b" * 63] * 3) + ".bbbbbbb", "a\ud800@b.de",
)  # fmt: skip
