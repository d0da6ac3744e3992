"""What one sentence says: how urgent something is, and which self-help it recommends. The tables to extend."""

import pytest

from articles.safety.selfhelp import recommended
from articles.safety.urgency import WAIT, stated, weaker

# --- How urgent the text says it is -----------------------------------------------------------------------------------

STATED = """\
112           Ring 112 nu.
112           Kan det være alvorligt, så kræver det øjeblikkelig hjælp (ring 112).
112           Kontakt lægen, eller ring 112, hvis du besvimer.
112           Bestil en ambulance.
doctor_now    Kontakt lægevagten.
doctor_now    Ring til 1813 eller 1818.
doctor_now    Tag på skadestuen.
doctor_now    Søg akut hjælp.
doctor_now    Kontakt læge akut.
doctor_now    Det bør vurderes akut.
doctor_now    Søg læge straks, hvis du mister følelsen.
doctor_now    Søg læge hurtigst muligt.
doctor_now    Søg straks ved ensidig hævelse.
doctor_now    Det kræver akut vurdering.
doctor_now    Ring til din læge med det samme.
doctor_now    Få vurdering af fagperson, akut ved kraftig hævelse.
doctor_soon   Det kræver hurtig vurdering.
doctor_soon   Det bør føre til hurtig lægevurdering.
doctor_soon   Kontakt din læge samme dag.
doctor_soon   Akutte røde flag kræver hurtig kontakt til sundhedsvæsenet.
doctor_soon   Så bør du få det vurderet hurtigt.
own_doctor    Tal med din læge.
own_doctor    Kontakt også din læge, hvis det bliver værre.
own_doctor    Ved akut iskias bør du kontakte din egen læge.
own_doctor    Så bør du få det vurderet.
own_doctor    Søg hjælp, hvis det bliver ved.
own_doctor    Kontakt fysioterapeut eller læge.
own_doctor    Kontakt straks en fysioterapeut eller læge.
own_doctor    Du bør gå til lægen og få det undersøgt.
physio        Kontakt en fagperson.
physio        Kontakt straks din fysioterapeut.
physio        Bestil tid hos en fysioterapeut.
physio        Så bør du få en faglig vurdering.
physio        Spørg din kiropraktor.
wait          Se tiden an.
wait          Det er som regel helt ufarligt.
wait          Du behøver ikke ringe 112.
wait          Det er ikke nødvendigt at kontakte læge.
wait          Vent et par dage, og se, om det går over af sig selv.
own_doctor    Vent ikke med at kontakte din læge.
112           Tøv ikke med at ringe 112.
112           Kramper er ofte ufarlige, men ring 112 ved åndenød.
-             En fysioterapeut kan vurdere, om det kommer fra ryggen.
-             Lægen kan tage en blodprøve.
-             Stræk benet i 30 sekunder.
-             Smerten er akut og stikkende.
-             Kramperne kommer hurtigt og går væk igen.
"""


@pytest.mark.parametrize("row", STATED.splitlines())
def test_the_urgency_that_a_sentence_states(row):
    urgency, sentence = row.split(maxsplit=1)
    assert stated(sentence) == ("" if urgency == "-" else urgency)


def test_what_is_weaker():
    assert weaker("doctor_now", "112")
    assert not weaker("112", "doctor_now")
    assert not weaker("", "112"), "a sentence that sends nobody anywhere says nothing about urgency"
    assert weaker(WAIT, "doctor_soon")
    assert not weaker(WAIT, "own_doctor"), "of what can wait, 'often harmless' may be true"


# --- Self-help --------------------------------------------------------------------------------------------------------

SELFHELP = """\
massage           Massér læggen roligt.
massage           Masser læggen i to minutter.
massage           Du kan massere musklen.
massage           Let massage kan løsne spændinger.
massage           Foam rolling af læggen kan løsne spændte muskler.
massage           Rul læggen over en foamroller.
massage           Brug en massagepistol.
massage           Det er ikke farligt at massere benet.
massage           Hvis det ikke hjælper, kan massage løsne musklen.
massage           For at undgå kramper kan du massere læggen hver aften.
massage           Undgå at sidde stille, og massér læggen.
massage           Fysioterapeuten anbefaler, at du masserer benet.
heat              Brug varme på benet.
heat              Læg en varmepude på.
heat              Et varmt bad løsner musklen.
heat              Is eller varme kan hjælpe.
heat              Brug varme, hvis benet er hævet.
heat              Rolig aktivitet, varme, let mobilisering.
heat massage      Undgå kulde, og brug varme og massage.
training          Træn benene hver dag.
training          Styrketræning tre gange om ugen.
cracking          Knæk selv nakken, når den er stiv.
through_pain      Bid smerten i dig, og fortsæt.
stopping_medicine  Stop med din medicin i en uge.
-                 Massér ikke benet.
-                 Undgå massage.
-                 Undgå massage, varme og foam rolling.
-                 Undgå kraftig massage af det mistænkte område.
-                 Brug ikke varme, massage eller foam rolling.
-                 Forsøg ikke at selvbehandle med varmepakninger eller masser kraftigt, før du har været hos lægen.
-                 Massage bør undgås.
-                 Massér slet ikke, hvis benet er hævet.
-                 Lad være med at massere læggen.
-                 Vent med massage de første dage.
-                 Varme og let massage kan være rart, men ikke ved mistanke om blodprop.
massage           Massér læggen, men ikke for hårdt.
-                 Massage frarådes.
-                 Varme må ikke bruges.
-                 Massage er først aktuelt, når din læge har sagt god for det.
-                 Behandlingen hos en fysioterapeut kan bestå af massage.
-                 Drik masser af vand.
-                 Varm op, før du løfter.
-                 Husk at varme ordentligt op.
-                 Hævelse, rødme og varme kan være tegn på en blodprop.
-                 Huden er rød, og der er varme i benet.
-                 Behandlingen fortsætter i løbet af ugen.
-                 Stop ikke med din medicin.
"""


@pytest.mark.parametrize("row", SELFHELP.splitlines())
def test_the_self_help_that_a_sentence_recommends(row):
    names, sentence = row.split("  ", maxsplit=1)
    assert recommended(sentence.strip()) == set(names.split()) - {"-"}
