"""One kind of figure by month as columns: whole numbers of a drawing that the page prints as SVG, and the same in words."""

from dataclasses import dataclass

from clinics.models import DailyStatistic

from .figures import Figures

WIDTH, HEIGHT = 320, 150  # units of the drawing: about the pixels of a phone, so that its letters keep their size
TOP, BOTTOM = 22, 24  # room for the numbers above the columns and the months below them
GAP = 4
MOST_COLUMNS = 6  # as many as have room for a number of four digits
WIDEST = 64


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    text: str
    x: int
    y: int
    width: int
    height: int
    is_running: bool

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def text_y(self) -> int:
        return self.y - 6


@dataclass(frozen=True)
class Chart:
    columns: tuple[Column, ...]
    text: str
    width: int = WIDTH
    height: int = HEIGHT
    base: int = HEIGHT - BOTTOM
    label_y: int = HEIGHT - 7


def chart(figures: Figures, event: str = DailyStatistic.Event.VIEW) -> Chart | None:
    """The last months, the oldest first; None before there are two."""
    months = list(reversed(figures.months[:MOST_COLUMNS]))
    if len(months) < 2:
        return None
    room = min(WIDTH // len(months), WIDEST)
    most = max(month.counts[event].value for month in months) or 1
    columns = []
    for number, month in enumerate(months):
        one = month.counts[event]
        height = max(2, (HEIGHT - TOP - BOTTOM) * one.value // most)
        columns.append(
            Column(
                month.name, month.short, str(one.value) if one.value else "<5", number * room,
                HEIGHT - BOTTOM - height, room - GAP, height, month.until is not None,
            )
        )  # fmt: skip
    said = ", ".join(f"{month.name} {month.counts[event].text}" for month in months)
    return Chart(tuple(columns), f"{DailyStatistic.Event(event).label.capitalize()} pr. måned: {said}.")
