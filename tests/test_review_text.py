"""What is found in a review, and what is not: false alarms cost a patient more than a miss, which a moderator reads anyway."""

import pytest

from clinics.models import Practitioner
from clinics.reviews.text_checks import (
    Checked,
    check,
    checked,
    cleaned,
    is_negative,
    names_of,
)
from tests.people import clinic

PEOPLE = (
    "Mette Hansen",
    "Per Lund",
    "Åse Kjærgaard",
    "Bo Lange",
    "Anne-Marie af Rosenborg",
    "Liv Jensen",
    "Søren Eksempel",
    "André Michaelsen",
)


def found(text: str, **options: object) -> list[tuple[str, str]]:
    """Kind and words of each finding."""
    plain = cleaned(text)
    return [(one.kind, plain[one.start : one.end]) for one in check(text, **options)]


def in_negative(text: str) -> list[str]:
    return [words for kind, words in found(text, names=PEOPLE, is_negative=True) if kind == "name"]


@pytest.mark.parametrize(
    "text",
    [
        "Jeg var der 12 gange på 3 måneder, og det hjalp.",
        "Tiden var kl. 13.30, men jeg kom først ind kl. 14.15.",
        "Åbent 08.00-16.00, torsdag 20.30-21.15 og fredag 07:30 - 12:00.",
        "Diskusprolaps i L4/L5 og L5/S1, opereret 2019.",
        "Jeg gik der 2024-2025 og igen 2026.",
        "Fra 2023 - 2024 havde jeg ondt hver dag.",
        "Det kostede 450 kr. første gang og 325,50 kr. derefter.",
        "Jeg begyndte 12.10.25. 1500 kr. kostede det, og 12.11.25 (1500 kr.) igen.",
        "Prisen gik fra 2.250-2.500 kr., altså 2250-2500 kr. i alt.",
        "Jeg har brugt 12.500 kr. på et år, kr. 2250 - 2750 i kvartalet.",
        "MR-scanning, MRI, CT og røntgen. ACL, PCL og MCL er syet.",
        "3 x 10 gentagelser med 20 kg, så 3 x 12 med 15-20 kg.",
        "20-30-40-50 kg i benpres.",
        "Jeg går 6000-8000 skridt om dagen nu.",
        "Besøgt 24.10.2025 og 30/10-2025; opfølgning 2025-11-24.",
        "Den 24.10.2025, 12.30 fik jeg endelig en tid.",
        "Tid den 01.02.2026 kl. 16.30 hos en fysioterapeut.",
        "10 ud af 10! 5 stjerner, 100 % tilfreds.",
        "Postnumre 2100-2200, ca. 15 min. fra station.",
        "Ring 112, hvis det er akut. Lægevagten er 1813.",
        "Jeg er 67 år, og min mand er 71.",
        "Dvs. bl.a. øvelser m.m., f.eks. for knæ og hofte o.s.v.",
        "God behandling.De er søde og dygtige.Nu har jeg ikke ondt.",
        "god klinik.de er gode til knæ, og det hjalp.nu løber jeg igen.",
        "Først var det slemt.så blev det bedre.se også min første anmeldelse.",
        "Åbent ma.ti.on.to.fr og lidt lørdag.",
        "Jeg fandt dem på sundhed.dk og på www.sundhed.dk. Prøv fysfinder.dk!",
        "Se https://www.borger.dk for reglerne om tilskud.",
        "Dårlig kommunikation, punktum. De var søde nok.",
        "Det var for dyrt punktum. Og det er det.",
        "De siger at klinikken har plads. Jeg tror at det passer.",
        "Tak, fordi du tog dig tid til at skrive. Det glæder os. Nemt at bestille. App'en er god.",
        "Jeg nåede ikke at sige.De lyttede ikke, og jeg valgte at stoppe punktum de var ligeglade.",
        "Det er svært at nå.se bare her. Let at komme til. Io og Eu siger det samme.",
        "Spørgsmål (a) og (b) fik jeg svar på. Punkt a. Det gik fint.",
        "Vi ses @ klinikken næste år.",
        "Øvelserne talte vi højt: to, tre, fire, fem, seks, syv, otte, ni.",
        "en, to, en, to, en, to, en, to, siger hun, når vi går.",
        "Ti, tyve, tredive, fyrre gentagelser er for mange.",
        "IKKE godt. ALDRIG igen.",
        "ACL, MCL og PCL. MR, CT, UL og EMG. GLA:D og HIIT.",
        "Knæ: ACL MCL PCL. Hofte: FAI CT MR UL.",
        "Tak!!! Det var fantastisk!! Hvorfor kom jeg ikke før???",
        "L4 L5 S1 C5 C6 C7 TH12",
        "½ time, 1½ time og ⅓ af prisen. H₂O og 25 m².",
        "1.-3. gang var gratis/2. gang 150,-",
        "Klinikken ligger på 2. sal, Nørrebrogade 12B, 2200 København N.",
        "Puls 140-160, blodtryk 130/85-140/90.",
        "Yder nr. 031234 står på døren.",
        "CVR 25313763 står på regningen.",
        "De brugte 45 min. + 15 min. + 30 min. på mig.",
        "Det gik fra 8/10 til 2/10 på 6-8 uger.",
        "Дуже добре, дякую! Όλα ήταν καλά.",
        "شكرا جزيلا، كان العلاج ممتازا.",
        "Çok teşekkürler, Işık! Rất tốt, cảm ơn.",
        "Super behandling 👍🏽😀 ❤️ 10/10",
    ],
)
def test_honest_danish_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mit cpr er 010190-1234, skriv det op.", "010190-1234"),
        ("CPR 0101901234", "0101901234"),
        ("Jeg er (010190) 1234.", "010190) 1234"),
        ("Jeg er 010190 (1234).", "010190 (1234"),
        ("Jeg er 010190 * 1234.", "010190 * 1234"),
        ("Jeg er 010190 -- 1234.", "010190 -- 1234"),
        ("Jeg er 010190 1 2 3 4.", "010190 1 2 3 4"),
        ("Jeg er 01.01.1990; 1234.", "01.01.1990; 1234"),
        ("Jeg er o1ol9o-1234.", "o1ol9o-1234"),
        ("født 01.01.1990 1234 i Viborg", "01.01.1990 1234"),
        ("610190-1234", "610190-1234"),
        ("01 01 90 12 34", "01 01 90 12 34"),
        ("nr 0 1 0 1 9 0 1 2 3 4 altså", "0 1 0 1 9 0 1 2 3 4"),
        ("０１０１９０-1234", "010190-1234"),
        ("0101\u200b90\u2011\u206212\u034f34", "010190\u20111234"),
        ("٠١٠١٩٠-١٢٣٤", "٠١٠١٩٠-١٢٣٤"),
        ("0̶1̶0̶1̶9̶0̶-1234", "010190-1234"),
        ("①②0190 1234", "120190 1234"),
    ],
)
def test_cpr_numbers(text, words):
    assert found(text) == [("cpr", words)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ring til mig på 86121212 i aften", "86121212"),
        ("86 12 12 12", "86 12 12 12"),
        ("8612 1212", "8612 1212"),
        ("8612-1212", "8612-1212"),
        ("86-12-12-12", "86-12-12-12"),
        ("86.12.12.12.", "86.12.12.12"),
        ("86/12/12/12", "86/12/12/12"),
        ("86 121212", "86 121212"),
        ("86 121 212", "86 121 212"),
        ("861 212 12", "861 212 12"),
        ("8 6 1 2 1 2 1 2", "8 6 1 2 1 2 1 2"),
        ("86 * 12 * 12 * 12", "86 * 12 * 12 * 12"),
        ("(86) 12 12 12", "86) 12 12 12"),
        ("Ring 20252024", "20252024"),
        ("mobil: 24 10 20 25", "24 10 20 25"),
        ("tlf. 12 34 56 78", "12 34 56 78"),
        ("tlf:86121212", "86121212"),
        ("+45 86 12 12 12", "+45 86 12 12 12"),
        ("0045 86121212", "0045 86121212"),
        ("+4586121212", "+4586121212"),
        ("min søster i Malmö: +46 70 123 45 67", "+46 70 123 45 67"),
        ("86 12 12 12 min kone svarer", "86 12 12 12"),
        ("Skriv på 86 12 12 12, 10 gange hvis nødvendigt", "86 12 12 12"),
        ("８６ １２ １２ １２", "86 12 12 12"),
        ("86\u200b12\u200b12\u200b12", "86121212"),
        ("86\u00a012\u00a012\u00a012", "86 12 12 12"),
        ("86·12·12·12", "86·12·12·12"),
        ("8️⃣6️⃣1️⃣2️⃣1️⃣2️⃣1️⃣2️⃣", "8️⃣6️⃣1️⃣2️⃣1️⃣2️⃣1️⃣2"),
        ("⁸⁶ ¹² ¹² ¹²", "⁸⁶ ¹² ¹² ¹²"),
        ("seksogfirs tolv tolv tolv", "seksogfirs tolv tolv tolv"),
        ("nummeret: Otte, seks, en, to, en, to, en, to!", "Otte, seks, en, to, en, to, en, to"),
        ("86 tolv 12 tolv", "86 tolv 12 tolv"),
    ],
)
def test_telephone_numbers(text, words):
    assert found(text) == [("phone", words)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Skriv til mette@klinik.dk, så svarer hun", "mette@klinik.dk"),
        ("Mette.Hansen+x@mail.klinik.co.uk.", "Mette.Hansen+x@mail.klinik.co.uk"),
        ("mette @ klinik . dk", "mette @ klinik . dk"),
        ("mette@klinik", "mette@klinik"),
        ("mette (snabel-a) klinik punktum dk", "mette (snabel-a) klinik punktum dk"),
        ("mette snabela gmail punktum com", "mette snabela gmail punktum com"),
        ("mette snabel a gmail", "mette snabel a gmail"),
        ("mette[at]klinik[dot]dk", "mette[at]klinik[dot]dk"),
        ("mette (at) klinik (punktum) dk", "mette (at) klinik (punktum) dk"),
        ("mette at klinik prik dk", "mette at klinik prik dk"),
        ("mette punktum hansen (a) klinik.dk", "mette punktum hansen (a) klinik.dk"),
        ("mette＠klinik．dk", "mette@klinik.dk"),
        ("mеttе@klіnіk.dk", "mette@klinik.dk"),
        ("m\u200bette\u2060@kli\u00adnik.dk", "mette@klinik.dk"),
        ("mail: øjvind@ærø.dk", "øjvind@ærø.dk"),
        ("info@sundhed.dk", "info@sundhed.dk"),
    ],
)
def test_email_addresses(text, words):
    assert found(text) == [("email", words)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Læs mere på https://klinik.example/side?x=1 nu", "https://klinik.example/side?x=1"),
        ("http://klinik.dk", "http://klinik.dk"),
        ("hxxps://klinik.dk/x", "hxxps://klinik.dk/x"),
        ("www.klinik.dk er god", "www.klinik.dk"),
        ("www . klinik.dk", "www . klinik.dk"),
        ("gå til klinik.dk i stedet", "klinik.dk"),
        ("KLINIK.DK: nej tak", "KLINIK.DK"),
        ("bit.ly/abc", "bit.ly/abc"),
        ("ny-klinik.com.", "ny-klinik.com"),
        ("Prøv fysio.nu", "fysio.nu"),
        ("Prøv fysio.nu.", "fysio.nu"),
        ("klinik.de/knæ er bedre", "klinik.de/knæ"),
        ("klinikken punktum dk", "klinikken punktum dk"),
        ("klinikken (dot) dk", "klinikken (dot) dk"),
        ("klinikken[.]dk", "klinikken[.]dk"),
        ("klinikken . dk", "klinikken . dk"),
        ("klinikken .dk", "klinikken .dk"),
        ("kІіnік.dk", "kIinik.dk"),
        ("klinik。dk", "klinik。dk"),
        ("Find mig på @mette_fys", "@mette_fys"),
        ("https://www.sundhed.dk.ond.example", "https://www.sundhed.dk.ond.example"),
        ("ond.dk/www.sundhed.dk", "ond.dk/www.sundhed.dk"),
    ],
)
def test_web_addresses(text, words):
    assert found(text) == [("url", words)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mette var hård ved mig.", ["Mette"]),
        ("mette hansen lyttede ikke", ["mette hansen"]),
        ("METTE HØRTE IKKE", ["METTE"]),
        ("Mette K. Hansens tone var grim", ["Mette K. Hansens"]),
        ("Hansen var grov, og hansens kollega med", ["Hansen", "hansens"]),
        ("M e t t e og M.E.T.T.E er den samme", ["M e t t e", "M.E.T.T.E"]),
        ("Mеttе med kyrilliske bogstaver", ["Mette"]),
        ("Меттe var sur", ["Mette"]),
        ("M\u200bet\u2060te", ["Mette"]),
        ("M̶e̶t̶t̶e̶ var sur", ["Mette"]),
        ("𝓜𝓮𝓽𝓽𝓮 var sur", ["Mette"]),
        ("Aase og Åse og åses kollega", ["Aase", "Åse", "åses"]),
        ("Kjaergaard kom for sent", ["Kjaergaard"]),
        ("andre gange var André sur", ["andre", "André"]),
        ("Anne-Marie, anne marie Rosenborg", ["Anne-Marie", "anne marie Rosenborg"]),
        ("Michælsen", ["Michælsen"]),
        # What is a word too counts as a name inside a sentence, with a capital letter.
        ("Jeg mødte Per, som ikke hilste", ["Per"]),
        ("450 kr. per gang. Per gang er det dyrt.", []),
        ("Per Lund var uhøflig", ["Per Lund"]),
        ("Fx får man et eksempel. Eksempel: knæ. Søren Eksempel og Eksempel selv", ["Søren Eksempel", "Eksempel"]),
        ("Lange ventetider, og lange øvelser", []),
        ("Jeg bor i Lund. Liv og glade dage! Hele mit liv.", ["Lund"]),
        ("Bo kom for sent. Her vil jeg ikke bo, sagde Bo Lange.", ["Bo Lange"]),
        ("Metter mig ikke, og Hansengade er lukket. smette ind", []),
        ("Behandleren lyttede ikke.", []),
    ],
)
def test_names_of_those_who_treat(text, names):
    assert in_negative(text) == names


def test_names_may_stand_in_praise():
    assert found("Mette er fantastisk, tak Mette Hansen!", names=PEOPLE) == []
    assert [is_negative(stars) for stars in (1, 2, 3, 4, 5)] == [True, True, True, False, False]


@pytest.mark.parametrize("name", ["", " ", ".", "-", "X", "Dr.", "Ⅿette", "(", "a|b", "Mette " * 40, "\\", "李"])
def test_whatever_a_name_is(name):
    check("Hvad som helst kan stå her: (a|b) \\ - X.", names=[name], is_negative=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KOM ALDRIG HER", "KOM ALDRIG HER"),
        ("Jeg siger: DET VAR DET VÆRSTE, JEG HAR PRØVET! Punktum.", "DET VAR DET VÆRSTE, JEG HAR PRØVET"),
        ("DE SAGDE I TELEFONEN NEJ", "DE SAGDE I TELEFONEN NEJ"),
    ],
)
def test_shouting(text, words):
    assert found(text) == [("shouting", words)]


def test_more_marks_than_anybody_needs():
    assert found("Hvorfor???!!!") == [("marks", "???!!!")]


def test_a_whole_text_in_its_order():
    text = "Mette sagde: skriv til mette@klinik.dk eller ring 86 12 12 12 (www.klinik.dk). 010190-1234. KOM ALDRIG HER MERE"
    findings = check(text, names=PEOPLE, is_negative=True)
    assert [one.kind for one in findings] == ["name", "email", "phone", "url", "cpr", "shouting"]
    assert [one.blocks for one in findings] == [False, True, True, True, True, False]
    assert all(one.message.endswith(".") for one in findings)


def test_what_blocks_and_what_may_be_sent_with_a_tick():
    assert (checked("Ring 86 12 12 12").blocks, checked("Ring 86 12 12 12").warns) == (True, False)
    assert (checked("KOM ALDRIG HER").blocks, checked("KOM ALDRIG HER").warns) == (False, True)
    assert checked("KOM ALDRIG HER, RING 86 12 12 12").blocks and not checked("KOM ALDRIG HER, RING 86 12 12 12").warns
    assert not checked("Godt.").blocks and not checked("Godt.").warns and not checked("").findings


@pytest.mark.django_db
def test_the_names_of_a_clinic():
    here = clinic("Ryggen", "Aarhus C")
    for place, name in enumerate(["Mette Hansen", "Per Lund", "Mette Hansen"]):
        Practitioner.objects.create(clinic=here, name=name, position=place)
    assert names_of(here) == ["Mette Hansen", "Per Lund"]
    assert checked("Mette var sur", names=names_of(here), is_negative=True) == Checked(
        "Mette var sur", tuple(check("Mette var sur", names=["Mette Hansen"], is_negative=True))
    )
