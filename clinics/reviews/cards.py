"""What stands on a card of a printed sheet: the code, the address that it fills in, and that address as a QR code."""

from dataclasses import dataclass

import segno
from django.urls import reverse
from django.utils.http import urlencode

from clinics.claiming.codes import spaced
from clinics.models import Clinic
from clinics.outbox import absolute

QUIET = 4  # modules of white on every side, which readers ask for (ISO/IEC 18004)


@dataclass(frozen=True)
class Qr:
    """Drawn on a square of `side` modules: `path` is the data of one SVG path, which holds every dark module."""

    side: int
    path: str


@dataclass(frozen=True)
class Card:
    """`code` as it is read aloud: `"7KQM2 XRTAB"`."""

    code: str
    url: str
    qr: Qr


def card(clinic: Clinic, code: str) -> Card:
    """`code` as it was made."""
    page = reverse("clinics:review_write", args=[clinic.slug])
    url = absolute(f"{page}?{urlencode({'kode': code})}")
    return Card(spaced(code), url, qr(url))


def qr(text: str) -> Qr:
    """Runs of dark modules in a row are one bar each: a third of the path that single squares would make."""
    # Least correction, so that the squares are as large as they can be: the paper is new and flat. What room the size leaves,
    # segno spends on correction by itself.
    matrix = segno.make(text, error="l", micro=False).matrix
    bars = [
        f"M{start + QUIET} {y + QUIET}h{end - start}v1h-{end - start}z"
        for y, row in enumerate(matrix)
        for start, end in _runs(bytes(row))
    ]
    return Qr(len(matrix) + 2 * QUIET, "".join(bars))


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Of ones: where each begins and where it is over. `bytes([1, 1, 0, 1])` → `[(0, 2), (3, 4)]`."""
    padded = b"\0" + row + b"\0"
    edges = [x for x in range(len(padded) - 1) if padded[x] != padded[x + 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))
