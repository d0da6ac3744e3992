"""Replies to begin with: none tells whether the author was ever a patient. tests/test_review_replies.py holds them to it."""

from dataclasses import dataclass

TO_FILL = "[skriv"  # what the clinic must put its own words for


@dataclass(frozen=True)
class Suggested:
    label: str
    text: str


SUGGESTED = {
    "tak": Suggested(
        "Tak for ros",
        "Tak, fordi du tog dig tid til at skrive. Det glæder os at læse, og vi deler det med alle på klinikken.",
    ),
    "kritik": Suggested(
        "Ved kritik",
        "Tak, fordi du skriver det ærligt. Vi har tavshedspligt og må ikke sige, hvem der kommer hos os. Derfor kan vi ikke"
        " svare på det enkelte her. Men vi tager kritik alvorligt og vil gerne lære af den. Vil du tale med os om det, så"
        " kontakt klinikken direkte.",
    ),
    "praktisk": Suggested(
        "Om ventetid, pris eller lokaler",
        "Tak, fordi du skriver om det praktiske. Det hjælper os til at gøre det bedre for alle. Generelt arbejder vi sådan:"
        f" {TO_FILL}, hvordan I gør, fx med afbud, ventetid eller betaling].",
    ),
}
