"""The files of /om/data/: who is in them and who is not, what they say, and that no spreadsheet runs them."""

import csv
import datetime
import gzip
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from clinics import open_data
from clinics.models import Clinic, ClinicSpeciality, Condition, OpeningHours, Practitioner, Price, Provenance, RedFlag
from clinics.open_data import clinic_rows, licences, vocabulary
from clinics.open_data.files import CLINICS_CSV, FILES
from clinics.open_data.writing import cell, safe

from .full_clinic import a_full_clinic
from .people import clinic, condition, places, speciality, treatment

pytestmark = pytest.mark.django_db
NIGHT = datetime.datetime(2026, 11, 22, 0, 15, tzinfo=datetime.UTC)  # 01.15 in Denmark


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def read(name: str) -> str:
    made = open_data.published()
    return (made.folder / name).read_bytes().decode()


def rows(name: str = "klinikker.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(read(name), newline=""), strict=True))


def features() -> list[dict]:
    return json.loads(read("klinikker.geojson"))["features"]


def test_only_published_clinics_that_are_real_are_in_the_files():
    clinic("Åben", "Aarhus C")
    clinic("Kladde", "Aarhus C", status="draft")
    clinic("Lukket", "Aarhus C", status="closed")
    clinic("Opdigtet", "Aarhus C", is_example=True)
    open_data.build()
    assert [row["name"] for row in rows()] == ["Åben"]
    assert [one["properties"]["name"] for one in features()] == ["Åben"]
    for name in FILES:
        for word in ("Kladde", "Lukket", "Opdigtet"):
            assert word not in read(name)


def test_a_row_says_what_the_clinic_states():
    with time_machine.travel(NIGHT, tick=False):
        made = a_full_clinic(is_example=False, phone="+4586121212")
        ClinicSpeciality.objects.create(clinic=made, speciality=speciality("Nakke"), basis="suggested", source="import")
        open_data.build()
    (row,) = rows()
    assert row["url"].endswith("/klinik/ryggen/") and row["url"].startswith("http")
    assert (row["street"], row["address_extra"], row["postcode"], row["town"]) == (
        "Eksempelvej 12B", "2. tv.", "8000", "Aarhus C",
    )  # fmt: skip
    assert row["phone"] == "86121212"
    assert row["website"] == "https://ryggen.example/"
    assert (row["has_ydernummer"], row["free_physiotherapy"], row["hearing_loop"]) == ("true", "false", "")
    assert row["focus_areas"] == "knae|ryg", "what is only suggested is nobody's word"
    assert row["official_specialities"] == ""
    assert row["treatments"] == "holdtraening|taping"
    assert (row["price_first"], row["price_follow_up"]) == ("550", "420")
    assert row["opening_hours"] == "Mo-Fr 08:00-18:00"
    assert row["languages"] == "da|en"
    assert (row["waiting_days"], row["waiting_stated_on"]) == ("3", "2026-11-14")
    assert (row["prices_source"], row["prices_stated_on"]) == ("clinic", "2026-11-03")
    assert (row["source"], row["source_name"], row["confirmed_on"]) == ("clinic", "klinikken", "2026-11-03")
    assert (row["updated_on"], row["licence"]) == ("2026-11-22", "ODbL-1.0")


def test_geojson_says_the_same_with_kinds_of_its_own():
    a_full_clinic(is_example=False)
    open_data.build()
    (one,) = features()
    assert one["type"] == "Feature" and one["id"] == "ryggen"
    assert one["geometry"] == {"type": "Point", "coordinates": [10.2107, 56.1572]}
    told = one["properties"]
    assert told["has_ydernummer"] is True and told["hearing_loop"] is None
    assert told["price_first"] == 550 and told["languages"] == ["da", "en"] and told["waiting_days"] == 3
    assert {*told, "latitude", "longitude"} == set(rows()[0])


def test_nobodys_name_and_no_words_of_the_clinics_own_go_along():
    made = a_full_clinic(is_example=False, hours_note="Spørg Grethe", insurers_note="Spørg Grethe")
    Provenance.objects.create(clinic=made, group="contact", source="clinic", note="Grethe i receptionen")
    Practitioner.objects.create(clinic=made, name="Grethe Eksempel", authorisation_id="12ABC")
    RedFlag.objects.create(key="x", group="g", urgency="112", text="besvimer", reviewed_by="Grethe Læge")
    open_data.build()
    for name in FILES:
        for word in (
            "Mette",
            "Grethe",
            "09YM8",
            "12ABC",
            "ryggen@",
            "Vi undersøger",
            "tre øvelser",
            "gården",
            "a" * 64,
        ):
            assert word not in read(name), (name, word)


@pytest.mark.parametrize(
    ("hours", "text"),
    [
        (
            [(0, 8, 12), (0, 13, 16), (1, 8, 12), (1, 13, 16), (3, 9, 0)],
            "Mo-Tu 08:00-12:00,13:00-16:00; Th 09:00-24:00",
        ),
        ([(0, 8, 12), (2, 8, 12)], "Mo 08:00-12:00; We 08:00-12:00"),
        ([(6, 20, 2)], "Su 20:00-02:00"),
    ],
)
def test_opening_hours_are_those_of_openstreetmap(hours, text):
    made = clinic("Åben", "Aarhus C")
    for weekday, opens, closes in hours:
        OpeningHours.objects.create(
            clinic=made, weekday=weekday, opens=datetime.time(opens), closes=datetime.time(closes)
        )
    OpeningHours.objects.create(clinic=made, kind="phone", weekday=4, opens=datetime.time(8), closes=datetime.time(9))
    open_data.build()
    (row,) = rows()
    assert row["opening_hours"] == text


def test_unknown_and_none_at_all_are_two_things():
    clinic("A", "Aarhus C", languages=None, insurers=[])
    open_data.build()
    (row,) = rows()
    assert (row["languages"], row["insurers"]) == ("", "none")
    assert features()[0]["properties"]["insurers"] == [] and features()[0]["properties"]["languages"] is None


HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "  =1", '"=1+1"', "＝1+1", "\n@x",
    "Klinik;=1+1", "Klinik,=HYPERLINK(\"x\")", "a\tb\t=1", "Klinik\r\n=1+1", "'=1",
]  # fmt: skip
CUTS = re.compile(r"[,;\t|\r\n]")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula_wherever_it_is_cut(text):
    clinic("Navn", "Aarhus C", street=text[:100], address_extra=text, phone="+4586121212")
    Clinic.objects.update(name=text)
    open_data.build()
    (row,) = rows()
    for value in row.values():
        for part in CUTS.split(value):
            assert not part.lstrip(" \"'").startswith(tuple("=+-@＝＋－＠")) or part.lstrip(' "').startswith("'"), value
    assert features()[0]["properties"]["name"] == text, "JSON is read by programs: the words are as they are"


def test_a_plain_name_is_left_as_it_is():
    for text in ("Klinik v/ Mette & Søn, Aarhus", "Ryg-Klinikken", "C/O Huset", "Fys+Træning", "info@klinik"):
        assert safe(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "true"), (False, "false"), (0, "0"), (1.5, "1.5"), ([], "none"), (["a|b", "c"], "a/b|c")],
)
def test_cells(value, text):
    assert cell(value) == text


@pytest.mark.parametrize(
    ("source", "name", "code"),
    [
        ("clinic", "klinikken", "ODbL-1.0"),
        ("clinic", "CC0", "ODbL-1.0"),
        ("register", "offentligt register", "see-source"),
        ("import", "OpenStreetMap", "ODbL-1.0"),
        ("import", "Foreningens liste, CC BY 4.0", "CC-BY-4.0"),
        ("import", "Foreningens liste, CC-BY-4.0", "CC-BY-4.0"),
        ("import", "Foreningens liste, CC BY-NC 4.0", "see-source"),
        ("import", "Liste, CC0", "CC0-1.0"),
        ("import", "ACC02", "see-source"),
        ("example", "eksempel", "see-source"),
    ],
)
def test_the_terms_are_those_of_the_source_or_unknown(source, name, code):
    assert licences.licence(source, name) == code


def test_one_fact_of_unknown_terms_makes_the_row_so():
    made = clinic("A", "Aarhus C", source="clinic", has_ydernummer=True)
    Provenance.objects.create(clinic=made, group="hours", source="register")
    open_data.build()
    assert rows()[0]["licence"] == "ODbL-1.0", "a source that states nothing here says nothing about the row"
    Provenance.objects.create(clinic=made, group="referral", source="register", note="Det offentlige register")
    open_data.build()
    assert (rows()[0]["licence"], rows()[0]["referral_source"]) == ("see-source", "register")
    Provenance.objects.filter(group="referral").update(source="import", note="Liste, CC0")
    open_data.build()
    assert rows()[0]["licence"] == "CC0-1.0 AND ODbL-1.0"


def test_rows_stand_in_the_order_in_which_they_came_and_batches_change_nothing(monkeypatch):
    for name in ("Å", "B", "A", "Ø", "C"):
        clinic(f"{name} klinik", "Aarhus C", price=500)
    with time_machine.travel(NIGHT, tick=False):
        open_data.build()
        whole = read("klinikker.csv"), read("klinikker.geojson")
        assert [row["name"][0] for row in rows()] == ["Å", "B", "A", "Ø", "C"]
        Clinic.objects.filter(name="B klinik").update(hours_note="rørt")  # moves the row in the table
        monkeypatch.setattr(clinic_rows, "BATCH", 2)
        open_data.build()
        assert (read("klinikker.csv"), read("klinikker.geojson")) == whole


def test_statements_grow_with_batches_and_not_with_clinics(monkeypatch, django_assert_max_num_queries):
    for number in range(6):
        made = clinic(f"K{number}", "Aarhus C", specialities=["Ryg"], treatments=["Taping"], price=500)
        Price.objects.create(clinic=made, kind="follow_up", amount=400)
    monkeypatch.setattr(clinic_rows, "BATCH", 3)
    with django_assert_max_num_queries(6):  # terms, and two for each batch; the third is empty
        assert [len(batch) for batch in clinic_rows.batches(datetime.date(2026, 11, 22))] == [3, 3]


def test_the_list_names_every_file_with_its_size_and_digest(media):
    clinic("Åben", "Aarhus C")
    made = open_data.build()
    assert [one["name"] for one in made["files"]] == list(FILES)
    folder = media / "open-data" / made["folder"]
    for one in made["files"]:
        data = (folder / one["name"]).read_bytes()
        packed = (folder / f"{one['name']}.gz").read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["bytes"], one["sha256"])
        assert gzip.decompress(packed) == data and len(packed) == one["gz_bytes"]
        if one["name"].endswith(".csv"):
            assert one["rows"] == len(rows(one["name"]))


# --- the vocabulary


@pytest.fixture
def knowing():
    places()
    RedFlag.objects.create(
        key="lammelse", group="ryg", urgency="112", text="pludselig bliver lam", terms=["lam"],
        sources=[{"title": "NHS | rygsmerter", "url": "https://nhs.example/"}],
        reviewed_at=datetime.date(2026, 10, 1),
    )  # fmt: skip
    RedFlag.objects.create(key="hvil-ikke", group="ryg", urgency="own_doctor", kind="avoid", text="at ligge stille")
    back = condition("Ondt i ryggen", {"Ryg": 3, "Sport": 1}, synonyms=["rygondt"], care_gate="Lægen først.")
    back.matches.create(treatment=treatment("Taping"), weight=2)
    back.red_flags.add(RedFlag.objects.get(key="lammelse"))
    return back


def test_conditions_lead_to_specialities_treatments_and_red_flags(knowing):
    with time_machine.travel(NIGHT, tick=False):
        open_data.build()
    (row,) = rows("tilstande.csv")
    assert (row["slug"], row["synonyms"], row["care_gate"]) == ("ondt-i-ryggen", "rygondt", "Lægen først.")
    assert (row["specialities"], row["treatments"], row["red_flags"]) == ("ryg:3|sport:1", "taping:2", "lammelse")
    assert (row["as_of"], row["edited_on"], row["licence"]) == ("2026-11-22", "", "MIT")
    flag = {one["key"]: one for one in rows("advarselstegn.csv")}
    assert flag["lammelse"]["title"] == "Ring 112 nu, hvis du …"
    assert flag["lammelse"]["sources"] == "NHS / rygsmerter <https://nhs.example/>"
    assert flag["lammelse"]["reviewed_on"] == "2026-10-01"
    assert flag["hvil-ikke"]["title"] == "Undgå …", "what to leave alone is never told as what to do"
    assert {one["slug"] for one in rows("specialer.csv")} == {"ryg", "sport"}
    assert [one["slug"] for one in rows("behandlinger.csv")] == ["taping"]
    whole = json.loads(read("vokabular.json"))
    assert whole["conditions"][0]["specialities"] == [{"slug": "ryg", "weight": 3}, {"slug": "sport", "weight": 1}]
    assert "ring 112" in whole["note"] and set(vocabulary.COLUMNS) < set(whole)


def test_what_no_editor_has_looked_at_and_second_names_stay_at_home(knowing):
    condition("Venter", {"Ryg": 3}, awaits_acceptance=True)
    Condition.objects.create(name="Rygsmerter", slug="rygsmerter", merged_into=knowing)
    general = condition("Søvn", {"Ryg": 3}, is_generic=True)
    open_data.build()
    assert [row["slug"] for row in rows("tilstande.csv")] == ["ondt-i-ryggen", general.slug]
    assert rows("tilstande.csv")[1]["specialities"] == "none", "a subject to read about leads to no clinics"


def test_every_reference_of_the_committed_vocabulary_leads_somewhere():
    call_command("load_places", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    open_data.build()
    whole = json.loads(read("vokabular.json"))
    known = {name: {row.get("slug") or row["key"] for row in whole[name]} for name in vocabulary.COLUMNS}
    assert len(known["conditions"]) >= 60 and len(known["red_flags"]) >= 10
    urgency = {row["key"]: row["urgency"] for row in whole["red_flags"]}
    for one in whole["conditions"]:
        assert {match["slug"] for match in one["specialities"]} <= known["specialities"]
        assert {match["slug"] for match in one["treatments"]} <= known["treatments"]
        assert {"112", "doctor_now"} <= {urgency[key] for key in one["red_flags"]}, one["slug"]


def test_the_columns_are_told_where_people_look(settings):
    told = (settings.BASE_DIR / "docs" / "open-data.md").read_text(encoding="utf-8")
    for column in CLINICS_CSV.columns:
        name = re.sub(
            r"^(contact|offers|prices|referral|hours|access|waiting)_(source|stated_on)$", r"<group>_\2", column.name
        )
        assert f"`{name}`" in told, column.name
