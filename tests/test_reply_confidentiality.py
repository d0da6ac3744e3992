"""Which words of a clinic's reply tell that somebody was, or was not, a patient: and which only sound like it."""

import pytest

from clinics.reviews.confidentiality import KIND, confirming
from clinics.reviews.replies import findings_in
from clinics.reviews.suggested_replies import SUGGESTED, TO_FILL
from clinics.reviews.text_checks import cleaned

TELL = [
    "Vi er kede af, at du ikke var glad for din behandling.",
    "Tak for dit besøg!",
    "Da du var hos os i marts, havde vi travlt.",
    "Som vi talte om, da du kom til undersøgelse, tager det tid.",
    "Du har aldrig været hos os.",
    "Du har været patient hos os i flere år.",
    "Vi har ikke haft dig i klinikken.",
    "Vi behandlede dig tre gange.",
    "Mette undersøgte dig grundigt.",
    "Jeg har undersøgt dig, og der var ingen tegn på brud.",
    "Vi kan se i journalen, at der blev meldt afbud.",
    "Vi kan ikke finde dig i vores system, du er ikke patient her.",
    "Vi kender dig ikke.",
    "Jeg husker godt forløbet.",
    "Din skulder var meget stiv.",
    "Dit forløb sluttede i maj.",
    "Du udeblev fra din aftale.",
    "Patienten fik tilbudt en ny tid.",
    "Vedkommende er ikke patient hos os.",
    "TAK FOR DIT BESØG",
    "Du meldte afbud for sent.",
]
FINE = [
    "Tak, fordi du tog dig tid til at skrive.",
    "Vi tager kritik alvorligt. Ring gerne til klinikken.",
    "Vi har tavshedspligt og kan ikke svare på den enkeltes oplevelse.",
    "Hvis du har været hos os, er du velkommen til at ringe.",
    "Alle patienter får en plan ved første besøg.",
    "Vores patienter venter i snit fire dage.",
    "Patienter kan melde afbud indtil dagen før.",
    "Vi har sat flere stole op i venteværelset.",
    "Din melding gør os bedre.",
    "Tak for dine ord og din tid.",
    "Vi lytter til dig.",
    "Du er velkommen til at skrive til os.",
    "Du kan altid spørge om prisen først.",
    "Vi glæder os over de pæne ord.",
    "Det er vi kede af at læse.",
]


@pytest.mark.parametrize("text", TELL)
def test_what_tells_of_a_patient_is_found(text):
    found = confirming(cleaned(text))
    assert found and all(one.kind == KIND and not one.blocks for one in found), text
    assert all(0 <= one.start < one.end <= len(text) for one in found)


@pytest.mark.parametrize("text", FINE)
def test_what_holds_for_everybody_is_left_alone(text):
    assert [text[one.start : one.end] for one in confirming(text)] == []


@pytest.mark.parametrize("key", sorted(SUGGESTED))
def test_our_own_suggestions_pass(key):
    """What is to be filled in is filled in first."""
    text = SUGGESTED[key].text
    assert findings_in(text) == []
    assert len(text) < 600 and text.count(TO_FILL) == text.count("[")


def test_the_findings_of_all_kinds_come_in_order():
    found = findings_in("Tak for dit besøg. Ring på 86 12 12 12, eller se www.ryggen.dk.")
    assert [one.kind for one in found] == [KIND, "phone", "url"]
    assert [one.blocks for one in found] == [False, True, True]


def test_a_long_text_is_read_quickly_and_a_tricky_one_too():
    for text in ("du har " * 3000, "vi har ikke " * 2000, "ingen " * 4000, "din " * 5000):
        assert isinstance(confirming(text), list)
