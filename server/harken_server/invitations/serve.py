"""QR images of invitations."""

from typing import Any, Literal

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from harken_server.http.bodies import decode_query
from harken_server.http.limits import admit
from harken_server.http.operations import Operation, describe
from harken_server.http.runtime import runtime_of
from harken_server.http.settings import HttpSettings
from harken_server.invitations.links import invitation_url
from harken_server.invitations.redeem import redeem_code
from harken_server.qr.pictures import qr_png, qr_svg


class QrQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How large the image is to be."""

    scale: int = 8
    """Pixels a module, 1 to 40."""


@get(
    ["/i/{token:str}/qr.svg", "/I/{token:str}/qr.svg"],
    opt=describe(
        Operation(
            "get_invitation_qr_svg",
            "An invitation's QR as SVG",
            query=QrQuery,
            reply_type="image/svg+xml",
            errors=(404, 422, 429),
            is_keyed=False,
        )
    ),
)
async def qr_svg_image(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """Crisp at any size."""
    payload, scale = await _payload(request, token)
    return _image(qr_svg(payload, scale=scale), "image/svg+xml")


@get(
    ["/i/{token:str}/qr.png", "/I/{token:str}/qr.png"],
    opt=describe(
        Operation(
            "get_invitation_qr_png",
            "An invitation's QR as PNG",
            query=QrQuery,
            reply_type="image/png",
            errors=(404, 422, 429),
            is_keyed=False,
        )
    ),
)
async def qr_png_image(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[bytes]:
    """One bit a pixel, whole pixels a module."""
    payload, scale = await _payload(request, token)
    return _image(qr_png(payload, scale=scale), "image/png")


async def _payload(request: Request[Any, Any, Any], token: str) -> tuple[str, int]:
    runtime = runtime_of(request)
    admit(runtime, request.scope)
    query = decode_query(request.query_params.multi_items(), QrQuery)
    invitation = await redeem_code(runtime.db, token)
    return invitation_url(runtime.settings.of(HttpSettings).short_url, invitation.code), query.scale


def _image(body: bytes, media_type: Literal["image/svg+xml", "image/png"]) -> Response[bytes]:
    return Response(
        body,
        media_type=media_type,
        headers={
            "cache-control": "private, max-age=86400",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        },
    )


ROUTES = (qr_svg_image, qr_png_image)
