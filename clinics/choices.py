"""What can be ticked on a results page: parameter, address value, words, and when a clinic has it. One row for each choice.

The form (`filters.py`), the index (`index.py`), the page and its chips are all made from these rows, so a choice is added
here and nowhere else: README.md, "How to add a filter". A clinic that has not said is never found by a choice.
"""

from dataclasses import dataclass
from decimal import Decimal

from .facets import FACETS
from .insurers import INSURERS
from .languages import LANGUAGES


@dataclass(frozen=True)
class Choice:
    """`key` stands in the search index and never changes; `slug` is the value in the address; `label` stands at the tick.

    `holds` is SQL, true for a clinic that has stated it, over the columns of `clinics.index.FACTS`: c (the clinic), forms
    (of its treatments), spoken (languages of clinic and people), evening and saturday (open for treatment, in a usual
    week), fresh_from (facts confirmed before that day are stale). "" is no fact of the index: see `OPEN_NOW`.
    """

    key: str
    slug: str
    label: str
    holds: str
    chip: str = ""

    @property
    def chip_label(self) -> str:
        return self.chip or self.label


@dataclass(frozen=True)
class Filter:
    """The choices of one parameter. `any_of`: one of those ticked is enough; otherwise a clinic must have them all."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    any_of: bool = False
    seldom: bool = False  # asked for so rarely that its numbers may come after all specialities: clinics.tags
    note: str = ""  # instead of the usual hint

    @property
    def by_slug(self) -> dict[str, Choice]:
        return {choice.slug: choice for choice in self.choices}

    @property
    def hint(self) -> str:
        if self.note or len(self.choices) == 1:
            return self.note
        return "Klinikken har mindst én af dem, du vælger." if self.any_of else "Klinikken har alt det, du vælger."


def _fact(key: str, slug: str, label: str = "", chip: str = "") -> Choice:
    """A yes-or-no fact of `clinics.facets`."""
    facet = FACETS[key]
    return Choice(key, slug, label or facet.label, f"c.{facet.field}", chip)


# Who asks whether somebody is there now is not helped by one who is there on Saturday: it must hold beside evening and
# Saturday, of which one is enough. It changes by the minute, so it is compared (`clinics.open_times`) and no tag.
OPEN_NOW = Choice("open_now", "nu", "Åben nu", holds="")

FILTERS: tuple[Filter, ...] = (
    Filter(
        "ydernummer",
        "Tilskud",
        (_fact("has_ydernummer", "ja", "Kun klinikker med ydernummer", "Ydernummer"),),
    ),
    Filter(
        "aaben",
        "Åbningstider",
        (
            OPEN_NOW,
            # Evening: treatment on a weekday until 18.00 or later, past midnight too. Saturday: hours of that day.
            Choice("open_evening", "aften", "Om aftenen (til kl. 18 eller senere)", "evening", "Åbent om aftenen"),
            Choice("open_saturday", "loerdag", "Om lørdagen", "saturday", "Åbent om lørdagen"),
        ),
        any_of=True,
        note="“Åben nu” skal passe. Af aften og lørdag er det nok, at den ene passer.",
    ),
    Filter(
        "form",
        "Sådan foregår behandlingen",
        (
            Choice("form_individual", "individuel", "Individuel behandling", "'individual' = ANY(forms)"),
            Choice("form_group", "hold", "På hold", "'group' = ANY(forms)"),
            Choice("home_visits", "hjemme", "Behandling hjemme hos dig", "c.home_visits OR 'home' = ANY(forms)"),
            Choice("online", "online", "Behandling online", "c.online OR 'online' = ANY(forms)"),
        ),
        any_of=True,
    ),
    Filter(
        "adgang",
        "Adgang",
        (
            _fact("step_free", "niveaufri", "Adgang uden trin", "Adgang uden trin"),
            _fact("lift", "elevator"),
            _fact("accessible_toilet", "handicaptoilet"),
            _fact("parking", "parkering"),
            _fact("hearing_loop", "teleslynge", "Teleslynge (til høreapparat)", "Teleslynge"),
        ),
    ),
    Filter(
        "fakta",
        "Klinikken tilbyder",
        (
            _fact("acute_appointments", "akut"),
            _fact("assessment_plan", "undersoegelse"),
            _fact(
                "free_physiotherapy",
                "vederlagsfri",
                "Vederlagsfri fysioterapi (gratis, kræver henvisning)",
                "Vederlagsfri",
            ),
            _fact("danmark_insurance", "danmark"),
        ),
    ),
    Filter(
        "sprog",
        "Sprog",
        tuple(
            Choice(f"language_{code}", code, name.capitalize(), f"'{code}' = ANY(spoken)", f"Sprog: {name}")
            for code, name in LANGUAGES
        ),
        any_of=True,
        seldom=True,
    ),
    Filter(
        "forsikring",
        "Aftale med sundhedsforsikring",
        tuple(
            Choice(f"insurer_{key}", key, name, f"'{key}' = ANY(c.insurers)", f"Forsikring: {name}")
            for key, name in INSURERS
        ),
        any_of=True,
        seldom=True,
    ),
    Filter(
        "bekraeftet",
        "Hvor nye oplysningerne er",
        (
            Choice(
                "confirmed",
                "ja",
                "Bekræftet af klinikken det seneste år",
                "c.confirmed_at >= fresh_from",
                "Bekræftet det seneste år",
            ),
        ),
    ),
)

# Key → choice: what the index holds of a clinic's facts.
CHOICES: dict[str, Choice] = {choice.key: choice for one in FILTERS for choice in one.choices if choice.holds}

# Numbers that are suggested, with how many clinics each would leave: km, days of waiting, kroner without referral, stars.
RADII = (2, 5, 10, 25, 50)
WAITS = (3, 7, 14, 30)
PRICES = (400, 500, 600, 700)
AVERAGES = (Decimal(3), Decimal(4), Decimal("4.5"))


@dataclass(frozen=True)
class Limit:
    """`column` of the index must be `sign` ("<=" or ">=") the number that is asked for; `suggested` are counted."""

    column: str
    sign: str
    suggested: tuple[int | Decimal, ...]

    def sql(self, limit: int | Decimal, column: str = "") -> str:
        return f"{column or self.column} {self.sign} {limit}"


# By parameter.
LIMITS = {
    "ventetid_max": Limit("waiting_days", "<=", WAITS),
    "pris_max": Limit("price", "<=", PRICES),
    "bedoemmelse_min": Limit("average", ">=", AVERAGES),
}


def limit_key(name: str, limit: int | Decimal) -> str:
    """The key of a suggested limit: counted with the facet values, and no value that is searched by."""
    return f"{name}_{limit}"


# Every suggested limit: key → (parameter, limit).
LIMIT_KEYS = {limit_key(name, one): (name, one) for name, limit in LIMITS.items() for one in limit.suggested}
