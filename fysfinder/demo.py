"""Everything that makes a fresh machine worth looking at: our own articles, invented clinics, and somebody to log in as."""

from collections.abc import Callable
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.core.management.base import CommandError
from django.db import transaction

from articles import actions
from articles.importer import import_paths
from articles.models import Article
from clinics import demo as clinics_demo
from clinics import memberships
from clinics.models import Clinic, Membership, Role
from clinics.ownership import MODERATOR, OWNER

from .accounts.signals import verify
from .roles import ADMINISTRATOR, EDITOR, MEDICAL_REVIEWER, sync_roles

ARTICLES = Path(settings.BASE_DIR) / "articles" / "demo"
CLINICS = 600
# Not a secret: it opens nothing but a development machine's own demo data, and seed_demo refuses in production.
PASSWORD = "fysfinder-demo"  # noqa: S105
# user name → role, superuser
USERS = {
    "edith@example.org": (EDITOR, False),
    "frida@example.org": (MEDICAL_REVIEWER, False),
    "mona@example.org": (MODERATOR, False),
    "olga@example.org": (OWNER, False),
    "adam@example.org": (ADMINISTRATOR, True),
}


def seed(*, clinics: int, progress: Callable[[int, int], None]) -> dict[str, int]:
    """Load what is missing, and our own articles again where their files are newer; what somebody edited stays.

    With everything in place nothing changes. Returns what was done, by name.
    """
    _refuse_in_production()
    report = import_paths(article_files(), publish=True, demo=True)
    if failed := [result for result in report.files if result.outcome == "failed"]:
        raise CommandError(f"{failed[0].path}: {failed[0].error}")
    try:
        made = clinics_demo.seed_clinics(count=clinics, progress=progress)
    except ValueError as error:
        raise CommandError(str(error)) from error
    _users()
    done = report.summary
    return {
        "articles": done["created"],
        "articles updated": done["updated"],
        "articles left as edited": done["conflict"],
        "clinics": made,
    }


def article_files() -> list[Path]:
    """The files of our own articles, but for those that real content has replaced."""
    real = set(Article.objects.filter(is_demo=False).values_list("slug", flat=True))
    return [path for path in sorted(ARTICLES.glob("*.md")) if path.stem not in real and path.stem != "README"]


@transaction.atomic
def remove() -> dict[str, int]:
    """Take all demo data away: clinics, demo articles, demo users."""
    removed = {"clinics": clinics_demo.remove_clinics()}
    articles = list(Article.objects.filter(is_demo=True))
    removed["articles"] = len(articles)
    with actions.later():
        for article in articles:
            actions.delete_article(article)
    actions.render_stale()
    removed["users"] = get_user_model().objects.filter(username__in=USERS).count()
    get_user_model().objects.filter(username__in=USERS).delete()
    return removed


def log_ins() -> list[tuple[str, str, str]]:
    """(user name, password, role) of the demo log-ins that exist."""
    existing = set(get_user_model().objects.filter(username__in=USERS).values_list("username", flat=True))
    return [(name, PASSWORD, role) for name, (role, _) in USERS.items() if name in existing]


@transaction.atomic
def _users() -> None:
    sync_roles()
    password = ""
    for name, (role, superuser) in USERS.items():
        user, new = get_user_model().objects.get_or_create(
            username=name, defaults={"email": name, "is_staff": True, "is_superuser": superuser}
        )
        if new:
            user.password = password = password or make_password(PASSWORD)  # takes long, as it shall: once for all
            user.save()
            if role == OWNER:
                _own_a_clinic(user)
            else:
                user.groups.add(Group.objects.get(name=role))
        if not EmailAddress.objects.filter(user=user).exists():
            verify(user, name)


def _own_a_clinic(user: User) -> None:
    """The invented clinic that has most to show, and that nobody owns: its page leads to what owners do."""
    owned = Membership.objects.active().values("clinic")
    full = Clinic.objects.published().filter(is_example=True).exclude(pk__in=owned).order_by("pk")
    clinic = full.filter(prices__isnull=False, practitioners__isnull=False).first() or full.first()
    if clinic is not None:
        memberships.join(clinic=clinic, user=user, role=Role.OWNER, by=user)


def _refuse_in_production() -> None:
    if settings.PRODUCTION:
        raise CommandError(
            "seed_demo refuses in production (SECRET_KEY or DATABASE_URL is set): demo data is for development machines"
        )
