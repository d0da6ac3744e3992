"""Who works on articles, by name, and an article for them to work on."""

import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

from articles.models import Article
from articles.workflow import record_review
from clinics import clock
from fysfinder.roles import ADMINISTRATOR, EDITOR, MEDICAL_REVIEWER, sync_roles

ROLES = {"edith": EDITOR, "frida": MEDICAL_REVIEWER, "adam": ADMINISTRATOR, "sam": None}
BODY = "Indledning.\n\n## Hvad er det?\n\nDet er en prøve.\n"
DAY = datetime.timedelta(days=1)


def staff() -> dict[str, User]:
    """Edith edits, Frida reviews, Adam administrates, Sam may nothing."""
    sync_roles()
    made = {}
    for name, role in ROLES.items():
        made[name] = get_user_model().objects.create_user(f"{name}@example.org", is_staff=True)
        if role:
            made[name].groups.add(Group.objects.get(name=role))
    return made


def article(status="draft", **fields) -> Article:
    return Article.objects.create(**{"slug": "proeve", "title": "Prøve", "body": BODY, "status": status} | fields)


def reviewed(one: Article, by: User, **fields) -> Article:
    """The article after `by` has reviewed it, until a year from today unless told."""
    values = {"name": "Frida Berg, fysioterapeut", "on": clock.today(), "next_due": clock.today() + 365 * DAY}
    return record_review(one, by=by, **values | fields)
