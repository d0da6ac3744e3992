"""The rows of a list in the admin: looked through, decided many at once, and one beside the clinics it may be."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinics.intake import deciding
from clinics.intake.deciding import decide
from clinics.models import Clinic, ImportBatch, ImportRecord

from .intake_lists import BATCHES, FACTS_OF_ONE, RECORDS, all_of, mona_with, record, rows_shown, shown, staged
from .people import clinic
from .worlds import kept

pytestmark = pytest.mark.django_db

Decision, State = ImportRecord.Decision, ImportRecord.State


@pytest.fixture
def mona(client):
    return mona_with(client)


@kept
def batch():
    return staged()


# --- the list of rows


def test_rows_are_filtered_and_found(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C", phone="+4511111111", street="Åboulevarden 1")
    record(batch, 2, clinic=there)
    record(
        batch, 3, facts=FACTS_OF_ONE | {"name": "Fjordens"}, problems=[{"field": "phone", "text": "x", "fatal": False}]
    )
    record(batch, 4, facts={"name": "Den samme", "phone": "+4511111111", "postcode_id": "8000"}, clinic=there)
    record(batch, 5, problems=[{"field": "", "text": "x", "fatal": True}], decision="skip", state="failed")
    mine = f"liste={batch.pk}"
    assert rows_shown(mona, mine) == [2, 3, 4, 5]
    assert (
        rows_shown(mona, "liste=999999") == rows_shown(mona, "liste=x") == rows_shown(mona, f"liste={'9' * 40}") == []
    )
    assert rows_shown(mona, f"{mine}&q=fjord") == [3]
    assert rows_shown(mona, f"{mine}&decision__exact=skip") == rows_shown(mona, f"{mine}&state__exact=failed") == [5]
    assert rows_shown(mona, f"{mine}&fejl=nogen") == [3, 5]
    assert rows_shown(mona, f"{mine}&fejl=phone") == [3]
    assert rows_shown(mona, f"{mine}&fejl=afg%C3%B8rende") == rows_shown(mona, f"{mine}&fejl=r%C3%A6kken") == [5]
    assert rows_shown(mona, f"{mine}&fejl=ingen") == [2, 4]
    assert rows_shown(mona, f"{mine}&forskelle=ja") == [2], "another phone; row 4 says what is there"


@pytest.mark.parametrize(("fact", "value", "differs"), [
    ("has_ydernummer", True, True), ("has_ydernummer", False, False), ("waiting_days", 5, False), ("waiting_days", 6, True),
    ("parking", True, True), ("postcode_id", "8000", False), ("postcode_id", "8200", True),
])  # fmt: skip
def test_a_difference_is_what_the_clinic_does_not_say(mona, batch, fact, value, differs):
    there = clinic("Åens", "Aarhus C", has_ydernummer=False, waiting_days=5)
    record(batch, 2, facts={"name": "Åens", fact: value}, clinic=there)
    assert rows_shown(mona, f"liste={batch.pk}&forskelle=ja") == ([2] if differs else [])


def test_many_rows_at_once_leave_what_another_has_decided_since_the_page_was_opened(mona, batch):
    mine, theirs = record(batch, 2), record(batch, 3)
    url = f"{RECORDS}?liste={batch.pk}"
    page = shown(mona.get(url))
    told = {f"set-{one.pk}": f"person/{one.clinic_id or ''}/staged" for one in (mine, theirs)}
    assert all(f'name="{name}" value="{value}"' in page for name, value in told.items())
    theirs.decision = "new"
    theirs.save()
    data = {"action": "passed_over", "_selected_action": [mine.pk, theirs.pk]} | told
    answer = shown(mona.post(url, data, follow=True))
    assert "1 række springes over." in answer and "1 række er som før. En anden har afgjort dem" in answer
    assert list(all_of(batch).values_list("decision", flat=True)) == ["skip", "new"]
    mona.post(url, data | {"select_across": "1"})
    assert list(all_of(batch).values_list("decision", flat=True)) == ["skip", "skip"], "all of a filter as it is now"


def test_more_rows_than_one_request_can_decide_are_said_to_be_left(mona, batch, monkeypatch):
    monkeypatch.setattr(deciding, "MOST", 2)
    for row in range(2, 7):
        record(batch, row)
    url, data = f"{RECORDS}?liste={batch.pk}", {"action": "passed_over", "_selected_action": [], "select_across": "1"}
    data["_selected_action"] = [all_of(batch).first().pk]
    told = [shown(mona.post(url, data, follow=True)) for _ in range(3)]
    assert "2 rækker springes over." in told[0] and "3 rækker er ikke nået" in told[0]
    assert "4 rækker springes over." in told[1] and "1 række er ikke nået" in told[1]
    assert "5 rækker springes over." in told[2] and "ikke nået" not in told[2]
    assert set(all_of(batch).values_list("decision", flat=True)) == {"skip"}


def test_bulk_actions_of_the_list_say_what_was_done_and_what_not(mona, batch):
    record(batch, 2, clinic=clinic("Åens Fysioterapi", "Aarhus C"), score=60)
    record(batch, 3)
    chosen = list(all_of(batch).values_list("pk", flat=True))
    url = f"{RECORDS}?liste={batch.pk}"
    answer = mona.post(url, {"action": "as_proposed_clinic", "_selected_action": chosen}, follow=True)
    assert "1 række opdaterer en klinik." in shown(answer) and deciding.NO_CLINIC in shown(answer)
    answer = mona.post(
        url, {"action": "passed_over", "_selected_action": chosen[:1], "select_across": "1"}, follow=True
    )
    assert "2 rækker springes over." in shown(answer)
    mona.post(url, {"action": "back_to_a_person", "_selected_action": chosen})
    mona.post(url, {"action": "as_new", "_selected_action": chosen})
    assert list(all_of(batch).values_list("decision", flat=True)) == ["new", "new"]


def test_the_list_asks_as_much_for_hundred_rows_as_for_one_and_never_counts_all(mona, batch):
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            mona.get(f"{RECORDS}?liste={batch.pk}")
        return [one["sql"] for one in seen.captured_queries]

    record(batch, 2, clinic=clinic("Åens", "Aarhus C"))
    one = asked()
    for row in range(3, 60):
        record(batch, row, clinic=clinic(f"Nummer {row}", "Aarhus C"))
    many = asked()
    assert len(many) == len(one)
    counts = [sql for sql in many if "COUNT(" in sql]
    assert counts and not any("JOIN" in sql for sql in counts)


# --- one row


def test_one_row_beside_the_clinics_it_may_be(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C", phone="+4586121200", street="Åboulevarden 1")
    other = clinic("Å-klinikken", "Aarhus C")
    made = record(
        batch, clinic=there, score=70, reasons=["samme navn", "men forskellig telefon"],
        others=[{"pk": other.pk, "score": 45, "reasons": ["samme by"]}], note="Se på telefonen.",
        problems=[{"field": "email", "text": "“x” er ingen e-mail.", "fatal": False}],
    )  # fmt: skip
    page = mona.get(f"{RECORDS}{made.pk}/change/")
    first, second = page.context["options"]
    assert (first.clinic, first.reasons, first.against) == (there, ["samme navn"], ["forskellig telefon"])
    assert second.clinic == other
    assert [one.label for one in (*first.written, *first.kept)] == ["Telefon"]
    text = shown(page)
    assert (
        "86 12 12 00" in text
        and "86 12 12 99" in text
        and "“x” er ingen e-mail." in text
        and "Se på telefonen." in text
    )
    assert " checked" not in text, "what waits is chosen by a person"


def test_saved_and_on_to_the_next_until_none_waits(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C")
    rows = [record(batch, row, clinic=there if row == 2 else None) for row in (2, 3, 4)]

    def save(row, chosen, **more):
        row.refresh_from_db()
        seen = f"{row.decision}/{row.clinic_id or ''}/{row.state}"
        return mona.post(f"{RECORDS}{row.pk}/change/", {"valg": chosen, "set": seen, "_next": "1"} | more)

    assert save(rows[1], "ny")["Location"].endswith(f"/{rows[2].pk}/change/")
    assert save(rows[2], "spring")["Location"].endswith(f"/{rows[0].pk}/change/"), "what was passed by comes again"
    assert save(rows[0], f"klinik-{there.pk}")["Location"].endswith(f"{BATCHES}{batch.pk}/change/")
    assert list(all_of(batch).values_list("decision", flat=True)) == ["update", "new", "skip"]
    assert save(rows[1], "person")["Location"].endswith(f"{BATCHES}{batch.pk}/change/")
    assert all_of(batch).get(row=3).decision == "person"


@pytest.mark.parametrize(
    "chosen", ["", "klinik-", "klinik-0", "klinik-x", "klinik-99999999999999999999", "klinik-²", "alt"]
)
def test_a_choice_that_is_none_comes_back_with_a_sentence(mona, batch, chosen):
    made = record(batch)
    answer = mona.post(f"{RECORDS}{made.pk}/change/", {"valg": chosen, "set": "person//staged", "_next": "1"})
    assert answer.status_code == 422 and "Fejl:" in shown(answer)
    assert ImportRecord.objects.get().decision == "person"


def test_what_another_decided_meanwhile_is_not_overwritten(mona, batch):
    made = record(batch)
    decide(records=all_of(batch), decision=Decision.SKIP, by=mona.user)
    answer = mona.post(f"{RECORDS}{made.pk}/change/", {"valg": "ny", "set": "person//staged"})
    assert answer.status_code == 422 and "ændret, siden" in shown(answer)
    assert ImportRecord.objects.get().decision == "skip"


def test_another_clinic_is_found_by_name_postcode_or_phone(mona, batch):
    hidden = clinic("Ganske Anderledes", "Randers", status="draft", phone="+4586121277")
    made = record(batch)
    for asked in ("anderledes", "8900", "86 12 12 77"):
        page = mona.get(f"{RECORDS}{made.pk}/change/", {"q": asked})
        assert [one.clinic for one in page.context["found_options"]] == [hidden]
        assert f'value="klinik-{hidden.pk}"' in shown(page) and "kladde" in shown(page)
    assert "Ingen fundet" in shown(mona.get(f"{RECORDS}{made.pk}/change/", {"q": "x\x00" * 500}))


def test_a_row_that_was_applied_is_shown_and_no_more(mona, batch):
    there = clinic("Åens Fysioterapi", "Aarhus C")
    made = record(batch, clinic=there, state=State.APPLIED, made_clinic=True, decision="new")
    page = shown(mona.get(f"{RECORDS}{made.pk}/change/"))
    assert "Blev til" in page and 'name="valg"' not in page
    answer = mona.post(f"{RECORDS}{made.pk}/change/", {"valg": "spring", "set": f"new/{there.pk}/applied"})
    assert answer.status_code == 422


def test_cells_are_text_whatever_they_hold(mona, batch):
    bad = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    ImportBatch.objects.update(name=bad[:120], licence=bad[:60])
    facts = {
        "name": bad, "street": "=cmd|' /C calc'!A0", "postcode_id": "8000", "website": "javascript:alert(1)",
        "town": bad, "text": bad * 300, "practitioners": [bad],
        "opening_hours": [{"weekday": 0, "opens": "08:00:00", "closes": "16:00:00"}],
        "prices": {"first": {"amount": "506.72", "terms": bad}}, "ny_oplysning": {"a": bad},
    }  # fmt: skip
    made = record(
        batch, facts=facts, name=bad, external_id=bad[:80], note=bad, reasons=[bad], clinic=clinic(bad, "Aarhus C"),
        problems=[{"field": bad, "text": bad, "fatal": False}],
    )  # fmt: skip
    row = f"{RECORDS}{made.pk}/change/"
    for url in (BATCHES, f"{BATCHES}{batch.pk}/change/", RECORDS, row, f"{row}?q={bad}"):
        page = shown(mona.get(url))
        assert "<script>alert" not in page and "<img src=x" not in page and 'href="javascript:' not in page
    assert "=cmd|" in page and "506,72 kr." in page and "08.00–16.00" in page


def test_a_clinic_may_be_gone(mona, batch):
    there = clinic("Åens", "Aarhus C")
    made = record(batch, others=[{"pk": there.pk, "score": 50, "reasons": []}])
    Clinic.objects.filter(pk=there.pk).delete()
    assert mona.get(f"{RECORDS}{made.pk}/change/").context["options"] == []
