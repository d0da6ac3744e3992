"""Edith and her colleagues in the admin, and the article they look after."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from articles.models import Article
from articles.workflow import version_of
from clinics.models import RedFlag
from fysfinder.roles import EDITOR, sync_roles

from .people import condition

CHANGELIST = "/admin/articles/article/"
TEXT = "Indledning om knæet.\n\n## Hvad er det?\n\nEn forklaring.\n\n## Hvad kan jeg gøre?\n\nGå en tur hver dag.\n"


def staff(name: str, role: str) -> Client:
    """A browser in which somebody with this role is logged in."""
    sync_roles()
    user, _ = get_user_model().objects.get_or_create(username=f"{name}@example.org", defaults={"is_staff": True})
    user.groups.add(Group.objects.get(name=role))
    browser = Client()
    browser.force_login(user)
    return browser


def edith() -> Client:
    return staff("edith", EDITOR)


def article(**fields) -> Article:
    return Article.objects.create(**{"slug": "knae", "title": "Ondt i knæet", "body": TEXT} | fields)


def address(one: Article, *parts: object) -> str:
    """The address of a screen: `address(one, "history", 5)` → `/admin/articles/article/1/history/5/`."""
    return f"{CHANGELIST}{one.pk}/{'/'.join(str(part) for part in parts)}/"


def form_of(response) -> dict[str, object]:
    """What a browser would send back, unchanged."""
    form = response.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    for formset in (inline.formset for inline in response.context["inline_admin_formsets"]):
        rows = formset.initial_forms
        values |= {f"{formset.prefix}-TOTAL_FORMS": len(rows), f"{formset.prefix}-INITIAL_FORMS": len(rows)}
        values |= {row.add_prefix(name): row[name].value() for row in rows for name in row.fields}
    return {name: ("" if value is None else value) for name, value in values.items()}


def save(browser: Client, one: Article, **changes: object):
    """Open the form, change some fields, and send it."""
    page = address(one, "change")
    return browser.post(page, form_of(browser.get(page)) | changes)


def messages_of(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


MILD = "Kontakt en fysioterapeut, hvis det ene ben er hævet, rødt og varmt."


def unsafe(places: int = 1, **fields) -> Article:
    """An article with a sentence that is milder than the red flag of its condition; `places`: how many its body has."""
    flag = RedFlag.objects.create(
        key="blodprop",
        group="DVT",
        urgency="doctor_now",
        text="det ene ben er hævet",
        terms=["hævet + ben"],
        sources=[],
    )
    leg = condition("Ben", {})
    leg.red_flags.add(flag)
    one = article(
        **{"slug": "ben", "title": "Farlig", "body": f"Ind.\n\n## Hvad nu?\n\n{MILD}\n", "condition": leg} | fields
    )
    assert len(one.safety) == places and one.needs_attention == bool(places)
    return one


def seen_of(one: Article) -> str:
    one.refresh_from_db()
    return version_of(one)
