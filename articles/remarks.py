"""What the machine noticed about a file and a person should look at."""

from typing import NamedTuple


class Remark(NamedTuple):
    """One warning: the line in the file (1 is the first), a code that stays the same, and a Danish sentence."""

    line: int
    code: str
    text: str

    def as_json(self) -> dict[str, int | str]:
        return self._asdict()
