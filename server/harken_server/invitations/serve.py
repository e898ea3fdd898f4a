"""QR images of invitations."""

from functools import partial
from typing import Literal

import msgspec
from litestar import Response

from harken_server.http.declared import Arrival
from harken_server.http.public import VISITOR, get
from harken_server.http.settings import HttpSettings
from harken_server.invitations.codes import invitation_qr_text
from harken_server.invitations.redeem import redeem_code
from harken_server.qr.pictures import qr_png, qr_svg


class QrQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How large the image is to be."""

    scale: int = 8
    """Pixels a module, 1 to 40."""


_qr = partial(get, caller=VISITOR, errors=(404, 422))


@_qr(
    ["/i/{token:str}/qr.svg", "/I/{token:str}/qr.svg"],
    "get_invitation_qr_svg",
    "An invitation's QR as SVG",
    reply_type="image/svg+xml",
)
async def qr_svg_image(arrival: Arrival, token: str, query: QrQuery) -> Response[bytes]:
    """Crisp at any size."""
    return _image(qr_svg(await _link(arrival, token), scale=query.scale), "image/svg+xml")


@_qr(
    ["/i/{token:str}/qr.png", "/I/{token:str}/qr.png"],
    "get_invitation_qr_png",
    "An invitation's QR as PNG",
    reply_type="image/png",
)
async def qr_png_image(arrival: Arrival, token: str, query: QrQuery) -> Response[bytes]:
    """One bit a pixel, whole pixels a module."""
    return _image(qr_png(await _link(arrival, token), scale=query.scale), "image/png")


async def _link(arrival: Arrival, token: str) -> str:
    invitation = await redeem_code(arrival.runtime.db, token)
    short_url = arrival.runtime.settings.of(HttpSettings).short_url
    return invitation_qr_text(short_url, invitation.code)


def _image(body: bytes, media_type: Literal["image/svg+xml", "image/png"]) -> Response[bytes]:
    return Response(
        body,
        media_type=media_type,
        headers={
            "cache-control": "private, no-store",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        },
    )
