"""What a clinic may not write about itself (R13, R17), and ordinary Danish with the same words."""

import pytest

from clinics import claims
from clinics.claims import message, problems

from .machine import moment, seconds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Vi er bedst.", "bedst"),
        ("Gratis første gang", "Gratis første gang"),
        ("De 2 første gange er gratis.", "De 2 første gange er gratis"),
        ("Tilbud i november", "Tilbud i november"),
        ("-20 %", "-20 %"),
        ("Betal for 9, få 10", "Betal for 9, få 10"),
        ("Få 1 gang oveni", "Få 1 gang oveni"),
        ("Normalpris: 600 kr.", "Normalpris"),
        ("Prisnedsættelse i år", "Prisnedsættelse"),
        ("100% effekt", "100% effekt"),
        ("Behandlingen har ingen bivirkninger.", "ingen bivirkninger"),
        ("5-stjernet klinik", "5-stjernet"),
        ("Sp\u0430r 100 kr. på ti gange.", "Spar"),
        ("Byens bedste behandlere venter på dig.", "Byens bedste"),
        ("Danmarks førende klinik", "Danmarks førende"),
        ("Vi er nr. 1.", "nr. 1"),
        ("Nummer ét på Fyn", "Nummer ét"),
        ("Garanti for resultat", "Garanti"),
        ("Vi garanterer, at det hjælper.", "garanterer"),
        ("Behandlingen helbreder iskias.", "helbreder"),
        ("Bliv helbredt", "helbredt"),
        ("Vi kan helbrede dig.", "kan helbrede"),
        ("Akupunktur kurerer hovedpine", "kurerer"),
        ("Smertefri på én gang", "Smertefri på én gang"),
        ("Du er smertefri efter 2 behandlinger.", "smertefri efter 2 behandlinger"),
        ("Spar 400 kr.", "Spar"),
        ("Så sparer du penge.", "sparer"),
        ("En besparelse på 20 %", "besparelse"),
        ("10 % rabat til studerende", "rabat"),
        ("Studierabat", "Studierabat"),
        ("Brug rabatkoden EFTERAAR", "rabatkoden"),
        ("Spørg efter mængderabatten.", "mængderabatten"),
        ("Før 500 kr., nu 400 kr.", "Før 500 kr., nu"),
        ("Før: 1.200,- nu kun 900,-", "Før: 1.200,- nu"),
        ("Normalpris 600 kr. Nu 500 kr.", "Normalpris"),
        ("Kun i dag!", "Kun i dag"),
        ("Kun denne uge", "Kun denne uge"),
        ("SIDSTE CHANCE", "SIDSTE CHANCE"),
        ("Skynd dig at bestille", "Skynd dig"),
        ("Halv pris på første gang", "Halv pris"),
        ("Black Friday hos os", "Black Friday"),
        ("Klinisk bevist metode", "Klinisk bevist"),
        ("En unik metode", "unik metode"),
        ("Helt uden bivirkninger", "Helt uden bivirkninger"),
    ],
)
def test_what_a_clinic_may_not_write(text, words):
    found = problems(text)
    assert words.casefold() in " | ".join(problem.words for problem in found).casefold()
    assert all(problem.text.startswith("“") and problem.text.endswith(".") for problem in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ring bedst mellem kl. 8 og 10.",
        "Vi giver dig et tilbud om træning på hold.",
        "Parkering er gratis den første time.",
        "Vederlagsfri fysioterapi er gratis for dig.",
        "Temperaturen må falde til -5 grader.",
        "Bivirkninger er sjældne.",
        "Er du 100 procent sengeliggende, kommer vi hjem til dig.",
        "Vælg den tid, der passer dig bedst.",
        "Vi hjælper dig bedst muligt.",
        "Det er bedst at komme i løst tøj.",
        "Du må sparke til bolden efter seks uger.",
        "Spark, løb og hop",
        "Vi har en sparringspartner i hvert team. Sparring giver læring.",
        "Du skal spare på kræfterne. Spar på kræfterne den første uge.",
        "Ingen rabatter og ingen pakker.",
        "Vi giver ingen garanti for, at smerten forsvinder.",
        "Fysioterapi helbreder ikke slidgigt, men kan gøre hverdagen lettere.",
        "Betalingsgaranti fra forsikringen sendes til os før første gang.",
        "Før du kommer, skal du hvile. Nu kan du bestille tid.",
        "Kom 10 minutter før kl. 8, nu hvor døren er låst.",
        "Klinikken ligger på 1. sal, nr. 1, 2. th.",
        "Behandlingstilbud: manuel behandling og hold.",
        "Du kan få tilskud fra “danmark”.",
        "Afbud senest kl. 12 dagen før, ellers betaler du den fulde pris.",
        "Vi undersøger dig, lægger en plan og følger op.",
        "Hold for bedsteforældre",
        "Vi kommer kun i hjemmet om tirsdagen.",
    ],
)
def test_ordinary_danish_is_left_alone(text):
    assert problems(text) == []
    assert message(text) == ""


def test_each_wording_is_named_once_in_the_order_of_the_text():
    text = "Vi er bedst. Få rabat. Vi er bedst. Kun i dag."
    words = [problem.words for problem in problems(text)]
    assert words == [*dict.fromkeys(words)]
    assert [word for word in ("bedst", "rabat", "Kun i dag") if any(word in one for one in words)] == [
        "bedst",
        "rabat",
        "Kun i dag",
    ]
    assert message(text).count("må ikke stå her") == len(words)


def test_what_is_denied_in_one_sentence_is_not_denied_in_the_next():
    assert problems("Vi giver ingen garanti. Vi garanterer, at du får det bedre.")


@pytest.mark.parametrize(
    "text",
    [
        "spar " * 5000,
        "før 1" + "." * 20_000,
        "bedst," * 4000,
        "smertefri " * 3000,
        "é" * 20_000,
        " " * 20_000 + "x",
        ". " * 10_000,
    ],
)
def test_a_hostile_text_takes_no_time(text):
    assert seconds(lambda: problems(text), 1) < 800 * moment()


def test_every_rule_is_whole():
    assert {claim.level for claim in claims.claims()} <= {"error", "warning", "advice"}
    assert all(claim.find.pattern and claim.why for claim in claims.claims())
    assert any(claim.clinics for claim in claims.claims()) and not all(claim.clinics for claim in claims.claims())
