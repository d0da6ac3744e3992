"""The committed lists that the checks go by. Read once; a mistake in a file shows in its test, not on a page."""

from functools import cache
from pathlib import Path
from typing import Any

from clinics.yaml_files import read_yaml

FOLDER = Path(__file__).resolve().parent.parent / "data"


@cache
def load(name: str) -> Any:
    """The content of `articles/data/<name>.yaml`."""
    return read_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
