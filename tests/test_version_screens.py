"""“Historik” in the form of a clinic, as its users and as attackers."""

import pytest
from django.test import Client

from clinics import versions
from clinics.models import Clinic, ClinicVersion

from . import attack
from .attack import SECRET, World
from .test_pending_screens import browser, text
from .worlds import kept

pytestmark = pytest.mark.django_db


@kept
def world() -> World:
    made = attack.build()
    ClinicVersion.objects.filter(clinic=made.a).delete()
    return made


def change(world: World, who: str | None, **fields) -> ClinicVersion:
    versions.begin(clinic=world.a)
    Clinic.objects.filter(pk=world.a.pk).update(**fields)
    made = versions.record(clinic=world.a, by=world.people[who] if who else None)
    assert made
    return made


def urls(one: Clinic, version: ClinicVersion) -> tuple[str, str]:
    here = f"/admin/clinics/clinic/{one.pk}/history/{version.pk}/"
    return here, f"{here}restore/"


def test_who_when_what_and_back(world):
    first = change(world, "olga", about="Den <b>første</b> tekst.")
    change(world, "mona", about="Den anden tekst.", lift=True)
    stella = browser(world, "stella")
    page = text(stella.get(f"/admin/clinics/clinic/{world.a.pk}/history/"))
    assert "olga@example.org" in page and "mona@example.org" not in page and "FysFinder" in page
    assert "Før den første ændring" in page and "gælder nu" in page
    look, back = urls(world.a, first)
    page = text(stella.get(look))
    assert "Den &lt;b&gt;første&lt;/b&gt; tekst." in page and "Ikke oplyst" in page and back in page
    answer = stella.get(back)
    page = text(answer)
    assert "Den anden tekst." in page and "Elevator" in page
    answer = stella.post(back, {"seen": answer.context_data["plan"].seen})
    assert answer.status_code == 302
    world.a.refresh_from_db()
    assert (world.a.about, world.a.lift) == ("Den <b>første</b> tekst.", None)
    assert world.a.versions.first().made_by == world.people["stella"]


def test_somebody_saved_meanwhile(world):
    first = change(world, "olga", about="Første.")
    change(world, "olga", about="Anden.")
    olga, back = browser(world, "olga"), urls(world.a, first)[1]
    seen = olga.get(back).context_data["plan"].seen
    change(world, "stella", about="Tredje.")
    for sent in ({"seen": seen}, {}, {"seen": "x" * 10_000}):
        answer = olga.post(back, sent)
        assert answer.status_code == 422 and "gemt imens" in text(answer) and "Tredje." in text(answer)
    world.a.refresh_from_db()
    assert world.a.about == "Tredje."


def test_versions_of_another_clinic(world):
    theirs = world.b.versions.get()
    change(world, "olga", about="Ny.")
    olga = browser(world, "olga")
    # Their address; theirs under one's own clinic; a number that is none.
    for url in (
        *urls(world.b, theirs),
        *urls(world.a, theirs),
        f"/admin/clinics/clinic/{world.a.pk}/history/999999999999/",
    ):
        for way in ("get", "post"):
            answer = getattr(olga, way)(url)
            assert answer.status_code == 404 and SECRET not in text(answer), url
    erik = browser(world, "erik")
    assert erik.get(urls(world.b, theirs)[0]).status_code in (403, 404)
    edith = browser(world, "edith")
    assert edith.get(urls(world.b, theirs)[0]).status_code in (403, 404)
    assert Client().get(urls(world.b, theirs)[0]).status_code == 302


def test_a_version_that_knows_little_breaks_nothing(world):
    odd = ClinicVersion.objects.create(clinic=world.a, note="<script>", facts={"name": "Kun et navn"})
    change(world, "olga", about="Ny.")
    olga = browser(world, "olga")
    for url in (*urls(world.a, odd), f"/admin/clinics/clinic/{world.a.pk}/history/"):
        answer = olga.get(url)
        assert answer.status_code == 200 and "<script>" not in text(answer).split("<main")[-1].split("<footer")[0]
    assert "Der er intet at gendanne" in text(olga.get(urls(world.a, odd)[1]))
    assert (
        olga.post(
            urls(world.a, odd)[1], {"seen": olga.get(urls(world.a, odd)[1]).context_data["plan"].seen}
        ).status_code
        == 422
    )


def test_many_versions_are_pages_and_few_statements(world, django_assert_max_num_queries):
    facts = {"name": "x", "about": "y" * 5000}
    ClinicVersion.objects.bulk_create(
        ClinicVersion(clinic=world.a, note=f"Nr. {number}", made_by=world.people["bent"], facts=facts)
        for number in range(120)
    )
    olga = browser(world, "olga")
    with django_assert_max_num_queries(25):
        page = text(olga.get(f"/admin/clinics/clinic/{world.a.pk}/history/"))
    assert "Nr. 119" in page and "Nr. 1<" not in page and "Side 1 af 3" in page
    assert "Nr. 0<" in text(olga.get(f"/admin/clinics/clinic/{world.a.pk}/history/?side=3"))
    assert olga.get(f"/admin/clinics/clinic/{world.a.pk}/history/?side=x&p=9").status_code == 200
