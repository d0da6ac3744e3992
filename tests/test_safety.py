"""What an article's sentences say about danger: how urgent, which signs, and which self-help a flag forbids."""

import pytest

from articles import frontmatter, safety
from articles.document import parse
from articles.safety.findings import Reading
from clinics.models import RedFlag
from fysfinder.demo import ARTICLES

from .article_files import REAL, needs_real_articles
from .registry import document, flag, flags, keys_of

# --- Which flags a sentence describes ---------------------------------------------------------------------------------

DESCRIBED = """\
lungeemboli                       Ring 112, hvis du får pludselig åndenød.
lungeemboli hjerte                Brystsmerter og åndedrætsbesvær er alvorlige tegn.
blodprop-i-benet                  Ensidig hævelse, rødme og varme kan være tegn på en blodprop.
blodprop-i-benet                  Er dit ene ben hævet, skal du til læge.
blodprop-i-benet                  Tydelig hævelse eller rødme i benet kræver en læge.
blodprop-i-benet                  Kramper er godartede, medmindre de følges af svaghed i musklen, vedvarende hævelse eller rødme.
blodprop-i-benet                  Har du mistanke om DVT, så ring.
cauda-equina                      Følelsesløshed i skridtet er et faresignal.
cauda-equina                      Problemer med at tisse kan skyldes tryk på nerverne.
cauda-equina                      Tab af kontrol over blære eller tarm er alvorligt.
cauda-equina                      Svært ved at tømme blæren eller tarmen.
svaghed-i-benet                   Kraftigt tiltagende muskelsvaghed bør tages alvorligt.
feber-og-smerter                  Feber sammen med rygsmerter skal undersøges.
vaegttab                          Uforklarligt vægttab er et advarselstegn.
tidligere-kraeft                  Det gælder især, hvis du har haft kræft.
nattesmerter vaegttab feber-og-smerter    Feber, dramatisk vægttab eller markant nattesmerter.
ny-medicin                        Begyndte kramperne samtidig med ny medicin?
stop-ikke-medicin                 Stop ikke medicin uden lægens anbefaling.
smertestillende                   Paracetamol kan hjælpe, men tal med din læge ved tvivl.
ingen-massage-eller-varme         Undgå massage af benet ved mistanke om en blodprop.
stop-ved-skarp-smerte             Stop øvelsen ved skarp smerte.
ikke-bedre                        Er det ikke bedre efter seks uger, så bestil tid.
-                                 Træk knæet mod brystet, til du mærker en let smerte i balden.
-                                 Et vægttab kan aflaste dine knæ.
-                                 Drik rigeligt med vand.
-                                 Kom roligt i gang igen efter en blodprop.
-                                 Øg langsomt, og hold pauser undervejs.
"""


@pytest.mark.parametrize("row", DESCRIBED.splitlines())
def test_the_flags_that_a_sentence_describes(row):
    *keys, sentence = row.split("  ", maxsplit=1)
    wanted = set(keys[0].split()) - {"-"}
    found = {one.flag.key for one in safety.suggest_flags(document(sentence.strip()), flags())}
    assert wanted <= found if wanted else not found, found


def test_svaghed_in_the_arm_is_not_the_legs():
    found = safety.suggest_flags(document("Tiltagende svaghed i armen er et tegn."), flags())
    assert "svaghed-i-benet" not in {one.flag.key for one in found}


def test_a_suggestion_has_the_sentence_its_line_and_the_urgency_of_the_text():
    text = "Om ben.\n\n## Hvornår?\n\nLet ømhed er normalt. Kontakt en fagperson, hvis benet er rødt, varmt og hævet.\n"
    (found,) = [one for one in safety.suggest_flags(document(text), flags()) if one.flag.key == "blodprop-i-benet"]
    assert found.sentence == "Kontakt en fagperson, hvis benet er rødt, varmt og hævet."
    assert (found.line, found.urgency) == (5, "physio")


def test_each_flag_is_suggested_once_with_the_sentence_that_says_most():
    text = "Åndenød er et tegn.\n\nÅndenød kan komme pludseligt. Ring 112 ved åndenød."
    (found,) = safety.suggest_flags(document(text), flags())
    assert (found.sentence, found.urgency) == ("Ring 112 ved åndenød.", "112")


def test_an_editors_own_flag_is_found_by_its_terms():
    own = flag("hjerte").__class__(key="egen", group="E", urgency="112", text="x", terms=["blå finger / blå tå"])
    assert [one.flag.key for one in safety.suggest_flags(document("En blå tå er farlig."), [own])] == ["egen"]


# --- Where the text is weaker -----------------------------------------------------------------------------------------


def places(text: str, *, in_force=()):
    return safety.collisions(document(text), flags(), in_force)


def weak(text: str) -> set[str]:
    return {place["flag"] for place in places(text) if place["kind"] == "weaker"}


@pytest.mark.parametrize(
    "text",
    [
        "Kontakt fagperson, hvis benet er rødt, varmt og hævet.",
        "Et rødt, varmt og hævet ben kan en fysioterapeut se på: bestil tid hos fysioterapeuten.",
        "Bliver det ene ben hævet og rødt? Så kontakt din fysioterapeut.",
        "Kontakt din fysioterapeut, hvis:\n\n- det ene ben er rødt og hævet\n- det gør ondt\n",
        "Kontakt din læge, hvis:\n\n1. du er træt\n2. det ene ben er hævet\n",
        "## Hvornår skal jeg kontakte en fysioterapeut?\n\nHvis det ene ben er hævet og varmt.",
        "| Tegn | Hvornår skal du søge hjælp |\n|---|---|\n| Træt | Aldrig |\n| Ben | Hvis det ene ben er hævet |",
        "| Tegn | Hvad du gør |\n|---|---|\n| Ensidig hævelse og rødme | Kontakt en fysioterapeut |",
        "Et hævet ben er som regel ufarligt.",
        "Se tiden an, hvis det ene ben er hævet.",
        "Du behøver ikke søge læge, når benet er hævet og rødt.",
        "Er benet hævet, bør du få det vurderet.",
        "Kontakt en fagperson ved hævelse i benet, men ring 112 ved bevidstløshed.",
        "Ved hævelse af det ene ben kontaktes egen læge inden for få dage.",
        "Tal med din fysioterapeut ved smerter. Det samme gælder, hvis det ene ben er hævet.",
    ],
)
def test_a_swollen_leg_that_is_not_sent_to_a_doctor_at_once(text):
    assert "blodprop-i-benet" in weak(text)


@pytest.mark.parametrize(
    "text",
    [
        "Søg læge straks, hvis benet er rødt, varmt og hævet.",
        "Kontakt læge akut ved ensidig hævelse, eller ring 112.",
        "Søg akut læge, hvis:\n\n- det ene ben er hævet\n- du får feber\n",
        "Bliver det ene ben hævet? Ring til lægevagten.",
        "| Tegn | Hvad du gør |\n|---|---|\n| Ensidig hævelse og rødme | Kontakt læge akut |",
        "Hvis benet er hævet og varmt, kan det være en blodprop.",
        "Hævelse af det ene ben er et tegn på DVT. En fysioterapeut kan hjælpe med øvelser.",
        "Tøv ikke med at ringe til lægevagten, hvis benet er hævet.",
        "Ring til læge med det samme ved feber. Det gælder også, hvis det ene ben er hævet.",
        "Ring til læge med det samme ved feber. Ring også, hvis det ene ben er hævet.",
        "Ring også med det samme, hvis det ene ben er hævet.",
    ],
)
def test_a_text_that_is_urgent_enough_or_says_nothing_about_it(text):
    assert "blodprop-i-benet" not in weak(text)


def test_breathlessness_is_112_even_when_the_rest_of_the_sentence_is_right():
    text = "Kontakt lægevagten ved hævelse af det ene ben eller ved åndenød."
    assert weak(text) == {"lungeemboli"}


def test_what_is_right_for_one_sign_is_not_right_for_all():
    assert weak("Ring 112 ved åndenød, men kontakt en fagperson ved hævelse af det ene ben.") == {"blodprop-i-benet"}


def test_a_place_says_where_and_why():
    (place,) = places("Om ben.\n\n## Hvornår skal jeg søge hjælp?\n\nKontakt fagperson, hvis det ene ben er hævet.\n")
    words = "Kontakt fagperson, hvis det ene ben er hævet."
    assert place.pop("fingerprint") == safety.fingerprint(flag("blodprop-i-benet"), words)
    assert place == {
        "flag": "blodprop-i-benet",
        "kind": "weaker",
        "section": "hvornaar-skal-jeg-soege-hjaelp",
        "item": "",
        "part": "section",
        "sentence": "Kontakt fagperson, hvis det ene ben er hævet.",
        "line": 5,
        "urgency": "doctor_now",
        "stated": "physio",
    }


def test_the_fingerprint_is_of_flag_and_words():
    def of(words: str, key: str = "a", urgency: str = "own_doctor", kind: str = "seek") -> str:
        return safety.fingerprint(RedFlag(key=key, urgency=urgency, kind=kind), words)

    one = of("Massér  Læggen.")
    assert one == of("massér læggen")
    assert one not in {of("massér låret"), of("massér læggen", key="b")}
    assert one not in {of("massér læggen", urgency="112"), of("massér læggen", kind="avoid")}


# --- Self-help --------------------------------------------------------------------------------------------------------


def colliding(text: str, *in_force: str) -> list[str]:
    return [place["flag"] for place in places(text, in_force=in_force) if place["kind"] == "collides"]


def test_a_flag_forbids_what_it_says_and_only_where_it_stands():
    avoid = "ingen-massage-eller-varme"
    assert colliding("Massér læggen, og brug varme.", avoid) == [avoid]
    assert colliding("Massér læggen, og brug varme.") == []
    assert colliding("Stræk læggen.", avoid) == []
    assert colliding("Knæk selv nakken.", avoid) == []
    assert colliding("Knæk selv nakken.", "lad-ingen-knaekke-nakken") == ["lad-ingen-knaekke-nakken"]
    assert colliding("Stop med din medicin.", "stop-ikke-medicin") == ["stop-ikke-medicin"]


def test_the_sign_of_a_clot_alone_forbids_massage_of_the_leg_but_not_of_the_shoulder():
    assert colliding("Massér læggen.", "blodprop-i-benet") == ["blodprop-i-benet"]
    assert colliding("Massér skulderen.", "blodprop-i-benet") == []
    assert colliding("## Hvad hjælper mod kramper i benet?\n\nMassér musklen.", "blodprop-i-benet") == [
        "blodprop-i-benet"
    ]
    assert colliding("## Varme ved smerter i ballen og benet?\n\nVarme kan hjælpe.", "blodprop-i-benet") == []
    assert colliding("Massér læggen.", "blodprop-i-benet", "ingen-massage-eller-varme") == ["ingen-massage-eller-varme"]


def test_an_article_that_describes_a_clot_itself_is_held_to_it():
    text = "Søg læge straks ved ensidig hævelse og rødme.\n\n## Hjemme\n\nMassér låret.\n"
    assert colliding(text) == ["ingen-massage-eller-varme"]


def test_what_an_editor_writes_as_terms_of_an_avoid_flag_is_forbidden_too():
    own = flag("ingen-massage-eller-varme").__class__(
        key="ingen-is", group="I", urgency="physio", kind="avoid", text="at bruge is", terms=["isbad / ispose"]
    )

    def found(text):
        return [place["flag"] for place in safety.collisions(document(text), [own])]

    assert found("Tag et isbad hver dag.") == ["ingen-is"]
    assert found("Tag ikke et isbad.") == []


# --- Subjects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("Kramper i benene ved blodprop – advarselstegn", ["blodprop-i-benet"]),
        ("Lungeemboli", ["lungeemboli"]),
        ("Cauda equina-syndrom", ["cauda-equina"]),
        ("Brud på hoften", ["hoftebrud"]),
        ("Sprunget akillessene", ["smaeld-i-akillessenen"]),
        ("Ondt i lænden", []),
        ("Kramper i benene – årsager og forebyggelse", []),
        ("Smerter i ballen og ned i benet", []),
        ("Ondt i benene", []),
        ("Iskias", []),
    ],
)
def test_the_112_and_acute_flags_that_a_title_is_about(title, keys):
    found = [one.key for one in safety.urgent_subject(title, flags())]
    assert found[: len(keys)] == keys if keys else not found


# --- The five real articles (domain.md §2.3) --------------------------------------------------------------------------


def reading(slug: str) -> Reading:
    front = frontmatter.read((REAL / f"{slug}.md").read_text(encoding="utf-8"))
    return Reading(parse(front.body, first_line=front.body_line), flags())


@needs_real_articles
@pytest.mark.parametrize(
    ("slug", "keys"),
    [
        ("ondt-i-benene", "lungeemboli hjerte blodprop-i-benet cauda-equina svaghed-i-benet feber-og-smerter"),
        (
            "kramper-i-benene",
            "blodprop-i-benet svaghed-eller-foelelsesloeshed ny-medicin stop-ikke-medicin hyppige-kramper",
        ),
        (
            "ondt-i-laenden",
            "cauda-equina svaghed-i-benet gangbesvaer feber-og-smerter vaegttab tidligere-kraeft nattesmerter",
        ),
        ("ondt-i-laenden", "ikke-bedre stop-ved-skarp-smerte tegn-fra-nerven"),
        ("smerter-i-ballen-og-ned-i-benet", "cauda-equina svaghed-i-benet feber-og-smerter vaegttab tidligere-kraeft"),
        ("smerter-i-ballen-og-ned-i-benet", "smertestillende ikke-bedre stop-ved-skarp-smerte"),
        ("kramper-i-benene-ved-blodprop", "lungeemboli blodprop-i-benet ingen-massage-eller-varme"),
        ("kramper-i-benene-ved-blodprop", "oeget-risiko-for-blodprop"),
    ],
)
def test_the_flags_of_the_real_articles_are_found(slug, keys):
    assert set(keys.split()) <= {one.flag.key for one in reading(slug).suggestions()}


@needs_real_articles
@pytest.mark.parametrize(
    ("slug", "found"),
    [
        (
            "ondt-i-benene",
            {(24, "lungeemboli"), (32, "cauda-equina"), (75, "lungeemboli"), (40, "ingen-massage-eller-varme")},
        ),
        ("kramper-i-benene", {(46, "blodprop-i-benet"), (61, "blodprop-i-benet"), (30, "ingen-massage-eller-varme")}),
        ("kramper-i-benene", {(38, "ingen-massage-eller-varme"), (55, "ingen-massage-eller-varme")}),
        ("ondt-i-laenden", {(53, "cauda-equina")}),
        ("smerter-i-ballen-og-ned-i-benet", {(42, "feber-og-smerter"), (42, "vaegttab"), (42, "tidligere-kraeft")}),
    ],
)
def test_the_unsafe_places_of_the_real_articles_are_found(slug, found):
    assert found <= {(place["line"], place["flag"]) for place in reading(slug).places(keys_of(slug))}


@needs_real_articles
def test_what_the_real_articles_say_rightly_is_left_alone():
    """Lines that send the reader to 112 or to a doctor at once, warm-ups, and the warnings against massage."""
    right = {
        "ondt-i-benene": {57},
        "kramper-i-benene": {22, 34},
        "ondt-i-laenden": {16, 30, 80},
        "kramper-i-benene-ved-blodprop": {25, 26, 36, 38, 54, 64, 75, 84},
    }
    for slug, lines in right.items():
        assert not lines & {place["line"] for place in reading(slug).places(keys_of(slug))}, slug


def test_nothing_a_file_holds_stops_it():
    for text in (
        "",
        "\0",
        "112 " * 5000,
        "Massér læggen. " * 2000,
        "| a |\n|---|\n" + "| hævet ben |\n" * 500,
        "-:–—;,." * 900,
    ):
        safety.suggest_flags(document(text), flags())
        safety.collisions(document(text), flags())


@pytest.mark.parametrize("path", sorted(ARTICLES.glob("*.md")), ids=lambda path: path.stem)
def test_our_own_examples_are_urgent_enough_and_recommend_nothing_forbidden(path):
    front = frontmatter.read(path.read_text(encoding="utf-8"))
    reading = Reading(parse(front.body, first_line=front.body_line), flags())
    assert reading.places(keys_of(path.stem)) == []
