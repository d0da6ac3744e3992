"""Article files for tests: one of our own with every trap in it, and where the real ones are."""

from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[2] / "shared" / "articles"
needs_real_articles = pytest.mark.skipif(
    not REAL.is_dir(), reason="the five real articles are not beside this checkout"
)

FOOT = """\
---
title: "Ondt i foden – årsager og gode råd"
lastUpdated: "04/11/2025"
metaTitle: "Ondt i foden → årsager og gode råd"
datePublished: "02/10/2025"
---

Foden bærer dig hele dagen. Derfor mærker du det straks, når den gør ondt.

## Hvad er ondt i foden?
Smerten sidder under hælen, i svangen eller ved tæerne.

Den kan komme langsomt.

Fodens smerter – kort fortalt

| Sted | Sådan føles det | Hvad du kan gøre |
|---|---:|---|
| Hæl | Stikker om morgenen | Skån foden; stræk (roligt) |
| Svang | Trækker ved gang | Skift sko |
| Tæer | Brænder | Giv plads |

## Hvad koster det?
| Ydelse | Pris | Tid |
|:--|--|--|
| Første gang | 595 kr. | 45 min. |
| Opfølgning | 1.050,50 kr. | 20–30 min. |

## Hvilke øvelser hjælper foden?
Begynd roligt.

### Hvordan laver jeg "tåkrøl"?
Sid på en stol. Krøl tæerne ti gange.

### Hælløft
Stå ved en væg. Løft hælene langsomt.

Ud over øvelserne er korte gåture gode.

## Hvad kan jeg gøre derhjemme?

Hvil foden.

## Ofte stillede spørgsmål om Ondt i foden

### Er det farligt?
Sjældent.

Ring dog til lægen, hvis foden er kold.

- eller bleg
- eller følelsesløs

### Hvornår bliver det bedre?
Ofte efter nogle uger.

### Må jeg løbe?
Ja, når det ikke gør ondt bagefter.

Giv det tid, og spørg en fysioterapeut, hvis du er i tvivl."""


def lines_of(text: str, words: str) -> int:
    """The line of a file on which the words stand."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)
