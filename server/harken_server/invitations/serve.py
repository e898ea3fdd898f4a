"""QR images of invitations."""

from typing import Literal

import msgspec
from litestar import Response

from harken_server.http.declared import Arrival
from harken_server.http.public import VISITOR, get
from harken_server.http.runtime import Runtime
from harken_server.http.settings import HttpSettings
from harken_server.invitations.codes import invitation_url
from harken_server.invitations.redeem import redeem_code
from harken_server.qr.pictures import qr_png, qr_svg


class QrQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How large the image is to be."""

    scale: int = 8
    """Pixels a module, 1 to 40."""


@get(
    ["/i/{token:str}/qr.svg", "/I/{token:str}/qr.svg"],
    "get_invitation_qr_svg",
    "An invitation's QR as SVG",
    caller=VISITOR,
    reply_type="image/svg+xml",
    errors=(404, 422),
)
async def qr_svg_image(arrival: Arrival, token: str, query: QrQuery) -> Response[bytes]:
    """Crisp at any size."""
    payload = await _payload(arrival.runtime, token)
    return _image(qr_svg(payload, scale=query.scale), "image/svg+xml")


@get(
    ["/i/{token:str}/qr.png", "/I/{token:str}/qr.png"],
    "get_invitation_qr_png",
    "An invitation's QR as PNG",
    caller=VISITOR,
    reply_type="image/png",
    errors=(404, 422),
)
async def qr_png_image(arrival: Arrival, token: str, query: QrQuery) -> Response[bytes]:
    """One bit a pixel, whole pixels a module."""
    payload = await _payload(arrival.runtime, token)
    return _image(qr_png(payload, scale=query.scale), "image/png")


async def _payload(runtime: Runtime, token: str) -> str:
    invitation = await redeem_code(runtime.db, token)
    return invitation_url(runtime.settings.of(HttpSettings).short_url, invitation.code)


def _image(body: bytes, media_type: Literal["image/svg+xml", "image/png"]) -> Response[bytes]:
    return Response(
        body,
        media_type=media_type,
        headers={
            "cache-control": "private, max-age=86400",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        },
    )
