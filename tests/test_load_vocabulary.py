"""`manage.py load_vocabulary`: idempotent, leaves an editor's work alone, and loads nothing when a file is wrong."""

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinics.loading import vocabulary_files
from clinics.loading.safety import Outcome
from clinics.loading.vocabulary import load_vocabulary
from clinics.loading.vocabulary_files import VocabularyError
from clinics.models import (
    BodyRegion,
    Condition,
    ConditionMatch,
    OutOfHoursService,
    RedFlag,
    Speciality,
    Tag,
    TreatmentType,
)

pytestmark = pytest.mark.django_db

FILES = {
    "body_regions": """
- {slug: ryg, name: Ryg}
- {slug: ben, name: Ben}
""",
    "specialities": """
- {slug: muskel, name: Muskel og led, kind: official}
- {slug: ryg, name: Ryg, kind: focus, parent: muskel, synonyms: [rygge], keywords: [lænd], care_gate: Spørg lægen.}
""",
    "treatments": """
- {slug: massage, name: Massage, description: Tryk og strøg.}
""",
    "conditions": """
- slug: ondt-i-ryggen
  name: Ondt i ryggen
  body_region: ryg
  synonyms: [rygsmerter]
  box_title: Til ryggen
  specialities: {ryg: 3, muskel: 2}
  treatments: {massage: 1}
- {slug: soevn, name: Søvn, body_region: ben, is_generic: true}
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def weights(condition: Condition) -> dict[str, int]:
    return {
        (m.speciality or m.treatment).slug: m.weight
        for m in condition.matches.select_related("speciality", "treatment")
    }


def test_everything_comes_in(folder: Path) -> None:
    outcomes = load_vocabulary(folder=folder)

    assert {name: len(outcome.created) for name, outcome in outcomes.items()} == {
        "body_regions": 2,
        "specialities": 2,
        "treatments": 1,
        "conditions": 2,
    }
    assert list(BodyRegion.objects.values_list("slug", flat=True)) == ["ryg", "ben"]  # the order of the file
    ryg = Speciality.objects.get(slug="ryg")
    assert (ryg.kind, ryg.parent.slug, ryg.synonyms, ryg.keywords) == ("focus", "muskel", ["rygge"], ["lænd"])
    assert ryg.care_gate == "Spørg lægen."
    condition = Condition.objects.get(slug="ondt-i-ryggen")
    assert (condition.body_region.slug, condition.box_title, condition.synonyms) == (
        "ryg",
        "Til ryggen",
        ["rygsmerter"],
    )
    assert weights(condition) == {"ryg": 3, "muskel": 2, "massage": 1}
    assert set(condition.matches.values_list("origin", flat=True)) == {"editor"}
    assert Condition.objects.get(slug="soevn").is_generic
    assert TreatmentType.objects.get().description == "Tryk og strøg."


def test_every_value_gets_its_number_in_the_search_index(folder: Path) -> None:
    load_vocabulary(folder=folder)

    assert set(Tag.objects.filter(kind=Tag.Kind.SPECIALITY).values_list("key", flat=True)) == {"muskel", "ryg"}
    assert Tag.objects.filter(kind=Tag.Kind.TREATMENT, key="massage").exists()


def test_a_second_run_changes_nothing(folder: Path) -> None:
    load_vocabulary(folder=folder)
    before = list(ConditionMatch.objects.order_by("pk").values_list("pk", "weight"))

    outcomes = load_vocabulary(folder=folder)

    assert [(o.created, o.updated, o.kept, o.absent) for o in outcomes.values()] == [([], [], [], [])] * 4
    assert outcomes["conditions"].unchanged == ["ondt-i-ryggen", "soevn"]
    assert list(ConditionMatch.objects.order_by("pk").values_list("pk", "weight")) == before


def test_a_change_in_a_file_arrives(folder: Path) -> None:
    load_vocabulary(folder=folder)
    change(folder, "specialities", "[rygge]", "[rygge, rygraden]")
    change(folder, "conditions", "{ryg: 3, muskel: 2}", "{ryg: 2}")
    change(folder, "conditions", "{massage: 1}", "{massage: 3}")

    outcomes = load_vocabulary(folder=folder)

    assert outcomes["specialities"].updated == ["ryg"]
    assert outcomes["conditions"].updated == ["ondt-i-ryggen"]
    assert outcomes["conditions"].unchanged == ["soevn"]
    assert Speciality.objects.get(slug="ryg").synonyms == ["rygge", "rygraden"]
    assert weights(Condition.objects.get(slug="ondt-i-ryggen")) == {"ryg": 2, "massage": 3}


def test_what_an_editor_saved_is_kept_with_its_matches(folder: Path) -> None:
    load_vocabulary(folder=folder)
    edited = timezone.now()
    Speciality.objects.filter(slug="ryg").update(name="Ryg og lænd", edited_at=edited)
    Condition.objects.filter(slug="ondt-i-ryggen").update(care_gate="Spørg først.", edited_at=edited)
    ConditionMatch.objects.filter(treatment__slug="massage").update(weight=3)
    ConditionMatch.objects.filter(speciality__slug="muskel").delete()
    change(folder, "conditions", "Til ryggen", "Noget nyt")

    outcomes = load_vocabulary(folder=folder)

    assert outcomes["specialities"].kept == ["ryg"]
    assert outcomes["conditions"].kept == ["ondt-i-ryggen"]
    assert Speciality.objects.get(slug="ryg").name == "Ryg og lænd"
    condition = Condition.objects.get(slug="ondt-i-ryggen")
    assert (condition.care_gate, condition.box_title) == ("Spørg først.", "Til ryggen")
    assert weights(condition) == {"ryg": 3, "massage": 3}


def test_a_condition_that_an_import_made_is_filled_and_its_suggestions_give_way(folder: Path) -> None:
    load_vocabulary(folder=folder)
    suggested = {"origin": "suggested", "weight": 1}
    condition = Condition.objects.get(slug="ondt-i-ryggen")
    condition.matches.filter(speciality__slug="ryg").update(**suggested)
    condition.matches.filter(speciality__slug="muskel").update(**suggested)
    change(folder, "conditions", ", muskel: 2", "")

    load_vocabulary(folder=folder)

    rows = {m.speciality.slug: (m.origin, m.weight) for m in condition.matches.filter(treatment=None)}
    assert rows == {"ryg": ("editor", 3), "muskel": ("suggested", 1)}  # a suggestion of its own is not the loader's


def test_what_is_not_in_the_files_is_named_and_left(folder: Path) -> None:
    load_vocabulary(folder=folder)
    Condition.objects.create(slug="noget-nyt", name="Noget nyt")
    change(folder, "treatments", "slug: massage, name: Massage", "slug: taping, name: Taping")
    change(folder, "conditions", "massage", "taping")

    outcomes = load_vocabulary(folder=folder)

    assert outcomes["conditions"].absent == ["noget-nyt"]
    assert outcomes["treatments"].absent == ["massage"]
    assert TreatmentType.objects.filter(slug="massage").exists()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("conditions", "ryg: 3", "rygg: 3", "conditions.yaml: ondt-i-ryggen: there is no speciality 'rygg'"),
        ("conditions", "massage: 1", "tape: 1", "conditions.yaml: ondt-i-ryggen: there is no treatment 'tape'"),
        (
            "conditions",
            "body_region: ryg",
            "body_region: arm",
            "conditions.yaml: ondt-i-ryggen: there is no body region 'arm'",
        ),
        ("conditions", "ryg: 3", "ryg: 4", "conditions.yaml: ondt-i-ryggen: the weight of ryg is 4, not 1, 2 or 3"),
        (
            "conditions",
            "ryg: 3",
            "ryg: tre",
            "conditions.yaml: ondt-i-ryggen: the weight of ryg is 'tre', not 1, 2 or 3",
        ),
        ("conditions", "ryg: 3", "ryg: [3]", "conditions.yaml: ondt-i-ryggen: the weight of ryg is [3], not 1, 2 or 3"),
        ("conditions", "slug: soevn", "slug: ondt-i-ryggen", "conditions.yaml: ondt-i-ryggen: stands here twice"),
        (
            "conditions",
            "name: Søvn",
            "name: RYGSMERTER",
            "conditions.yaml: soevn: 'RYGSMERTER' already belongs to ondt-i-ryggen",
        ),
        (
            "conditions",
            "is_generic: true",
            "is_generic: måske",
            "conditions.yaml: soevn: is_generic must be a bool, not 'måske'",
        ),
        ("conditions", "[rygsmerter]", "[~]", "conditions.yaml: ondt-i-ryggen: synonyms: None must be a text"),
        (
            "conditions",
            "massage: 1",
            "massage: true",
            "conditions.yaml: ondt-i-ryggen: the weight of massage is True, not",
        ),
        ("conditions", "box_title:", "boks:", "conditions.yaml: ondt-i-ryggen: unknown field 'boks'"),
        ("conditions", "[rygsmerter]", "[1:1]", "conditions.yaml: ondt-i-ryggen: synonyms: 61 must be a text"),
        (
            "conditions",
            "[rygsmerter]",
            '["ondt, bagpå"]',
            "conditions.yaml: ondt-i-ryggen: synonyms: 'ondt, bagpå' must be a text",
        ),
        (
            "conditions",
            "[rygsmerter]",
            "rygsmerter",
            "conditions.yaml: ondt-i-ryggen: synonyms must be a list, not 'rygsmerter'",
        ),
        ("conditions", "[rygsmerter]", f"[{'r' * 121}]", "conditions.yaml: ondt-i-ryggen: synonyms: "),
        (
            "conditions",
            "- slug: ondt-i-ryggen\n  name",
            "- name",
            "conditions.yaml: entry 1: must have a slug and a name",
        ),
        ("conditions", "slug: soevn", "slug: søvn", "conditions.yaml: søvn: the slug must look like 'soevn'"),
        ("conditions", "[rygsmerter]", "[rygsmerter", "conditions.yaml: line 6: not valid YAML: "),
        ("specialities", "kind: focus", "kind: fokus", "specialities.yaml: ryg: kind: "),
        (
            "specialities",
            "parent: muskel",
            "parent: ryg",
            "specialities.yaml: ryg: there is no speciality above it 'ryg'",
        ),
        (
            "body_regions",
            "- {slug: ryg, name: Ryg}\n- {slug: ben, name: Ben}",
            "ryg: ja",
            "body_regions.yaml: file: must be a list",
        ),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_loaded(folder: Path, name: str, old: str, new: str, message: str) -> None:
    change(folder, name, old, new)

    with pytest.raises(VocabularyError) as error:
        load_vocabulary(folder=folder)

    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)
    assert not BodyRegion.objects.exists()
    assert not Speciality.objects.exists()
    assert not Condition.objects.exists()


def test_a_file_that_is_not_there_or_not_text(folder: Path) -> None:
    (folder / "treatments.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VocabularyError, match=r"^treatments\.yaml: file: cannot be read"):
        load_vocabulary(folder=folder)

    (folder / "treatments.yaml").unlink()
    with pytest.raises(VocabularyError, match=r"^treatments\.yaml: file: cannot be read"):
        load_vocabulary(folder=folder)


def test_the_command_loads_all_of_it_twice() -> None:
    first, second = StringIO(), StringIO()

    call_command("load_vocabulary", stdout=first)
    call_command("load_vocabulary", stdout=second)

    conditions, flags = Condition.objects.count(), RedFlag.objects.count()
    assert f"conditions: {conditions} created, 0 updated, 0 unchanged, 0 kept" in first.getvalue()
    assert f"conditions: 0 created, 0 updated, {conditions} unchanged, 0 kept" in second.getvalue()
    assert f"red_flags: 0 created, 0 updated, {flags} unchanged" in second.getvalue()
    assert conditions >= 60
    assert flags
    assert OutOfHoursService.objects.exists()  # although nobody loaded the regions first


def test_the_command_says_what_is_wrong_and_loads_nothing(monkeypatch, tmp_path: Path) -> None:
    shutil.copytree(vocabulary_files.DATA, tmp_path / "vocabulary")
    folder = tmp_path / "vocabulary"
    change(folder, "conditions", "body_region: ben", "body_region: bene")
    monkeypatch.setattr(
        "clinics.management.commands.load_vocabulary.load_vocabulary", lambda: load_vocabulary(folder=folder)
    )

    with pytest.raises(CommandError, match=r"^conditions\.yaml: ondt-i-benene: there is no body region 'bene'$"):
        call_command("load_vocabulary", stdout=StringIO())

    assert not Speciality.objects.exists()
    assert not RedFlag.objects.exists()


def test_a_red_flag_for_an_unknown_condition_stops_everything(monkeypatch) -> None:
    outcome = Outcome(missing=["condition findes-ikke"])
    monkeypatch.setattr("clinics.management.commands.load_vocabulary.load_safety", lambda: {"red_flags": outcome})

    with pytest.raises(CommandError, match=r"^red_flags: names what does not exist: condition findes-ikke$"):
        call_command("load_vocabulary", stdout=StringIO())

    assert not Condition.objects.exists()
