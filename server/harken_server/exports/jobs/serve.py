"""`/export-file/{token}`: a finished file, whole or from where a download broke off."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from litestar import Response

from harken_server.exports.file_kinds import FORMATS
from harken_server.exports.jobs.asking import LINK_KIND, path_of
from harken_server.exports.store.jobs import Job, find_job
from harken_server.http.declared import Arrival
from harken_server.http.header_values import attachment, header_bytes
from harken_server.http.long_reads.downloads import kept_file
from harken_server.http.public import VISITOR, get
from harken_server.kernel.errors import AccessError, GoneError
from harken_server.kernel.tokens import verify_token

AT_ONCE = 256 * 1024
_FROM = re.compile("bytes=([0-9]{1,15})-")


@get(
    "/export-file/{token:str}",
    "download_export",
    "A file that was made in the background",
    caller=VISITOR,
    errors=(401, 410),
    also=(206,),
    reply_type="application/octet-stream",
    headers=(("Range", "`bytes=1000-` takes up a download after 1000 bytes."),),
)
async def download_file(arrival: Arrival, token: str) -> Response[bytes]:
    """Whoever has the address may read it until the file goes."""
    runtime, now = arrival.runtime, arrival.runtime.clock()
    claims = verify_token(runtime.signing_keys, LINK_KIND, token, now)
    if claims is None:
        raise AccessError(
            "This address is not valid, or its time is over.", code="export_link_invalid"
        )
    job = await find_job(runtime.db, claims.workspace_id, UUID(hex=claims.subject))
    path = None if job is None else path_of(runtime, job)
    if job is None or path is None or job.state != "done" or not path.is_file():
        said = job.problem if job and job.problem else "This server does not have the file."
        raise GoneError(said, code="export_gone")
    return _send(arrival, job, path)


def start_of(wanted: str) -> int:
    """Where a range begins; one of any other form than `bytes=1000-` is the whole file."""
    found = _FROM.fullmatch(wanted)
    return int(found[1]) if found else 0


def _send(arrival: Arrival, job: Job, path: Path) -> Response[bytes]:
    file = path.open("rb")
    wanted = "" if arrival.header("if-range") else arrival.header("range") or ""
    size, start = path.stat().st_size, start_of(wanted)
    is_part = 0 < start < size
    start = start if is_part else 0
    headers = [
        (b"content-type", FORMATS[job.format].media_type.encode()),
        (b"content-disposition", header_bytes(attachment(job.name))),
        (b"content-length", str(size - start).encode()),
        (b"accept-ranges", b"bytes"),
        (b"etag", f'"{job.id}"'.encode()),
    ]
    if is_part:
        headers.append((b"content-range", f"bytes {start}-{size - 1}/{size}".encode()))
    return kept_file(_read(file, start), tuple(headers), status=206 if is_part else 200)


async def _read(file: BinaryIO, start: int) -> AsyncGenerator[bytes]:
    with file:
        file.seek(start)
        while piece := file.read(AT_ONCE):
            yield piece
