"""Prices of a place as columns: whole numbers of a drawing that the page prints as SVG, and the same in words.

Presentation attributes alone (the policy allows no style in a page); colours come from the page's ink.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from . import danish
from .place_facts import BIN, PlaceFacts

WIDTH, HEIGHT = 320, 168  # units of the drawing: about the pixels of a phone, so that its letters keep their size
TOP, BOTTOM = 24, 28  # room for the numbers above the columns and the kroner below them
GAP = 3
MOST_COLUMNS = 12  # as many as can be told apart on a phone
LABEL = 40  # "1.250" and some air
WIDER = (BIN, 2 * BIN, 4 * BIN, 10 * BIN, 20 * BIN, 100 * BIN)


@dataclass(frozen=True)
class Column:
    """`low` and `high` are the whole kroner it holds, both included; `label` is empty where there is no room for it."""

    low: int
    high: int
    clinics: int
    x: int
    y: int
    width: int
    height: int
    label: str

    @property
    def text(self) -> str:
        return f"{_number(self.low)}–{_number(self.high)} kr."

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class PriceChart:
    columns: tuple[Column, ...]
    step: int  # kroner in a column
    text: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM
    label_y: int = HEIGHT - 8

    @property
    def filled(self) -> list[Column]:
        return [column for column in self.columns if column.clinics]


def price_chart(facts: PlaceFacts) -> PriceChart | None:
    """The chart of the first visits' prices; None where too few have stated one."""
    if not facts.bins:
        return None
    step, bins = _widened(facts.bins)
    lows = range(min(bins), max(bins) + step, step)
    room = WIDTH // len(lows)
    width, every, most = min(room, 64) - GAP, -(-LABEL // room), max(bins.values())
    tallest = HEIGHT - TOP - BOTTOM
    columns = []
    for number, low in enumerate(lows):
        clinics = bins.get(low, 0)
        height = max(4, tallest * clinics // most) if clinics else 0
        label = "" if number % every else _number(low)
        x = min(room, 64) * number
        columns.append(Column(low, low + step - 1, clinics, x, HEIGHT - BOTTOM - height, width, height, label))
    said = [f"{one.text} hos {danish.count(one.clinics, 'klinik', 'klinikker')}" for one in columns if one.clinics]
    return PriceChart(tuple(columns), step, f"Første besøg uden henvisning: {danish.listing(said)}.")


def _widened(bins: Mapping[int, int]) -> tuple[int, dict[int, int]]:
    """The narrowest columns of which there are few enough, and how many clinics each holds."""
    for step in WIDER:
        wide: dict[int, int] = {}
        for low, clinics in bins.items():
            wide[low // step * step] = wide.get(low // step * step, 0) + clinics
        if (max(wide) - min(wide)) // step < MOST_COLUMNS:
            break
    return step, wide


def _number(kroner: int) -> str:
    return f"{kroner:,}".replace(",", ".")
