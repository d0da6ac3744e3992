"""What a review asks, and what 1 to 5 mean in words: the same in the form, on the profile and in what its author takes home.

None asks whether somebody got well: that says more of the illness than of the clinic, and no clinic may be advertised by it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """`field` of Review; `name` in the form; `ask` to the author; `label` short, for readers; `words` of 1, 2, 3, 4, 5."""

    field: str
    name: str
    ask: str
    label: str
    words: tuple[str, str, str, str, str]
    hint: str = ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(str(stars), word) for stars, word in enumerate(self.words, 1)]

    def word(self, stars: int) -> str:
        return self.words[stars - 1]


_HOW_MUCH = ("Slet ikke", "I ringe grad", "Nogenlunde", "I høj grad", "I meget høj grad")
_HOW_WELL = ("Meget dårligt", "Dårligt", "Nogenlunde", "Godt", "Meget godt")

QUESTIONS = (
    Question(
        "taken_seriously",
        "alvorligt",
        "Blev du taget alvorligt?",
        "Blev taget alvorligt",
        _HOW_MUCH,
        "Blev der lyttet til dig, og havde du noget at skulle have sagt?",
    ),
    Question(
        "explained",
        "forklaret",
        "Forklarede de det, så du forstod det?",
        "Forklaringer",
        _HOW_MUCH,
        "Fx hvad de gjorde, hvorfor, og hvad du selv kan gøre.",
    ),
    Question(
        "appointments",
        "aftaler",
        "Hvordan gik det med aftaler og ventetid?",
        "Aftaler og ventetid",
        _HOW_WELL,
        "Fx at få en tid, at de kom til tiden, og at prisen var den, du fik at vide.",
    ),
    Question(
        "premises",
        "rammer",
        "Hvordan var rammerne?",
        "Rammer",
        _HOW_WELL,
        "Lokaler, udstyr og adgang. Var det hjemme hos dig eller online, så svar om det.",
    ),
    Question(
        "overall",
        "samlet",
        "Hvordan var det alt i alt?",
        "Samlet",
        _HOW_WELL,
    ),
)
BY_FIELD = {one.field: one for one in QUESTIONS}
