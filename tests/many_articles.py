"""Articles by the hundred, each of about 1 200 words: our own examples under new names, no two of them alike."""

import re
from collections.abc import Iterator
from pathlib import Path

from fysfinder.demo import ARTICLES


def write_articles(folder: Path, count: int) -> None:
    for name, text in articles(count):
        (folder / name).write_text(text, encoding="utf-8")


def articles(count: int) -> Iterator[tuple[str, str]]:
    """(file name, text) of so many articles."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.md")) if path.stem != "README"]
    extra = [re.findall(r"(?<=\n\n)[A-ZÆØÅ].{200,}\n", text) for text in texts]
    for number in range(count):
        text = texts[number % len(texts)]
        # A paragraph of another article makes up for the length, so that one text never stands twice.
        other = extra[(number + 1 + number // len(texts)) % len(texts)]
        lead, heading, rest = text.partition("\n## ")
        lead += "\n" + other[number // len(texts) % len(other)]
        yield (
            f"artikel-{number:03}-om-smerter.md",
            f"{lead}{heading}{rest}".replace('title: "', f'title: "{number} ', 1),
        )
