"""What becomes of suggested matches: stored, counted, replaced by an editor's, accepted."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from articles.models import Article
from clinics import actions
from clinics.matching import matches_of
from clinics.models import Condition, ConditionMatch
from clinics.suggesting import SuggestedMatch

from .people import clinic, condition, places, speciality, treatment
from .test_admin import form_of

EDITOR, SUGGESTED = ConditionMatch.Origin.EDITOR, ConditionMatch.Origin.SUGGESTED


def suggest(*pairs: tuple[str, int]) -> list[SuggestedMatch]:
    """Suggestions by name; those that begin with a small letter are treatments."""
    made = []
    for name, weight in pairs:
        term, kind = (treatment(name), "treatment") if name[0].islower() else (speciality(name), "speciality")
        made.append(SuggestedMatch(kind, term.slug, term.name, weight))
    return made


def stored(one: Condition) -> dict[str, tuple[int, str]]:
    return {
        (match.speciality or match.treatment).slug: (match.weight, match.origin)
        for match in one.matches.select_related("speciality", "treatment")
    }


@pytest.mark.django_db
class TestStoring:
    def test_suggestions_become_matches_that_say_so(self):
        knee = condition("Knæ", {})

        assert actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 3), ("Sport", 1), ("tape", 2)))

        assert stored(knee) == {"knae": (3, SUGGESTED), "sport": (1, SUGGESTED), "tape": (2, SUGGESTED)}
        assert {match.speciality.slug for match in matches_of(knee) if match.speciality} == {"knae", "sport"}

    def test_twice_writes_nothing_and_others_replace_them(self, django_assert_max_num_queries):
        knee = condition("Knæ", {})
        both = suggest(("Knæ", 3), ("tape", 2))
        actions.store_suggestions(condition=knee, suggestions=both)
        before = list(knee.matches.values_list("pk", flat=True))

        with django_assert_max_num_queries(6):  # two of them a savepoint
            assert not actions.store_suggestions(condition=knee, suggestions=both)
        assert list(knee.matches.values_list("pk", flat=True)) == before

        assert actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 2), ("Hofte", 3)))
        assert stored(knee) == {"knae": (2, SUGGESTED), "hofte": (3, SUGGESTED)}
        assert actions.store_suggestions(condition=knee, suggestions=[])
        assert stored(knee) == {}

    def test_what_an_editor_matched_stays(self):
        knee = condition("Knæ", {"Hofte": 1})

        assert not actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 3)))
        assert stored(knee) == {"hofte": (1, EDITOR)}

    def test_what_an_editor_took_away_does_not_come_back(self):
        knee = condition("Knæ", {}, edited_at=timezone.now())

        assert not actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 3)))
        assert stored(knee) == {}

    def test_a_subject_without_clinics_gets_none(self):
        sleep = condition("Søvn", {}, is_generic=True)

        assert not actions.store_suggestions(condition=sleep, suggestions=suggest(("Ryg", 3)))

    def test_a_term_that_is_gone_is_left_out(self):
        knee = condition("Knæ", {})
        gone = SuggestedMatch("speciality", "findes-ikke", "Findes ikke", 3)

        actions.store_suggestions(condition=knee, suggestions=[gone, *suggest(("Knæ", 2))])
        assert stored(knee) == {"knae": (2, SUGGESTED)}

    def test_accepting_makes_them_the_editors(self):
        knee = condition("Knæ", {})
        actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 3), ("tape", 1)))

        assert actions.accept_suggestions(condition=knee) == 2
        assert stored(knee) == {"knae": (3, EDITOR), "tape": (1, EDITOR)}
        knee.refresh_from_db()
        assert knee.edited_at
        assert actions.accept_suggestions(condition=knee) == 0

    def test_beside_an_editors_row_suggestions_count_nowhere(self, client):
        """However they came to stand side by side: on the results page, a speciality's page and in the one rule."""
        places()
        clinic("Hofteklinikken", "Aarhus C", specialities=["Hofte"])
        clinic("Knæklinikken", "Aarhus N", specialities=["Knæ"])
        knee = condition("Ondt i knæet", {"Hofte": 3})
        ConditionMatch.objects.create(condition=knee, speciality=speciality("Knæ"), weight=3, origin=SUGGESTED)

        assert [match.speciality.slug for match in ConditionMatch.objects.counting()] == ["hofte"]
        page = client.get("/find/fysioterapeut/?tilstand=ondt-i-knaeet&sted=8000").content.decode()
        assert "Hofteklinikken" in page and "Knæklinikken" not in page
        assert "Ondt i knæet" not in client.get("/specialer/knae/").content.decode()
        assert "Ondt i knæet" in client.get("/specialer/hofte/").content.decode()

    def test_nor_are_they_a_reason_to_read_on(self):
        knee, hip = condition("Ondt i knæet", {"Knæ": 3}), condition("Ondt i hoften", {"Hofte": 3})
        article, other = (
            Article.objects.create(slug=one.slug, title=one.name, body="Tekst.", condition=one, status="published")
            for one in (knee, hip)
        )
        ConditionMatch.objects.create(condition=hip, speciality=speciality("Knæ"), weight=3, origin=SUGGESTED)
        assert [one.slug for one in article.related() + other.related()] == []

        hip.matches.filter(origin=EDITOR).delete()
        assert [one.slug for one in article.related() + other.related()] == [other.slug, article.slug]

    def test_a_suggestion_counts_on_the_public_site_at_once(self, client):
        places()
        clinic("Knæklinikken", "Aarhus N", specialities=["Knæ"])
        knee = condition("Ondt i knæet", {})
        actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 3)))

        assert "Knæklinikken" in client.get("/find/fysioterapeut/?tilstand=ondt-i-knaeet&sted=8000").content.decode()
        assert "Ondt i knæet" in client.get("/specialer/knae/").content.decode()


@pytest.mark.django_db
class TestInTheAdmin:
    def form(self, client, one: Condition, *rows: dict) -> dict:
        values = form_of(client.get(f"/admin/clinics/condition/{one.pk}/change/"))
        values |= {"matches-TOTAL_FORMS": len(rows), "matches-INITIAL_FORMS": sum("id" in row for row in rows)}
        for number, row in enumerate(rows):
            row = {"id": "", "condition": one.pk, "speciality": "", "treatment": "", "weight": 3} | row
            values |= {f"matches-{number}-{name}": value for name, value in row.items()}
        return values

    @pytest.fixture
    def knee(self) -> Condition:
        knee = condition("Knæ", {})
        actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 3), ("Sport", 1)))
        return knee

    def rows_of(self, knee: Condition) -> list[dict]:
        return [{"id": m.pk, "speciality": m.speciality_id, "weight": m.weight} for m in knee.matches.all()]

    def test_a_suggestion_is_marked(self, admin_client, knee):
        page = admin_client.get(f"/admin/clinics/condition/{knee.pk}/change/").content.decode()

        assert page.count("forslag</p>") + page.count(">forslag<") >= 2

    def test_a_row_of_an_editor_replaces_the_suggestions(self, admin_client, knee):
        values = self.form(admin_client, knee, *self.rows_of(knee), {"speciality": speciality("Hofte").pk})

        response = admin_client.post(f"/admin/clinics/condition/{knee.pk}/change/", values, follow=True)

        assert stored(knee) == {"hofte": (3, EDITOR)}
        assert "2 forslag til match er fjernet" in response.content.decode()

    def test_other_changes_leave_them_alone(self, admin_client, knee):
        values = self.form(admin_client, knee, *self.rows_of(knee)) | {"synonyms": "knæet"}

        assert admin_client.post(f"/admin/clinics/condition/{knee.pk}/change/", values).status_code == 302
        assert stored(knee) == {"knae": (3, SUGGESTED), "sport": (1, SUGGESTED)}

    def test_one_that_was_taken_away_stays_away_at_the_next_import(self, admin_client, knee):
        first, second = self.rows_of(knee)
        values = self.form(admin_client, knee, first, second | {"DELETE": "on"})

        assert admin_client.post(f"/admin/clinics/condition/{knee.pk}/change/", values).status_code == 302
        actions.store_suggestions(condition=knee, suggestions=suggest(("Knæ", 3), ("Sport", 1)))
        assert stored(knee) == {"knae": (3, SUGGESTED)}

    def test_all_of_them_can_be_accepted_from_the_list(self, admin_client, knee):
        values = {"action": "accept_suggestions", "_selected_action": [knee.pk]}

        page = admin_client.post("/admin/clinics/condition/", values, follow=True).content.decode()
        assert stored(knee) == {"knae": (3, EDITOR), "sport": (1, EDITOR)}
        assert "2 forslag er nu match fra en redaktør" in page


def waited_for() -> bool:
    """Whether somebody waits for a lock that this transaction holds."""
    with connection.cursor() as cursor:
        sql = "SELECT bool_or(pg_backend_pid() = ANY(pg_blocking_pids(pid))) FROM pg_locks WHERE NOT granted"
        cursor.execute(sql)
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_an_editor_who_is_just_saving():
    """The import had looked before the editor's row was there; it must not store beside it."""
    knee, hip = condition("Knæ", {}), speciality("Hofte")
    suggestions = suggest(("Knæ", 3))
    answers = []

    def store() -> None:
        try:
            answers.append(actions.store_suggestions(condition=knee, suggestions=suggestions))
        finally:
            connection.close()

    with transaction.atomic():
        Condition.objects.select_for_update().get(pk=knee.pk)
        importing = threading.Thread(target=store)
        importing.start()
        while importing.is_alive() and not waited_for():
            pass
        assert importing.is_alive()
        ConditionMatch.objects.create(condition=knee, speciality=hip, weight=3)
    importing.join(10)

    assert answers == [False]
    assert stored(knee) == {"hofte": (3, EDITOR)}
