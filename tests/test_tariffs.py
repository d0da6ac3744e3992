"""Which agreed fee holds on which day, who may see it, and how the committed rows come in."""

import datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinics import tariffs
from clinics.loading import money, money_files
from clinics.loading.money import load_money
from clinics.loading.money_files import MoneyDataError, read_rules, read_tariffs
from clinics.models import ReferralRule, Region, Tariff
from clinics.tariffs import alarms, shares_on

from .money import tariff

pytestmark = pytest.mark.django_db

# name → service, share, first day, last day, and what else
ROWS = {
    "summer": ("first", "300", "2026-04-01", "2026-09-30"),
    "winter": ("first", "310", "2026-10-01", "2027-03-31"),
    "gap": ("first", "310", "2026-10-05", "2027-03-31"),
    "unverified": ("first", "320", "2026-10-01", "2027-03-31", {"verified_at": None}),
    "open": ("first", "290", "2025-10-01", None),
    "overlap": ("first", "305", "2026-09-01", "2026-10-31"),
    "example": ("first", "111", "2026-04-01", "2027-03-31", {"is_example": True, "verified_at": None}),
}
TABLE = [
    # rows                      day           amount
    ("summer winter", "2026-03-31", None),
    ("summer winter", "2026-04-01", "300"),
    ("summer winter", "2026-09-30", "300"),
    ("summer winter", "2026-10-01", "310"),
    ("summer winter", "2027-03-31", "310"),
    ("summer winter", "2027-04-01", None),
    ("summer gap", "2026-09-30", "300"),
    ("summer gap", "2026-10-01", None),
    ("summer gap", "2026-10-04", None),
    ("summer gap", "2026-10-05", "310"),
    ("", "2026-06-01", None),
    ("unverified", "2026-10-01", None),
    ("summer unverified", "2026-09-30", "300"),
    ("summer unverified", "2026-10-01", None),
    ("open unverified", "2026-10-01", "290"),
    ("open summer", "2026-03-31", "290"),
    ("open summer", "2026-04-01", "300"),
    ("open summer", "2026-10-01", "290"),
    ("overlap summer", "2026-08-31", "300"),
    ("overlap summer", "2026-09-01", "305"),
    ("summer overlap", "2026-09-30", "305"),
    ("overlap winter", "2026-10-01", "310"),
    ("example", "2026-10-01", None),
    ("example winter", "2026-10-01", "310"),
    ("open", "2027-01-01", "290"),
    ("winter", "2026-12-31", "310"),
    ("winter", "2027-01-01", "310"),
]


def store(names: str) -> None:
    for name in names.split():
        service, share, start, end, *more = ROWS[name]
        tariff(service, share, start, end, **(more[0] if more else {}))


@pytest.mark.parametrize(("names", "day", "amount"), TABLE)
def test_the_row_that_holds_on_a_day(names, day, amount):
    store(names)
    on = datetime.date.fromisoformat(day)
    assert shares_on(on).amount("first") == (Decimal(amount) if amount else None)
    # The queryset says who may see a row; only where several hold does it leave the choice to us.
    shown = {row.patient_share for row in Tariff.objects.shown(on)}
    assert bool(shown) == bool(amount)
    assert amount is None or Decimal(amount) in shown


def test_invented_clinics_see_invented_rows_alone():
    store("summer example")
    day = datetime.date(2026, 5, 1)
    assert shares_on(day).amount("first") == 300
    assert shares_on(day, examples=True).amount("first") == 111
    assert shares_on(day, examples=True).is_example and not shares_on(day).is_example


def test_one_statement_and_then_none(django_assert_num_queries):
    store("summer winter")
    with django_assert_num_queries(1):
        shares_on(datetime.date(2026, 9, 30))
    with django_assert_num_queries(0):
        assert shares_on(datetime.date(2026, 10, 1)).amount("first") == 310


def test_a_process_reads_again_before_long(monkeypatch):
    store("summer")
    day = datetime.date(2026, 5, 1)
    assert shares_on(day).amount("first") == 300
    Tariff.objects.update(patient_share=301)
    assert shares_on(day).amount("first") == 300
    later = tariffs.time.monotonic() + tariffs.SECONDS + 1
    monkeypatch.setattr(tariffs.time, "monotonic", lambda: later)
    assert shares_on(day).amount("first") == 301


def test_the_estimate_in_words_needs_both_amounts():
    tariff("first", "293.98", "2026-04-01", "2026-09-30")
    day = datetime.date(2026, 5, 1)
    assert shares_on(day).sentence == ""
    tariff("normal", "1186.50", "2026-04-01", "2026-09-30")
    assert shares_on(day).sentence == "ca. 294 kr. første gang, ca. 1.187 kr. derefter"


@pytest.mark.parametrize(
    ("source", "hosts", "words"),
    [
        ("https://www.fysio.dk/takster", ["fysio.dk"], ""),
        ("https://www.xn--fysioterapi-sterbro-67b.dk/priser/", ["fysioterapi-østerbro.dk"], ""),
        ("Overenskomsten 2024 https://a.dk/x http://b.dk/y", ["a.dk", "b.dk"], "Overenskomsten 2024"),
        ("javascript:alert(1)", [], "javascript:alert(1)"),
        ("https:// https://[", ["", "["], ""),
        ("https://xn--\udfff", ["xn--\udfff"], ""),
    ],
)
def test_where_a_row_comes_from(source, hosts, words):
    row = Tariff(valid_from=datetime.date(2026, 4, 1), source=source)
    origin = tariffs.origin(row)
    assert ([link.host for link in origin.links], origin.words) == (hosts, words)


# --- alarms


@pytest.mark.parametrize(
    ("names", "day", "says"),
    [
        ("", "2026-05-01", "intet bekræftet beløb gælder i dag"),
        ("unverified", "2026-11-01", "intet bekræftet beløb gælder i dag"),
        ("summer", "2026-08-30", ""),
        ("summer", "2026-08-31", "til og med 30. september 2026"),
        ("summer", "2026-09-30", "til og med 30. september 2026"),
        ("summer", "2026-10-01", "intet bekræftet beløb gælder i dag"),
        ("summer winter", "2026-09-20", ""),
        ("summer gap", "2026-09-20", "til og med 30. september 2026"),
        ("summer unverified", "2026-09-20", "til og med 30. september 2026"),
        ("open", "2026-09-20", ""),
    ],
)
def test_alarms_for_the_administrator(names, day, says):
    store(names)
    mine = [alarm.text for alarm in alarms(datetime.date.fromisoformat(day)) if alarm.service == "first"]
    assert len(mine) == bool(says)
    assert says in "".join(mine)


# --- what may be saved


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"patient_share": 0}, "patient_share"),
        ({"patient_share": -1}, "patient_share"),
        ({"patient_share": 5001}, "patient_share"),
        ({"full_fee": 500, "subsidy": 150}, "full_fee"),
        ({"valid_to": None}, "valid_to"),
        ({"valid_to": datetime.date(2026, 3, 31)}, "valid_to"),
    ],
)
def test_a_tariff_that_cannot_be_right(changes, field):
    row = Tariff(
        service="first",
        patient_share=Decimal(300),
        valid_from=datetime.date(2026, 4, 1),
        valid_to=datetime.date(2026, 9, 30),
        source="x",
    )
    row.full_clean()
    for name, value in changes.items():
        setattr(row, name, Decimal(value) if isinstance(value, int) else value)
    with pytest.raises(ValidationError) as problem:
        row.full_clean()
    assert list(problem.value.message_dict) == [field]


# --- the committed files


def test_the_committed_rows_are_sound_and_nobody_has_verified_them():
    rows = read_tariffs() + read_rules()
    assert rows
    assert not [row for row in rows if row["verified_at"]]
    assert not [row for row in rows if row.get("region") == "sjaelland" and row["valid_to"] is None]


def test_loading_is_safe_twice_and_shows_nothing_that_nobody_verified():
    call_command("load_places", verbosity=0)
    first, second = load_money(), load_money()
    assert first["tariffs"].created and first["referral_rules"].created
    assert not second["tariffs"].created and not second["tariffs"].updated
    assert not second["referral_rules"].created and not second["referral_rules"].updated
    tariffs.forget()
    for row in Tariff.objects.all():
        assert not shares_on(row.valid_from)


def test_a_corrected_figure_replaces_the_wrong_one_but_not_a_persons(tmp_path):
    call_command("load_places", verbosity=0)
    load_money()
    path = tmp_path / "tariffs.csv"
    text = money_files.TARIFFS.read_text(encoding="utf-8")
    path.write_text(text.replace("293.98", "293.99").replace("484.31", "484.32"), encoding="utf-8")
    row = Tariff.objects.get(service="first", valid_from="2021-04-01")
    for field in ("edited_at", "verified_at"):
        Tariff.objects.update(edited_at=None, verified_at=None)
        Tariff.objects.filter(pk=row.pk).update(**{field: timezone.now()})
        outcome = load_money(tariffs_file=path)["tariffs"]
        assert "first 2021-04-01" in outcome.kept
    row.refresh_from_db()
    assert row.patient_share == Decimal("293.98")
    Tariff.objects.update(edited_at=None, verified_at=None)
    assert load_money(tariffs_file=path)["tariffs"].updated == ["first 2021-04-01"]
    row.refresh_from_db()
    assert row.patient_share == Decimal("293.99")


def test_invented_rows_and_a_persons_own_are_left_alone():
    call_command("load_places", verbosity=0)
    tariff("first", "111", "2021-04-01", "2021-09-30", is_example=True)
    tariff("first", "333", "2026-04-01", "2026-09-30")
    outcome = load_money()["tariffs"]
    assert outcome.absent == ["first 2026-04-01"]
    assert Tariff.objects.filter(patient_share__in=[111, 333]).count() == 2


def test_a_region_that_does_not_exist_stops_the_command(monkeypatch):
    Region.objects.all().delete()
    monkeypatch.setattr("clinics.management.commands.load_vocabulary.load_places", lambda: None)
    monkeypatch.setattr("clinics.management.commands.load_vocabulary.load_safety", dict)
    with pytest.raises(CommandError, match=r"referral_rules: .*region sjaelland"):
        call_command("load_vocabulary", verbosity=0, stdout=StringIO())
    assert not ReferralRule.objects.exists()


HEAD_T = "service,code,full_fee,subsidy,patient_share,valid_from,valid_to,checked_at,verified_at,source\n"
HEAD_R = (
    "service,region,municipality,with_ydernummer,needs_referral,payer,text,valid_from,valid_to,checked_at,verified_at,"
    "to_be_verified,source\n"
)
GOOD_T = "first,,484.31,190.33,293.98,2021-04-01,2021-09-30,,,https://a.dk/x"
GOOD_R = "ordinary,,,1,1,share,Tekst,2024-01-01,,,,0,https://a.dk/x"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("first", "third", "service: third is none of"),
        ("293.98", "293.97", "is not 484.31"),
        ("293.98", "", "patient_share is missing"),
        ("293.98", "-293.98", "is not an amount"),
        ("293.98", "0", "is not an amount"),
        ("293.98", "293,98", "columns"),
        ("293.98", "1e2", "is not an amount"),
        ("293.98", "٢٩٣", "is not an amount"),
        ("484.31,190.33,293.98", ",,9999", "is not an amount"),
        ("2021-04-01", "1/4 2021", "is not a date"),
        ("2021-04-01", "", "valid_from is missing"),
        ("2021-09-30", "2021-03-30", "before valid_from"),
        (",,,https", ",,2021-04-02,https", "a person verifies"),
        ("https://a.dk/x", "klinikken", "must name an address"),
        ("https://a.dk/x", "https://a.dk/x,more", "columns"),
        (GOOD_T, f"{GOOD_T}\n{GOOD_T}", "line 3: stands here twice"),
    ],
)
def test_a_wrong_line_of_tariffs_is_named(tmp_path: Path, old, new, says):
    path = tmp_path / "tariffs.csv"
    path.write_text(HEAD_T + GOOD_T + "\n", encoding="utf-8")
    assert len(read_tariffs(path)) == 1
    path.write_text(HEAD_T + GOOD_T.replace(old, new, 1) + "\n", encoding="utf-8")
    with pytest.raises(MoneyDataError) as error:
        read_tariffs(path)
    assert "tariffs.csv" in str(error.value) and "line" in str(error.value)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("share", "half", "payer: half is none of"),
        (",1,1,", ",ja,1,", "with_ydernummer: ja is none of"),
        ("Tekst", " ", "text is missing"),
        (",0,https", ",,https", "to_be_verified: nothing is none of"),
        ("2024-01-01", "2024-13-01", "is not a date"),
    ],
)
def test_a_wrong_line_of_rules_is_named(tmp_path: Path, old, new, says):
    path = tmp_path / "referral_rules.csv"
    path.write_text(HEAD_R + GOOD_R + "\n", encoding="utf-8")
    assert len(read_rules(path)) == 1
    path.write_text(HEAD_R + GOOD_R.replace(old, new, 1) + "\n", encoding="utf-8")
    with pytest.raises(MoneyDataError, match=r"referral_rules\.csv.*line 2") as error:
        read_rules(path)
    assert says in str(error.value)


@pytest.mark.parametrize("content", [b"", b"a,b\n", HEAD_T.encode() + b"\xff\xfe\n", HEAD_T.encode() + b'"first\n'])
def test_a_file_that_is_no_table(tmp_path: Path, content):
    path = tmp_path / "tariffs.csv"
    path.write_bytes(content)
    with pytest.raises(MoneyDataError, match=r"tariffs\.csv"):
        read_tariffs(path)


def test_nothing_is_loaded_from_a_file_with_a_fault(tmp_path: Path):
    path = tmp_path / "referral_rules.csv"
    path.write_text(HEAD_R + GOOD_R + "\n" + GOOD_R.replace("share", "half"), encoding="utf-8")
    with pytest.raises(MoneyDataError):
        money.load_money(rules_file=path)
    assert not Tariff.objects.exists() and not ReferralRule.objects.exists()
