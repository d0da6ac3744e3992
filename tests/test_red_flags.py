"""The committed registry of red flags, and loading it."""

import csv
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from clinics.care import TITLES
from clinics.loading.safety import load_safety
from clinics.loading.safety_files import FLAGS, NUMBERS, SafetyDataError, read_flags
from clinics.models import BodyRegion, Condition, OutOfHoursService, RedFlag, Region

from .worlds import kept

FLAG_RECORDS = read_flags()
BY_KEY = {record["key"]: record for record in FLAG_RECORDS}


@cache
def vocabulary(name: str) -> list[dict]:
    return yaml.safe_load((FLAGS.parent / f"{name}.yaml").read_text(encoding="utf-8"))


def lix(text: str) -> float:
    """Björnsson's readability index: words per sentence plus the share of words with more than six letters."""
    words = re.findall(r"[^\W\d_]+", text)
    sentences = len([part for part in re.split(r"[.!?]", text) if part.strip()])
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)


def title(record: dict) -> str:
    return TITLES["avoid" if record["kind"] == "avoid" else record["urgency"]].removesuffix(" …")


@pytest.mark.parametrize("record", FLAG_RECORDS, ids=list(BY_KEY))
class TestEachFlag:
    def test_has_sources_with_addresses(self, record):
        assert record["sources"]
        assert all(source["title"] and source["url"].startswith("https://") for source in record["sources"])

    def test_is_easy_to_read_alone_and_after_its_title(self, record):
        assert lix(record["text"]) < 45
        assert lix(f"{title(record)} {record['text']}") < 45

    def test_completes_its_title(self, record):
        """The 112 title ends in "du", so a verb follows; the others end in "hvis", so a subject does; "Undgå at …"."""
        first = record["text"].split()[0]
        assert record["text"][0].islower()
        assert not record["text"].endswith(".")
        if record["kind"] == "avoid":
            assert first == "at"
        elif record["urgency"] == "112":
            assert first in {"er", "får", "har", "pludselig"}
        else:
            assert first in {
                "det", "dit", "dine", "du", "en", "et", "knæet", "kramperne", "smerten", "uro"
            }  # fmt: skip

    def test_says_ring_and_never_kontakt(self, record):
        assert not re.search(r"kontakt|henvend", record["text"], re.IGNORECASE)

    def test_names_only_what_exists(self, record):
        assert set(record["conditions"]) <= {condition["slug"] for condition in vocabulary("conditions")}
        assert set(record["body_regions"]) <= {region["slug"] for region in vocabulary("body_regions")}


def test_titles_say_ring_and_never_kontakt():
    assert not any("kontakt" in text.lower() for text in TITLES.values())
    assert TITLES["112"] == "Ring 112 nu, hvis du …"
    assert TITLES["doctor_now"] == "Ring til læge med det samme, hvis …"


REQUIRED = {
    # What the articles say, in the class of domain.md §2.3: never lower than this.
    "lungeemboli": "112",
    "blodprop-i-benet": "doctor_now",
    "cauda-equina": "doctor_now",
    "svaghed-i-benet": "doctor_now",
    "gangbesvaer": "doctor_now",
    "feber-og-smerter": "doctor_soon",
    "vaegttab": "doctor_soon",
    "tidligere-kraeft": "doctor_soon",
    "nattesmerter": "doctor_soon",
    "forvaerring": "doctor_soon",
    "milde-tegn-paa-blodprop": "doctor_soon",
    "ny-medicin": "own_doctor",
    "hyppige-kramper": "own_doctor",
    "tegn-fra-nerven": "own_doctor",
    "ikke-bedre": "physio",
    # What no article names.
    "akut-iskaemi": "112",
    "apopleksi": "112",
    "hjerte": "112",
    "aorta": "112",
    "pludselig-hovedpine": "112",
    "meningitis": "112",
    "halspulsaare": "112",
    "hoved-eller-nakkeskade": "112",
    "muskellogesyndrom": "112",
    "hoftebrud": "112",
    "varmt-led": "doctor_now",
    "brud": "doctor_now",
    "ryg-efter-fald": "doctor_now",
    "barn-der-halter": "doctor_now",
    "svangerskabsforgiftning": "doctor_now",
    "betaendt-saar": "doctor_now",
    "rygbrud-ved-knogleskoerhed": "doctor_soon",
}


@pytest.mark.parametrize(("key", "urgency"), REQUIRED.items())
def test_the_registry_holds_the_known_signs_in_their_class(key, urgency):
    assert BY_KEY[key]["urgency"] == urgency
    assert BY_KEY[key]["kind"] == "seek"


@pytest.mark.parametrize("key", ["ingen-massage-eller-varme", "stop-ikke-medicin", "stop-ved-skarp-smerte"])
def test_what_to_leave_alone_is_its_own_kind(key):
    assert BY_KEY[key]["kind"] == "avoid"


@pytest.mark.parametrize("urgency", ["112", "doctor_now"])
def test_every_body_region_has_an_urgent_default_of_both_classes(urgency):
    covered = {
        region
        for record in FLAG_RECORDS
        if record["urgency"] == urgency and record["kind"] == "seek"
        for region in record["body_regions"]
    }
    assert {region["slug"] for region in vocabulary("body_regions")} - covered == set()


def test_every_source_of_the_catalogue_is_used_and_its_certainty_stated():
    catalogue = yaml.safe_load(FLAGS.read_text(encoding="utf-8"))["sources"]
    used = {source["url"] for record in FLAG_RECORDS for source in record["sources"]}
    assert {source["url"] for source in catalogue.values()} == used
    assert {source["seen"] for source in catalogue.values()} <= {"page", "copy", "known"}


def test_nothing_claims_a_review_that_never_was():
    assert "reviewed" not in FLAGS.read_text(encoding="utf-8")


# --- Loading ----------------------------------------------------------------------------------------------------------


@kept
def vocabulary_rows() -> None:
    BodyRegion.objects.bulk_create(BodyRegion(slug=r["slug"], name=r["name"]) for r in vocabulary("body_regions"))
    regions = {region.slug: region for region in BodyRegion.objects.all()}
    Condition.objects.bulk_create(
        Condition(slug=c["slug"], name=c["name"], body_region=regions.get(c.get("body_region")))
        for c in vocabulary("conditions")
    )
    with NUMBERS.open(encoding="utf-8", newline="") as file:
        Region.objects.bulk_create(Region(slug=row["region"], name=row["region"]) for row in csv.DictReader(file))


def test_loading_fills_the_registry(vocabulary_rows):
    outcomes = load_safety()
    assert len(outcomes["red_flags"].created) == RedFlag.objects.count() == len(FLAG_RECORDS)
    assert len(outcomes["out_of_hours"].created) == OutOfHoursService.objects.count() == 5
    assert outcomes["red_flags"].missing == outcomes["out_of_hours"].missing == []
    flag = RedFlag.objects.get(key="blodprop-i-benet")
    assert (flag.urgency, flag.kind, flag.reviewed_by, flag.reviewed_at) == ("doctor_now", "seek", "", None)
    assert "hævet læg" in flag.terms[0]
    assert flag.sources[0].keys() == {"title", "url"}
    assert flag.conditions.filter(slug="kramper-i-benene").exists()
    assert flag.body_regions.filter(slug="ben").exists()


def test_loading_again_changes_nothing(vocabulary_rows):
    load_safety()
    before = list(Condition.red_flags.through.objects.order_by("pk").values_list())
    outcomes = load_safety()
    assert len(outcomes["red_flags"].unchanged) == len(FLAG_RECORDS)
    assert len(outcomes["out_of_hours"].unchanged) == 5
    assert outcomes["red_flags"].links_added == 0
    assert list(Condition.red_flags.through.objects.order_by("pk").values_list()) == before


def test_a_row_that_drifted_is_brought_back(vocabulary_rows):
    load_safety()
    RedFlag.objects.filter(key="hjerte").update(text="noget andet")
    OutOfHoursService.objects.filter(phone="1813").update(phone="1800")
    outcomes = load_safety()
    assert outcomes["red_flags"].updated == ["hjerte"]
    assert outcomes["out_of_hours"].updated == ["hovedstaden"]
    assert RedFlag.objects.get(key="hjerte").text == BY_KEY["hjerte"]["text"]
    assert OutOfHoursService.objects.filter(phone="1813").exists()


@pytest.mark.parametrize("mark", [{"edited_at": timezone.now}, {"reviewed_at": lambda: timezone.now().date()}])
def test_what_an_editor_changed_or_a_clinician_reviewed_is_theirs(mark, vocabulary_rows):
    load_safety()
    values = {name: value() for name, value in mark.items()}
    RedFlag.objects.filter(key="feber-og-smerter").update(urgency="112", text="har feber og ondt i ryggen", **values)
    assert load_safety()["red_flags"].kept == ["feber-og-smerter"]
    assert RedFlag.objects.get(key="feber-og-smerter").urgency == "112"


def test_a_condition_that_an_editor_saved_keeps_its_own_choice_of_flags(vocabulary_rows):
    load_safety()
    iskias = Condition.objects.get(slug="iskias")
    iskias.red_flags.set([RedFlag.objects.get(key="cauda-equina")])
    Condition.objects.filter(pk=iskias.pk).update(edited_at=timezone.now())
    load_safety()
    assert [flag.key for flag in iskias.red_flags.all()] == ["cauda-equina"]


def test_a_link_that_is_gone_comes_back_and_one_that_was_added_stays(vocabulary_rows):
    load_safety()
    iskias = Condition.objects.get(slug="iskias")
    iskias.red_flags.remove(RedFlag.objects.get(key="cauda-equina"))
    iskias.red_flags.add(RedFlag.objects.get(key="meningitis"))
    assert load_safety()["red_flags"].links_added == 1
    assert {"cauda-equina", "meningitis"} <= set(iskias.red_flags.values_list("key", flat=True))


def test_a_flag_that_is_no_longer_in_the_file_stays_and_is_named(vocabulary_rows):
    load_safety()
    RedFlag.objects.create(key="redaktoerens-eget", group="Test", urgency="112", text="har ondt")
    assert load_safety()["red_flags"].absent == ["redaktoerens-eget"]
    assert RedFlag.objects.filter(key="redaktoerens-eget").exists()


def test_a_number_that_a_person_verified_is_not_overwritten(vocabulary_rows):
    load_safety()
    OutOfHoursService.objects.filter(phone="1813").update(phone="1800", verified_at=timezone.now().date())
    assert load_safety()["out_of_hours"].kept == ["hovedstaden"]
    assert not OutOfHoursService.objects.filter(phone="1813").exists()


@pytest.mark.django_db
def test_a_database_without_conditions_gets_its_flags_and_a_list_of_what_is_missing():
    outcomes = load_safety()
    assert RedFlag.objects.count() == len(FLAG_RECORDS)
    missing = outcomes["red_flags"].missing
    assert {"condition ondt-i-benene", "body region ben"} <= set(missing)
    assert len(missing) == len(set(missing))
    assert "region hovedstaden" in outcomes["out_of_hours"].missing


GOOD = """
sources:
  a: {title: A, url: "https://a.dk/", seen: page}
flags:
  - key: hjerte
    group: Hjerte
    urgency: "112"
    text: har ondt i brystet
    terms: [ondt i brystet]
    sources: [a]
"""

BAD_FLAGS = [
    ("flags: [", "line 1: not valid YAML"),
    ("- en liste", "line 1: must have a list of flags"),
    (GOOD.replace('"112"', "akut"), "line 5: hjerte: unknown urgency"),
    (GOOD.replace("sources: [a]", "sources: [b]"), "line 5: hjerte: a source that is not in the catalogue"),
    (GOOD.replace("sources: [a]", "sources: []"), "line 5: hjerte: must have a source"),
    (GOOD.replace("text: har ondt i brystet", "text: ''"), "line 5: hjerte: must have group and text"),
    (GOOD.replace("[ondt i brystet]", "[ondt +]"), "line 5: hjerte: a term"),
    (GOOD.replace("[ondt i brystet]", "['ondt, i brystet']"), "line 5: hjerte: a term"),
    (GOOD.replace("hjerte", "Hjerte og lunger"), "line 5: Hjerte og lunger: the key must be a slug"),
    (GOOD + GOOD.split("flags:\n")[1], "line 5: hjerte: stands here twice"),
    (GOOD + "  - bare tekst\n", "flag 2: is not a flag"),
]


@pytest.mark.parametrize(("text", "message"), BAD_FLAGS)
def test_bad_data_says_where_and_writes_nothing(text, message, tmp_path: Path, vocabulary_rows):
    file = tmp_path / "red_flags.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SafetyDataError, match=re.escape("red_flags.yaml: line")) as raised:
        load_safety(flags_file=file)
    assert message in str(raised.value)
    assert RedFlag.objects.count() == 0


BAD_NUMBERS = [
    ("hovedstaden,X,18 13,,,,,,", "18 13 is not a number"),
    ("hovedstaden,X,1813,,i går,,,,", "i går is not a date"),
    ("hovedstaden,X,1813", "missing"),
    ("hovedstaden,X,1813,,,,,,\nhovedstaden,Y,1814,,,,,,", "line 3: hovedstaden has two rows from the same day"),
]


@pytest.mark.parametrize(("rows", "message"), BAD_NUMBERS)
def test_bad_numbers_say_where_and_take_the_flags_with_them(rows, message, tmp_path: Path, vocabulary_rows):
    file = tmp_path / "out_of_hours.csv"
    header = "region,name,phone,hours,valid_from,valid_to,checked_at,verified_at,source"
    file.write_text(f"{header}\n{rows}\n", encoding="utf-8")
    with pytest.raises(SafetyDataError, match=re.escape("out_of_hours.csv: line")) as raised:
        load_safety(numbers_file=file)
    assert message in str(raised.value)
    assert RedFlag.objects.count() == 0
    assert OutOfHoursService.objects.count() == 0
