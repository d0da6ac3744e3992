"""A list suggests; a moderator or the clinic says yes or no; until a yes no patient sees anything."""

import datetime
import re

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

from clinics import completeness, index, memberships, open_data, suggestions
from clinics.actions import ActionError
from clinics.intake.changing.changes import Said
from clinics.intake.changing.writing import store_suggestions, suggestions_for
from clinics.intake.suggesting import offer_words
from clinics.models import Clinic, ClinicSpeciality, ClinicVersion, Price, Provenance, Role, SearchEntry
from clinics.ownership import MODERATOR
from clinics.versions import plan_for, restore
from clinics.whole import fill
from fysfinder.roles import EDITOR, sync_roles

from .claims import person
from .clinic_form import address_of, faults, form_of
from .memory import forget
from .people import clinic, places, speciality, treatment
from .secrecy import told
from .worlds import kept

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 20, 11, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 20)
LIST = "/admin/clinics/clinic/forslag/"


def suggest(one: Clinic, list_name: str = "X", *, facts: dict[str, str]) -> list[str]:
    """As applying a row of a list does it. The slugs that were new."""
    stored = Clinic.objects.get(pk=one.pk)
    made = store_suggestions(suggestions_for(stored, facts, Said("import", list_name, None, "")))
    return [slug for rows in made.values() for slug in rows]


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        forget()
        yield
    forget()


@kept(at=NOON)
def havn() -> Clinic:
    """One for which a list has suggested knees and taping."""
    made = clinic("Havn", "Aarhus C", source="import")
    speciality("Knæ"), treatment("Taping")
    said = {"name": "Knæklinikken", "text": "Vi tilbyder taping."}
    assert suggest(made, "Klinikker i Aarhus", facts=said) == ["knae", "taping"]
    return made


@kept(at=NOON)
def rita() -> User:
    sync_roles()
    made = person("rita")
    made.is_staff = True
    made.save()
    made.groups.add(Group.objects.get(name=MODERATOR))
    return made


@kept(at=NOON)
def olga(havn) -> User:
    sync_roles()
    made = person("olga")
    memberships.join(clinic=havn, user=made, role=Role.OWNER, by=made)
    return User.objects.get(pk=made.pk)


def browser(user: User) -> Client:
    made = Client()
    made.force_login(User.objects.get(pk=user.pk))
    return made


def keys(one: Clinic) -> list[str]:
    return [each.key for each in suggestions.open_of(Clinic.objects.get(pk=one.pk))]


def rows(one: Clinic) -> list[tuple]:
    columns = ("basis", "source", "confirmed_at", "grade")
    return [
        *one.specialities.order_by("pk").values_list("speciality__slug", *columns),
        *one.treatments.order_by("pk").values_list("treatment__slug", *columns),
    ]


# --- What a list leaves ---


def test_a_suggestion_says_which_list_and_which_words(havn):
    assert [(one.name, one.kind, one.evidence) for one in suggestions.open_of(havn)] == [
        ("Knæ", "Speciale", "Listen “Klinikker i Aarhus”: navnet siger “Knæklinikken”"),
        ("Taping", "Behandling", "Listen “Klinikker i Aarhus”: hjemmesiden siger “taping”"),
    ]


def test_the_same_list_again_suggests_nothing_new(havn):
    assert suggest(havn, "X", facts={"name": "Knæklinikken"}) == []
    assert len(keys(havn)) == 2


def test_what_is_stated_already_is_not_suggested():
    speciality("Knæ")
    one = clinic("Havn", "Aarhus C", specialities=["Knæ"])
    assert suggest(one, "X", facts={"name": "Knæklinikken"}) == []


def test_a_list_taken_back_leaves_what_was_answered(havn, rita):
    """What is open goes with its list, a yes stays, and a no is remembered (clinics/intake/undoing.py asks for these rows)."""
    suggestions.refuse(clinic=havn, keys=keys(havn)[:1], by=rita)
    assert not havn.specialities.filter(suggestions.OPEN).exists() and havn.treatments.filter(suggestions.OPEN).exists()
    assert [suggestions.is_open(row) for row in (havn.specialities.get(), havn.treatments.get())] == [False, True]


# --- A moderator ---


def test_a_moderators_yes(havn, rita):
    page = browser(rita).get(LIST).content.decode()
    assert "Havn" in page and "navnet siger “Knæklinikken”" in page and "Taping" in page
    sent = browser(rita).post(LIST, {"row": keys(havn), "_accept": "1"}, follow=True).content.decode()
    assert "2 forslag godkendt hos 1 klinik." in sent and "Der venter ingen forslag." in sent
    assert rows(havn) == [("knae", "stated", "hand", TODAY, ""), ("taping", "stated", "hand", TODAY, "")]
    assert not ClinicSpeciality.objects.exclude(evidence="").exists()  # it is no documentation
    assert index.disagreements() == []
    assert SearchEntry.objects.get(pk=havn.pk).tags
    newest = ClinicVersion.objects.filter(clinic=havn).latest("pk")
    assert (newest.note, newest.made_by) == ("Sagde ja til forslag: Knæ og Taping", rita)
    assert LogEntry.objects.filter(user=rita, object_id=havn.pk).exists()


def test_a_moderators_no_is_for_good(havn, rita):
    browser(rita).post(LIST, {"row": keys(havn), "_refuse": "1"})
    assert keys(havn) == [] and "Der venter ingen" in browser(rita).get(LIST).content.decode()
    for name in ("Klinikker i Aarhus", "En ny liste"):
        said = {"name": "Knæklinikken", "text": "Vi tilbyder taping."}
        assert suggest(havn, name, facts=said) == []
    assert keys(havn) == [] and {row[1] for row in rows(havn)} == {"suggested"}
    assert ClinicVersion.objects.filter(clinic=havn).latest("pk").note == "Sagde nej til forslag: Knæ og Taping"


def test_one_clinics_no_is_not_anothers(havn, rita):
    other = clinic("Bro", "Aarhus C", source="import")
    suggestions.refuse(clinic=havn, keys=keys(havn), by=rita)
    assert suggest(other, "X", facts={"name": "Knæklinikken"})


def test_bulk_over_clinics_some_of_which_changed(havn, rita):
    """One was deleted, one was answered and one was closed while the page was open."""
    clinics = [clinic(f"Nr {number}", "Aarhus C", source="import") for number in range(4)]
    for one in clinics:
        suggest(one, "X", facts={"name": "Knæklinikken"})
    sent = [key for one in clinics for key in keys(one)]
    clinics[0].delete()
    suggestions.refuse(clinic=clinics[1], keys=keys(clinics[1]), by=rita)
    Clinic.objects.filter(pk=clinics[2].pk).update(status="closed")
    page = browser(rita).post(LIST, {"row": sent, "_accept": "1"}, follow=True).content.decode()
    assert "1 forslag godkendt hos 1 klinik." in page and "Klinikken er lukket." in page
    assert rows(clinics[1])[0][1] == "suggested" and rows(clinics[3])[0][1] == "stated"


def test_a_clinic_that_speaks_for_itself_is_asked_itself(havn, rita):
    asked = keys(havn)
    Provenance.objects.create(clinic=havn, group="offers", source="clinic")
    assert "Havn" not in browser(rita).get(LIST).content.decode()
    with pytest.raises(ActionError, match="siger selv"):
        suggestions.accept(clinic=havn, keys=asked, by=rita)
    assert keys(havn) == asked


@pytest.mark.parametrize(
    "sent", [{}, {"row": "x"}, {"row": "speciality-9" * 9}, {"row": "speciality-١"}, {"row": "\0"}]
)
def test_what_is_no_suggestion_changes_nothing(havn, rita, sent):
    before = rows(havn)
    response = browser(rita).post(LIST, sent | {"_accept": "1"})
    assert response.status_code == 302 and rows(havn) == before


def test_neither_yes_nor_no(havn, rita):
    assert browser(rita).post(LIST, {"row": keys(havn)}).status_code == 403
    assert len(keys(havn)) == 2


def test_another_clinics_rows_are_not_decided_by_a_key(havn, rita):
    other = clinic("Bro", "Aarhus C", source="import")
    assert suggestions.accept(clinic=other, keys=keys(havn), by=rita) == 0
    assert len(keys(havn)) == 2


def test_the_list_is_searched_and_has_pages(havn, rita):
    for number in range(26):
        one = clinic(f"Nr {number:02}", "Aarhus C", source="import")
        suggest(one, "X", facts={"text": "Vi tilbyder taping."})
    page = browser(rita).get(LIST).content.decode()
    assert "Side 1 af 2" in page
    page = browser(rita).get(f"{LIST}?q=knæklinik").content.decode()
    assert "Havn" in page and "Nr 0" not in page and "hjemmesiden siger" not in page
    page = browser(rita).get(f"{LIST}?q=%00zzz&side=99999999999999999999").content.decode()
    assert "Intet forslag svarer til “zzz”." in page
    assert 'name="row"' in page or "checked" not in page
    assert browser(rita).get(f"{LIST}?valgt=alle").content.decode().count(" checked") == 26


def test_the_front_page_counts_them(havn, rita):
    page = browser(rita).get("/admin/").content.decode()
    assert re.search(r'start__count">2</span> <a href="/admin/clinics/clinic/forslag/">Foreslåede specialer', page)


# --- The clinic itself ---


def answer(user: User, one: Clinic, key: str, said: str):
    return browser(user).post(f"/admin/clinics/clinic/{one.pk}/forslag/", {"row": key, "answer": said})


def test_the_clinics_own_yes_and_no(havn, olga):
    page = browser(olga).get("/admin/").content.decode()
    assert "Passer det?" in page and "navnet siger “Knæklinikken”" in page
    knee, taping = keys(havn)
    assert answer(olga, havn, knee, "ja").status_code == 302
    assert answer(olga, havn, taping, "nej").status_code == 302
    assert rows(havn) == [("knae", "stated", "clinic", TODAY, ""), ("taping", "suggested", "import", None, "")]
    assert "Passer det?" not in browser(olga).get("/admin/").content.decode()
    assert index.disagreements() == []
    assert suggest(havn, "X", facts={"text": "Vi tilbyder taping."}) == []
    assert [one.made_by for one in ClinicVersion.objects.filter(clinic=havn).order_by("pk")] == [None, olga, olga]


def test_an_official_speciality_never_becomes_a_title(olga, havn):
    term = speciality("Sportsfysioterapi")
    term.kind = "official"
    term.save()
    forget()
    suggest(havn, "X", facts={"name": "Sportsfysioterapi"})
    key = next(one.key for one in suggestions.open_of(Clinic.objects.get(pk=havn.pk)) if "Sport" in one.name)
    answer(olga, havn, key, "ja")
    row = havn.specialities.get(speciality=term)
    assert (row.basis, row.grade, row.evidence, row.practitioner) == ("stated", "", "", None)


def test_twice_the_same_answer(olga, havn):
    knee = keys(havn)[0]
    answer(olga, havn, knee, "ja")
    versions = ClinicVersion.objects.count()
    assert answer(olga, havn, knee, "nej").status_code == 302
    assert rows(havn)[0][1] == "stated" and ClinicVersion.objects.count() == versions


def test_who_may_answer(havn, olga, rita):
    bent = person("bent")
    bro = clinic("Bro", "Aarhus C")
    memberships.join(clinic=bro, user=bent, role=Role.OWNER, by=bent)
    eva = person("eva")
    eva.is_staff = True
    eva.save()
    eva.groups.add(Group.objects.get(name=EDITOR))
    for stranger in (bent, eva, person("sam")):
        for said in ("ja", "nej"):
            assert answer(stranger, havn, keys(havn)[0], said).status_code in (302, 403, 404)
        assert browser(stranger).get(LIST).status_code in (302, 403)
        assert browser(stranger).post(LIST, {"row": keys(havn), "_accept": "1"}).status_code in (302, 403)
    assert browser(olga).get(LIST).status_code == 403
    assert browser(olga).post(LIST, {"row": keys(havn), "_accept": "1"}).status_code == 403
    answer(bent, bro, keys(havn)[0], "ja")  # by the way of the own clinic
    assert answer(rita, havn, keys(havn)[0], "ja").status_code == 302  # a moderator is no member
    assert len(keys(havn)) == 2 and Client().get(LIST).status_code == 302
    with pytest.raises(ActionError):
        suggestions.accept(clinic=havn, keys=keys(havn), by=bent, for_clinic=True)
    with pytest.raises(ActionError):
        suggestions.accept(clinic=havn, keys=keys(havn), by=olga)


def test_only_a_post_answers_and_only_yes_or_no(havn, olga):
    address = f"/admin/clinics/clinic/{havn.pk}/forslag/"
    assert browser(olga).get(f"{address}?row={keys(havn)[0]}&answer=ja").status_code == 405
    assert browser(olga).post(address, {"row": keys(havn)[0], "answer": "måske"}).status_code == 403
    assert len(keys(havn)) == 2


def test_a_few_are_asked_at_once(havn, olga):
    for name in ("Hånd", "Skulder", "Albue", "Hofte", "Nakke"):
        row = havn.specialities.create(speciality=speciality(name), basis="suggested", source="import", evidence="x")
        assert suggestions.is_open(row)
    page = browser(olga).get("/admin/").content.decode()
    assert page.count('name="answer" value="ja"') == 5 and "Vi spørger om 2 mere" in page


# --- The form of the clinic ---


def test_the_clinics_form_has_no_row_of_a_suggestion(havn, olga, rita):
    suggestions.refuse(clinic=havn, keys=keys(havn)[:1], by=rita)
    for user in (olga, rita):
        page = browser(user).get(address_of(havn)).content.decode()
        assert "Klinikker i Aarhus" not in page and "Et forslag, som patienter ikke ser" not in page
        assert faults(browser(user).post(address_of(havn), form_of(browser(user), address_of(havn)))) == ""
    assert {row[1] for row in rows(havn)} == {"suggested"}


def test_ticked_in_the_form_it_is_as_any_tick(havn, olga, rita):
    """Also what was refused before: a clinic may change its mind."""
    suggestions.refuse(clinic=havn, keys=keys(havn)[:1], by=rita)
    sent = form_of(browser(olga), address_of(havn))
    sent["focus_areas"] = [speciality("Knæ").pk]
    sent["treatment_types"] = [treatment("Taping").pk]
    assert faults(browser(olga).post(address_of(havn), sent)) == ""
    assert [row[:3] for row in rows(havn)] == [("knae", "stated", "clinic"), ("taping", "stated", "clinic")]
    assert not ClinicSpeciality.objects.exclude(evidence="").exists()
    assert "Knæ" in str(completeness_of(havn)) or index.disagreements() == []
    sent = form_of(browser(olga), address_of(havn))
    assert sent["focus_areas"] == [str(speciality("Knæ").pk)]


def completeness_of(one: Clinic) -> int:
    stored = Clinic.objects.get(pk=one.pk)
    fill([stored])
    return completeness.percent(stored)


def test_going_back_leaves_suggestions_and_refusals(havn, rita):
    """Also for a moderator, whose going back takes everything else."""
    suggestions.accept(clinic=havn, keys=keys(havn)[1:], by=rita)
    first = ClinicVersion.objects.filter(clinic=havn).earliest("pk")
    suggestions.refuse(clinic=havn, keys=keys(havn), by=rita)
    restore(version=first, by=rita)
    assert [row[:2] for row in rows(havn)] == [("knae", "suggested")]
    assert keys(havn) == []
    assert suggest(havn, "X", facts={"name": "Knæklinikken"}) == []


def test_going_back_brings_what_was_stated_before_it_was_suggested(rita, havn):
    suggestions.accept(clinic=havn, keys=keys(havn), by=rita)
    then = ClinicVersion.objects.filter(clinic=havn).latest("pk")
    havn.specialities.update(basis="suggested", evidence="Listen “X”: navnet siger “Knæ”")
    assert not plan_for(version=then, by=rita).left_out
    restore(version=then, by=rita)
    assert [row[:2] for row in rows(havn)] == [("knae", "stated"), ("taping", "stated")]


# --- Patients ---


def test_patients_see_nothing_of_it_before_a_yes_and_everything_after(rita, settings, tmp_path):
    """Every address that tells of clinics, and what is counted: the same with suggestions as without, another after a yes."""
    settings.MEDIA_ROOT = tmp_path
    places()
    for name in ("Xylofonknæ", "Klokkeryg"):
        speciality(name)
    treatment("Zimbelterapi")
    one = clinic("Havn", "Aarhus C", source="import", price=500)
    Price.objects.create(clinic=one, kind="follow_up", amount=400)
    clinic("Bro", "Aarhus C", specialities=["Klokkeryg"])
    for number in range(3):
        clinic(f"Nr {number}", "Aarhus N", specialities=["Klokkeryg"])
    telling = [
        "/",  # the chips of what clinics offer
        "/klinik/havn/",
        "/find/fysioterapeut/?sted=8000&speciale=xylofonknae",
        "/find/fysioterapeut/?sted=8000&behandling=zimbelterapi",
        "/sammenlign/?klinik=havn&klinik=bro",
        "/api/v1/clinics/?place=8000",
        "/api/v1/clinics/?place=8000&speciality=xylofonknae",
        "/api/v1/clinics/havn/",
        "/find/fysioterapeut/aarhus/xylofonknae/",
    ]
    besides = [
        "/find/fysioterapeut/?sted=8000",
        "/find/fysioterapeut/aarhus/",
        "/klinik/havn/?tilstand=xylofonknae",
        "/klinik/havn/besoegsark/",
        "/specialer/",
        "/specialer/xylofonknae/",
        "/api/v1/clinics.geojson?bbox=9,55,11,57&zoom=9",
        "/sitemap.xml",
        "/om/data/",
        "/find/fysioterapeut/?q=xylofonknae+zimbelterapi&sted=8000",
    ]

    def everything() -> dict[str, object]:
        forget()
        index.rebuild()
        open_data.build()
        said: dict[str, object] = {url: told(Client(), url) for url in (*telling, *besides)}
        made = open_data.published()
        said |= {name: (made.folder / name).read_bytes() for name in ("klinikker.csv", "klinikker.geojson")}
        said["percent"] = completeness_of(one)
        said["tags"] = list(SearchEntry.objects.get(pk=one.pk).tags)
        return said

    without = everything()
    assert {without[url][0] for url in telling} <= {200, 404}
    for url in telling[:8]:
        assert without[url][0] == 200, url
    words = offer_words.words_of(
        [
            offer_words.Term("speciality", "xylofonknae", "Xylofonknæ", ()),
            offer_words.Term("treatment", "zimbelterapi", "Zimbelterapi", ()),
        ],
        [],
    )
    offer_words._words = (1e12, words)
    said = {"name": "Xylofonknæklinikken", "text": "Vi tilbyder zimbelterapi."}
    made = suggest(one, "Hemmeligliste", facts=said)
    assert len(made) == 2
    with_them = everything()
    assert [name for name in without if with_them[name] != without[name]] == []
    assert not any("Hemmeligliste" in str(value) for value in with_them.values())
    suggestions.refuse(clinic=one, keys=keys(one)[1:], by=rita)
    refused = everything()
    assert [name for name in without if refused[name] != without[name]] == []
    one.treatments.all().delete()
    assert suggest(one, "Hemmeligliste", facts=said)
    suggestions.accept(clinic=one, keys=keys(one), by=rita)
    after = everything()
    same = [
        name
        for name in (*telling, "klinikker.csv", "klinikker.geojson", "percent", "tags")
        if after[name] == without[name]
    ]
    assert same == []
    assert not any("Hemmeligliste" in str(value) for value in after.values())
