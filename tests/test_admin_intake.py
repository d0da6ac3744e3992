"""A moderator and a list of clinics: handed in, its columns said, followed, applied and rolled back."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinics.intake.reading.columns import FACTS, IGNORED
from clinics.intake.reading.sampling import MOST
from clinics.models import Clinic, ImportBatch, ImportFile, ImportRecord
from fysfinder.roles import sync_roles

from .intake_lists import BATCHES, FILE, RECORDS, mona_with, record, rows_shown, shown, staged
from .people import clinic, places
from .worlds import kept

pytestmark = pytest.mark.django_db

State = ImportRecord.State


@pytest.fixture
def mona(client):
    return mona_with(client)


@kept
def batch():
    return staged()


@pytest.fixture
def nudged(monkeypatch):
    """Which lists the worker was asked to look at."""
    asked: list[int] = []
    monkeypatch.setattr("clinics.intake.working.nudge", asked.append)
    return asked


def upload(mona, text: str | bytes, called: str = "liste.csv", **fields):
    content = text.encode() if isinstance(text, str) else text
    data = {"file": SimpleUploadedFile(called, content), "name": "Byens liste", "source": "import"} | fields
    return mona.post(f"{BATCHES}add/", data)


# --- handing in


def test_a_list_whose_headings_are_known_is_read_at_once(mona, nudged, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(mona, "navn;postnr\nÅens;8000\n", stated_on="2026-11-01", licence="CC BY 4.0")
    one = ImportBatch.objects.get()
    assert answer["Location"] == f"{BATCHES}{one.pk}/change/" and nudged == [one.pk]
    assert (one.name, one.licence, one.format, one.status, one.created_by) == (
        "Byens liste", "CC BY 4.0", "csv", "staging", mona.user,
    )  # fmt: skip


def test_unknown_headings_are_asked_about_before_anything_is_read(mona, nudged, django_capture_on_commit_callbacks):
    text = "Lokation;ZipCode;Fon;Kommentar\nÅens Fysioterapi;8000;86 12 12 99;=cmd()\n"
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(mona, text)
    one = ImportBatch.objects.get()
    url = f"{BATCHES}{one.pk}/kolonner/"
    assert answer["Location"] == url and nudged == []
    assert "Sig, hvad kolonnerne er" in shown(mona.get(f"{BATCHES}{one.pk}/change/"))
    page = mona.get(url)
    assert [line.chosen for line in page.context["lines"]] == ["name", "", "", ""]
    assert "=cmd()" in shown(page) and "86 12 12 99" in shown(page)

    said = {"kolonne-0": "name", "kolonne-1": "postcode_id", "kolonne-2": "phone", "kolonne-3": "", "kolonner": "4"}
    refused_page = mona.post(url, said)
    assert refused_page.status_code == 422 and "1 mangler" in shown(refused_page)
    assert [line.chosen for line in refused_page.context["lines"]] == ["name", "postcode_id", "phone", ""]
    assert nudged == []

    with django_capture_on_commit_callbacks(execute=True):
        mona.post(url, said | {"kolonne-3": IGNORED})
    one.refresh_from_db()
    assert one.columns == {"Lokation": "name", "ZipCode": "postcode_id", "Fon": "phone", "Kommentar": IGNORED}
    assert (one.status, one.problem) == ("staging", "") and nudged == [one.pk]


@pytest.mark.parametrize(
    ("chosen", "text"),
    [
        (("phone", "postcode_id"), "klinikkens navn"),
        (("name", "phone"), "Uden et sted"),
        (("name", "rodekors"), "1 mangler"),
        ((IGNORED, IGNORED), "klinikkens navn"),
    ],
)
def test_columns_of_which_no_clinic_can_come_are_refused(mona, batch, nudged, chosen, text):
    data = {"kolonner": "2"} | {f"kolonne-{place}": one for place, one in enumerate(chosen)}
    answer = mona.post(f"{BATCHES}{batch.pk}/kolonner/", data)
    assert answer.status_code == 422 and text in shown(answer)
    batch.refresh_from_db()
    assert (batch.columns, batch.status) == ({}, "staged")


def test_other_columns_forget_what_was_decided(mona, batch, nudged):
    record(batch)
    data = {"kolonner": "2", "kolonne-0": "name", "kolonne-1": "postcode_id"}
    mona.post(f"{BATCHES}{batch.pk}/kolonner/", data)
    batch.refresh_from_db()
    assert batch.status == "staging" and not batch.records.exists()
    assert mona.post(f"{BATCHES}{batch.pk}/kolonner/", data).status_code == 422, "it is being read"


def test_a_mapping_file_says_it_all(mona, nudged):
    mapping = SimpleUploadedFile("kolonner.yaml", b'kolonner:\n  "Fon": telefon\n  "Sted": postnr\n')
    upload(mona, "navn;Sted;Fon\nÅens;8000;86121299\n", mapping=mapping)
    assert ImportBatch.objects.get().columns == {"Fon": "phone", "Sted": "postcode_id"}
    wrong = SimpleUploadedFile("kolonner.yaml", b'kolonner:\n  "Fon": rumraket\n')
    answer = upload(mona, "navn;Fon\nÅens;86121299\n", mapping=wrong)
    assert answer.status_code == 422 and "rumraket" in shown(answer) and ImportBatch.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "given", "format"),
    [("a.csv", "", "csv"), ("a.GEOJSON", "", "geojson"), ("a.json", "", "geojson"), ("a.csv", "geojson", "geojson")],
)
def test_the_format_is_guessed_from_the_name(mona, nudged, name, given, format):
    upload(mona, "navn;postnr\nÅens;8000\n", name, format=given)
    assert ImportBatch.objects.get().format == format


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"name": ""}, "Skriv, hvad listen hedder"),
        ({"name": "x" * 10_000}, "højst fylde 120 tegn"),
        ({"stated_on": "2099-01-01"}, "ligger i fremtiden"),
        ({"stated_on": "i går"}, "Skriv datoen"),
        ({"licence": "x" * 61}, "højst fylde 60 tegn"),
        ({"source": "clinic"}, "gyldig"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK")}, "Gem det som CSV"),
        ({"file": SimpleUploadedFile("a.dat", b"navn\nx\n")}, "filens navn siger det ikke"),
        ({"file": SimpleUploadedFile("a.csv", b"")}, "Filen er tom"),
        ({"file": ""}, "Vælg filen"),
        ({"mapping": SimpleUploadedFile("k.yaml", b"\xff\xfe")}, "UTF-8"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(mona, nudged, fields, text):
    answer = upload(mona, "navn;postnr\nÅens;8000\n", **fields)
    assert answer.status_code == 422 and text in shown(answer) and "Fejl:" in shown(answer)
    assert shown(answer).count(" autofocus") == (2 if "source" in fields else 1), "at the first fault"
    assert not ImportBatch.objects.exists()


def test_an_export_from_openstreetmap_says_its_date_and_terms_itself(mona, nudged):
    text = '{"type": "FeatureCollection", "generator": "overpass-turbo", "timestamp": "2020-11-20T10:00:00Z", "features": []}'
    upload(mona, text, "a.geojson")
    upload(mona, text + " ", "b.geojson", stated_on="2020-11-01", licence="Aftale")
    assert [(one.licence, str(one.stated_on)) for one in ImportBatch.objects.order_by("pk")] == [
        ("ODbL 1.0", "2020-11-20"), ("Aftale", "2020-11-01"),
    ]  # fmt: skip


def test_the_same_file_twice_leads_to_the_first(mona, nudged):
    upload(mona, "navn;postnr\nÅens;8000\n")
    first = ImportBatch.objects.get()
    answer = upload(mona, "navn;postnr\nÅens;8000\n")
    assert answer["Location"] == f"{BATCHES}{first.pk}/change/" and ImportBatch.objects.count() == 1


def test_a_file_that_is_no_list_goes_to_the_worker_who_says_so(mona, nudged):
    upload(mona, b"\x00\x01\x02", "a.csv")
    assert ImportBatch.objects.get().status == "staging"


def test_the_template_is_a_csv_with_every_heading(mona):
    answer = mona.get(f"{BATCHES}skabelon/")
    text = b"".join(answer).decode("utf-8-sig") if answer.streaming else answer.content.decode("utf-8-sig")
    assert text.startswith("id;navn;adresse") and answer["Content-Disposition"].startswith("attachment")
    assert "Skal udfyldes" in shown(mona.get(f"{BATCHES}add/"))


# --- how it stands


def test_the_page_says_what_waits_and_what_comes_next(mona, batch):
    for row, decision in enumerate(["new"] * 3 + ["update"] * 2 + ["person"] * 4 + ["skip"], start=2):
        record(batch, row, decision=decision)
    page = shown(mona.get(f"{BATCHES}{batch.pk}/change/"))
    assert "Indfør 5 klinikker" in page and "Se de 4, der venter på dig" in page
    assert f"{RECORDS}?liste={batch.pk}&amp;decision__exact=new&amp;state__exact=staged" in page
    assert rows_shown(mona, f"liste={batch.pk}&decision__exact=new&state__exact=staged") == [2, 3, 4]


def test_problems_stand_with_the_most_frequent_first(mona, batch):
    for row in range(2, 7):
        record(batch, row, problems=[{"field": "phone", "text": f"“{row}” er intet nummer.", "fatal": False}])
    record(batch, 9, problems=[{"field": "", "text": "Intet sted.", "fatal": True}])
    page = mona.get(f"{BATCHES}{batch.pk}/change/")
    found = page.context["standing"].problems
    assert [(one.label, one.number, one.fatal) for one in found] == [("Telefon", 5, False), ("Hele rækken", 1, True)]
    assert "Rækken kan ikke bruges." in shown(page)
    for one, number in zip(found, (5, 1), strict=True):
        assert len(mona.get(one.url).context["cl"].result_list) == number


def test_rows_about_something_else_are_passed_over_and_not_at_fault(mona, batch):
    other = {"field": "", "text": "Ikke fysioterapi.", "fatal": True, "passed": True}
    made = [record(batch, row, decision="skip", problems=[other]) for row in (2, 3)]
    page = shown(mona.get(f"{BATCHES}{batch.pk}/change/"))
    assert "Rækkerne springes over." in page and "kan ikke bruges" not in page
    page = shown(mona.get(f"{RECORDS}{made[0].pk}/change/"))
    assert "Ikke fysioterapi." in page and "kan ikke bruges" not in page


@pytest.mark.parametrize(
    ("status", "says"),
    [("staging", "12 af 100 rækker"), ("applying", "1 af 3 rækker"), ("undoing", "0 af 1 række")],
)
def test_while_the_worker_works_the_page_looks_again_by_itself(mona, batch, status, says):
    ImportBatch.objects.update(status=status, rows=12, total=100)
    record(batch, 2, decision="new", state=State.APPLIED)
    record(batch, 3, decision="new")
    record(batch, 4, decision="update")
    url = f"{BATCHES}{batch.pk}/change/"
    page = shown(mona.get(url))
    assert says in page and f'hx-get="{url}"' in page and "Indfør" not in page
    part = shown(mona.get(url, headers={"HX-Request": "true"}))
    assert says in part and "<html" not in part
    ImportBatch.objects.update(status="applied")
    assert "hx-get" not in shown(mona.get(url, headers={"HX-Request": "true"}))


def test_when_the_session_ends_meanwhile_the_whole_page_goes_to_the_log_in(mona, batch):
    ImportBatch.objects.update(status="applying")
    url = f"{BATCHES}{batch.pk}/change/"
    mona.logout()
    part = mona.get(url, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, mona.get(mona.get(url)["Location"])["Location"])
    assert part["HX-Redirect"].startswith("/konto/log-ind/?next=%2Fadmin%2F") and not part.content


def test_a_list_that_could_not_be_read_is_tried_again(mona, batch, nudged, django_capture_on_commit_callbacks):
    ImportBatch.objects.update(status="failed", problem="Filen er <b>ikke</b> en tekstfil.")
    url = f"{BATCHES}{batch.pk}/change/"
    page = shown(mona.get(url))
    assert "Filen er &lt;b&gt;ikke" in page and "Prøv igen" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert mona.post(url, {"_again": "1"}).status_code == 302
    batch.refresh_from_db()
    assert (batch.status, batch.problem) == ("staging", "") and nudged == [batch.pk]


def test_applied_and_rolled_back_by_a_button_each(mona, batch, nudged, django_capture_on_commit_callbacks):
    made = record(batch, decision="new")
    record(batch, 9)
    url, ask = f"{BATCHES}{batch.pk}/change/", f"{BATCHES}{batch.pk}/indfoer/"
    assert ask in shown(mona.get(url)) and 'name="_apply"' not in shown(mona.get(url)), "asked first"
    asked = shown(mona.get(ask))
    assert "1</strong> ny klinik" in asked and "1</strong> række venter på dig" in asked
    assert "Ja, indfør 1 klinik" in asked and "vi har, får" not in asked
    assert mona.post(ask, {"_apply": "1"})["Location"] == url and ImportBatch.objects.get().status == "staged"
    with django_capture_on_commit_callbacks(execute=True):
        mona.post(url, {"_apply": "1"})
    batch.refresh_from_db()
    assert batch.status == "applying" and nudged == [batch.pk]
    assert mona.get(ask)["Location"] == url, "nothing to ask any more"
    assert mona.post(url, {"_undo": "1"}).status_code == 422, "said on the page"
    ImportBatch.objects.update(status="applied")
    ImportRecord.objects.filter(pk=made.pk).update(state="applied", made_clinic=True)
    asked = shown(mona.get(f"{BATCHES}{batch.pk}/rul-tilbage/"))
    assert "1</strong> klinik, som listen oprettede" in asked and 'name="_undo"' in asked
    mona.post(url, {"_undo": "1"})
    batch.refresh_from_db()
    assert batch.status == "undoing"


def test_a_step_that_makes_no_sense_says_why(mona, batch):
    answer = mona.post(f"{BATCHES}{batch.pk}/change/", {"_apply": "1"})
    assert "ingen rækker at indføre" in shown(answer) and answer.status_code == 422
    assert mona.post(f"{BATCHES}{batch.pk}/change/", {}).status_code == 422


def test_the_file_comes_as_it_came_and_is_never_shown(mona, batch):
    ImportBatch.objects.update(file_name='a"<script>.html')
    answer = mona.get(f"{BATCHES}{batch.pk}/fil/")
    assert b"".join(answer) == FILE.encode()
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    ImportFile.objects.all().delete()
    assert mona.get(f"{BATCHES}{batch.pk}/fil/").status_code == 404
    assert "slettet" in shown(mona.get(f"{BATCHES}{batch.pk}/change/"))


# --- who


@pytest.mark.parametrize("who", ["owner", "editor", "nobody"])
def test_nobody_else_sees_or_does_anything(client, batch, django_user_model, who):
    sync_roles()
    user = django_user_model.objects.create_user(who, is_staff=True)
    if who != "nobody":
        user.groups.add(Group.objects.get(name={"owner": "Klinikejer", "editor": "Redaktør"}[who]))
    client.force_login(user)
    made = record(batch, clinic=clinic("Åens", "Aarhus C"))
    urls = [
        BATCHES, f"{BATCHES}add/", f"{BATCHES}skabelon/", RECORDS, f"{RECORDS}{made.pk}/change/", f"{RECORDS}?q=a",
        *(f"{BATCHES}{batch.pk}/{page}/" for page in ("change", "kolonner", "indfoer", "rul-tilbage", "fil", "history")),
    ]  # fmt: skip
    everything = {"_apply": "1", "_undo": "1", "valg": "ny", "_selected_action": [made.pk], "action": "as_new"}
    for url in urls:
        assert client.get(url).status_code in (403, 404), url
        assert client.post(url, everything).status_code in (403, 404), url
    assert ImportRecord.objects.get().decision == "person" and ImportBatch.objects.get().status == "staged"


def test_forms_ask_for_their_token(mona, batch):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(mona.user)
    made = record(batch, decision="new")
    one = f"{BATCHES}{batch.pk}"
    for url in (f"{BATCHES}add/", f"{one}/change/", f"{one}/kolonner/", f"{RECORDS}{made.pk}/change/"):
        assert strict.post(url, {"_apply": "1"}).status_code == 403


def test_rows_that_wait_stand_on_the_front_page(mona, batch):
    record(batch, 2)
    record(batch, 3, decision="new")
    done = ImportBatch.objects.create(name="Gammel", file_name="x", status="undone", digest="1" * 64)
    record(done, 2)
    page = mona.get("/admin/")
    line = next(one for one in page.context["waiting"] if one.label == "Rækker i lister, der skal ses")
    assert line.count == 1
    waiting = {one.name: one.to_see for one in mona.get(BATCHES).context["cl"].result_list}
    assert waiting == {batch.name: 1, "Gammel": 0}, "nothing waits in one that was rolled back"
    assert rows_shown(mona, line.url.partition("?")[2]) == [2]


def test_every_fact_that_a_column_may_be_can_be_chosen(mona, batch):
    page = shown(mona.get(f"{BATCHES}{batch.pk}/kolonner/"))
    assert all(f'<option value="{name}"' in page for name in FACTS)


# --- with the worker, from the file to the clinic and back


@pytest.fixture
def eager(monkeypatch):
    """The worker does its work as soon as it is nudged."""
    from clinics.intake import working

    monkeypatch.setattr(working, "nudge", working.work)


def test_handed_in_applied_and_rolled_back(mona, eager, django_capture_on_commit_callbacks):
    places()
    here = clinic("Åens Fysioterapi", "Aarhus C", street="Åboulevarden 1", phone="+4586121299")
    text = (
        "navn;adresse;postnr;telefon;hjemmeside;pris_første\n"
        "Åens Fysioterapi;Åboulevarden 1;8000;86 12 12 99;aaen.example;\n"
        "Fjordens Fysioterapi;Havnegade 3;8900;86 42 12 03;;506,72\n"
        "Uden sted;;;;;\n"
    )
    with django_capture_on_commit_callbacks(execute=True):
        upload(mona, text, stated_on="2026-11-01")
    one = ImportBatch.objects.get()
    url = f"{BATCHES}{one.pk}/change/"
    assert one.status == "staged", one.problem
    assert "Indfør 2 klinikker" in shown(mona.get(url))
    assert list(one.records.values_list("decision", flat=True)) == ["update", "new", "skip"]
    assert "Rækken kan ikke bruges." in shown(mona.get(url))

    with django_capture_on_commit_callbacks(execute=True):
        mona.post(url, {"_apply": "1"})
    here.refresh_from_db()
    made = Clinic.objects.get(name="Fjordens Fysioterapi")
    assert here.website == "https://aaen.example" and made.status == "published"
    assert "2</span> rækker er indført" in shown(mona.get(url))
    for row in one.records.all():
        assert mona.get(f"{RECORDS}{row.pk}/change/").status_code == 200

    asked = shown(mona.get(f"{BATCHES}{one.pk}/rul-tilbage/"))
    assert "<strong>1</strong> klinik, som listen oprettede" in asked and "<strong>1</strong> klinik får" in asked
    with django_capture_on_commit_callbacks(execute=True):
        mona.post(url, {"_undo": "1"})
    here.refresh_from_db()
    assert list(one.records.values_list("state", "note"))[:2] == [("undone", ""), ("undone", "")]
    assert here.website == "" and not Clinic.objects.filter(pk=made.pk).exists()
    assert "2</span> rækker er rullet tilbage" in shown(mona.get(url))
    history = shown(mona.get(f"{BATCHES}{one.pk}/history/"))
    assert "indfør listen" in history and "rul listen tilbage" in history


# --- files that are hard to ask about


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (";".join(f"kolonne {one}" for one in range(5000)) + "\nx\n", MOST),
        ('navn;postnr;"aldrig lukket\nÅens;8000\n', 3),
        ("\n\nnavn;postnr;andet\n", 3),
        ("navn;navn;;andet\na;b;c;d\n", 2),
        ("sep=,\nnavn,andet\nÅens,x\n", 2),
        ("navn\tandet\nÅens\tx\n", 2),
    ],
)
def test_columns_are_asked_about_whatever_the_file_looks_like(mona, nudged, text, number):
    upload(mona, text)
    page = mona.get(f"{BATCHES}{ImportBatch.objects.get().pk}/kolonner/")
    assert page.status_code == 200 and len(page.context["lines"]) == number
