"""`/om/data/<file>`: a file of the last build, for anybody and any program."""

import re
from pathlib import Path
from typing import Any, BinaryIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from clinics.open_data import published
from clinics.open_data.files import FILES
from clinics.open_data.latest import Published, Ready

TRIES = 3  # the list was read, then the next build took its files away: it names others now
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
_GZIP = re.compile(r"(?i)(?:^|[\s,])gzip\s*(?:;\s*q\s*=\s*(?P<q>[0-9.]+)\s*)?(?:,|$)")


@require_safe
def open_data_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One file; 404 for names that are not ours and before the first build. Compressed for whoever takes that.

    With `Range` the file itself is cut, never its compressed twin, and only while it still is the file that was begun
    (`If-Range`): a download that goes on after midnight begins anew instead of joining two files.
    """
    if name not in FILES:
        raise Http404
    for _ in range(TRIES):
        made = published()
        ready = made and made.find(name)
        if not made or not ready:
            raise Http404
        try:
            return _answer(request, made, ready)
        except FileNotFoundError:
            continue
    raise Http404


def _answer(request: HttpRequest, made: Published, ready: Ready) -> HttpResponseBase:
    packed = "Range" not in request.headers and _takes_gzip(request)
    etag = f'"{ready.sha256[:32]}{"-gz" if packed else ""}"'
    modified = int(made.made_at.timestamp())
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None:
        path = made.folder / f"{ready.file.name}{'.gz' if packed else ''}"
        part = _part(request, ready.bytes, etag, modified)
        if part is None:
            response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{ready.bytes}"})
        else:
            response = _whole(path, ready, packed) if part == () else _slice(path, ready, *part)
            day = f"{made.made_at:%Y-%m-%d}"
            response["Content-Disposition"] = f'attachment; filename="fysfinder-{day}-{ready.file.name}"'
            response["Last-Modified"] = http_date(modified)
    # Django would compress what we send uncompressed on purpose, and cut lengths and parts with it.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, no-cache"  # ask each time; the answer is mostly 304
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Robots-Tag"] = "noindex"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _takes_gzip(request: HttpRequest) -> bool:
    found = _GZIP.search(request.headers.get("Accept-Encoding", ""))
    return bool(found) and (found["q"] or "1").strip("0.") != ""  # type: ignore[index]


def _part(request: HttpRequest, size: int, etag: str, modified: int) -> Any:
    """`(first, last)` byte that is asked for, `()` for the whole file, None for a part that is not in it."""
    asked = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked or asked.groups() == ("", ""):
        return ()  # several parts, another unit, nonsense: the whole file is a right answer
    if (
        (held := request.headers.get("If-Range", "").strip())
        and held != etag
        and parse_http_date_safe(held) != modified
    ):
        return ()
    first, last = asked.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) and size else None
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    if last and int(last) < start:
        return ()
    return (start, end) if start < size else None


def _whole(path: Path, ready: Ready, packed: bool) -> FileResponse:
    response = FileResponse(path.open("rb"), content_type=ready.file.content_type)
    response["Content-Length"] = str(ready.gz_bytes if packed else ready.bytes)
    if packed:
        response["Content-Encoding"] = "gzip"
    return response


def _slice(path: Path, ready: Ready, first: int, last: int) -> FileResponse:
    response = FileResponse(Slice(path.open("rb"), first, last), content_type=ready.file.content_type, status=206)
    response["Content-Range"] = f"bytes {first}-{last}/{ready.bytes}"
    response["Content-Length"] = str(last - first + 1)
    return response


class Slice:
    """The bytes from `first` to `last` of an open file, both included, as a file that can only be read."""

    def __init__(self, file: BinaryIO, first: int, last: int) -> None:
        file.seek(first)
        self._file = file
        self._left = last - first + 1

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()
