"""What both readers of lists make of a file: its rows, each fact still a text."""

from dataclasses import dataclass, field

MOST_BYTES = (
    300 * 1024 * 1024
)  # of a file, unpacked; a hundred thousand clinics with their websites' texts are some 100 MB
MOST_ROWS = 200_000


@dataclass(frozen=True, slots=True)
class Raw:
    """One row as the list has it: name of a fact (`columns.FACTS`) → what its cell says, empty cells left out.

    `row` is the row's first line in a CSV (headings are 1), the feature's place in a GeoJSON from 1. `problem` is one Danish
    sentence about the whole row; `fatal`: there is nothing in it to use; `passed`: nor should there be, for the row is about
    something else. What is said once about a whole CSV (headings that nobody knows) comes first, as a fatal row with the line
    of the headings.
    """

    row: int
    external_id: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    fatal: bool = False
    passed: bool = False


class UnreadableError(Exception):
    """Nothing of a file can be read; `text` is one Danish sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def shown(text: str, most: int = 40) -> str:
    """A cell as a sentence quotes it: `"“abc”"`, short, on one line, without what is invisible."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: most + 1]).split())
    return f"“{line if len(text) <= most else line[:most].rstrip() + '…'}”"
