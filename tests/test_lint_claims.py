"""Claims as two tables: what nobody may say about a treatment or a clinic, and ordinary Danish with the same words."""

import pytest

from articles.document import parse
from articles.lint import claims
from articles.lint.finding import Finding
from articles.lint.passages import Reading
from articles.models import Article


def claimed(text: str) -> list[Finding]:
    return list(claims.made(Reading(Article(slug="proeve", title="Prøve"), parse(text))))


@pytest.mark.parametrize(
    "text",
    [
        "Find Danmarks bedste fysioterapeut her.",
        "Vi har de bedste behandlere.",
        "Vi er bedst.",
        "FysFinder er den billigste.",
        "Kåret som bedst i test.",
        "Få den bedste pris.",
        "Klinikken er nr. 1 på Fyn.",
        "Vi er nummer et.",
        "Landets førende klinik.",
        "Vi giver garanti for bedring.",
        "Pengene tilbage, hvis det ikke virker.",
        "Vi garanterer, at du får det bedre.",
        "Du får et garanteret resultat.",
        "Bedringen er garanteret.",
        "Fysioterapi helbreder iskias.",
        "Behandlingen kan helt helbrede dig.",
        "Det er en mirakelkur.",
        "Bliv smertefri på én gang.",
        "Du er smertefri efter to behandlinger.",
        "Smertefri for altid.",
        "Slip af med smerterne for altid.",
        "Metoden er 100 % effektiv.",
        "Helt uden bivirkninger.",
        "Det virker altid.",
        "Det er klinisk bevist.",
        "En revolutionerende behandling.",
        "Spar 40 % på dit forløb.",
        "Spar penge hos os.",
        "Få 20 % rabat.",
        "Se vores introtilbud.",
        "Book nu!",
        "Billigste fysioterapi i byen.",
        "Gratis første konsultation.",
    ],
)
def test_claims_that_nobody_may_make(text):
    assert len(claimed(text)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "Det er bedst at vente, til smerten er væk.",
        "Vælg den stilling, der passer bedst til dig, og det, som føles bedst.",
        "Træning er en af de bedste veje til langvarig forbedring.",
        "Hvad er den bedste behandling mod iskias?",
        "Det bedste, din fysioterapeut kan gøre, er at lytte.",
        "Vi ved, at det er bedst at holde sig i gang.",
        "Øvelse nr. 1 er den letteste. Trin nummer 1 tager en uge.",
        "Den hyppigste årsag nr. 1 er overbelastning.",
        "Der er ingen garanti for, at det virker.",
        "Det er ikke garanteret.",
        "Ingen kan garantere, at smerten forsvinder.",
        "Vi garanterer ikke noget.",
        "Du har garanteret prøvet det før.",
        "Behandlingsgarantien gælder ikke her. Udredningsretten gør.",
        "Kan fysioterapi helbrede iskias?",
        "Fysioterapi helbreder ikke slidgigt.",
        "Det er ikke sikkert, at massage helbreder noget.",
        "Fuldstændig helbredelse afhænger af årsagen, og dit helbred er vigtigt.",
        "Slidgigt kan ikke helbredes.",
        "Begynd, når du kan gå smertefrit, og vent, til du er smertefri.",
        "Der findes ingen mirakelkur.",
        "Spar på kræfterne, og spar knæet.",
        "Prøv først med puder, for det er billigere.",
        "Ring nu. Bestil tid hos din egen læge.",
        "Medicinen fjerner ikke proppen her og nu.",
        "Intet virker altid.",
        "Virker det altid?",
        "Kommunal genoptræning er gratis.",
        "Tal med lægen om bivirkninger.",
    ],
)
def test_ordinary_danish_is_no_claim(text):
    assert claimed(text) == []


def test_a_claim_is_told_with_its_reason():
    (finding,) = claimed("Spar 40 % nu.")
    assert (finding.level, finding.code, finding.line) == ("error", "claim", 1)
    assert "lov om markedsføring af sundhedsydelser § 2" in finding.text
