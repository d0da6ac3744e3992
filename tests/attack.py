"""Two clinics and everybody around them: A is Olga's, B is Bent's and full of words that nobody else may ever read.

`FACTORIES` makes one object of B's world for every model of the admin. A model that is registered later needs a line here,
and tests/test_admin_attack.py says so until it has one.
"""

import datetime
import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.forms import model_to_dict
from django.test import Client
from django.utils import timezone

from articles.models import Article, LinkTerm
from clinics import models as of_clinics
from clinics.models import Clinic, Membership, Role
from clinics.ownership import MODERATOR, OWNER, STAFF
from fysfinder.roles import ADMINISTRATOR, EDITOR, sync_roles

from .people import clinic, condition, places, speciality, treatment

PARTS = ("specialities", "treatments", "prices", "practitioners", "opening_exceptions", "photos", "provenance")
BUTTONS = (
    *("_save", "_continue", "_confirm", "_done", "_refused", "_approve", "_refuse", "approve", "refuse", "withdraw"),
    *("_ask", "_reject", "_remove", "_apply", "_undo", "_again", "_next"),
    *("confirmed", "_withdraw", "_resend", "resend", "_preview", "accepted_version"),
)
SECRET = "zebrahemmelig"  # in every word of B
DAY = datetime.date(2026, 11, 3)


@dataclass
class World:
    a: Clinic
    b: Clinic
    people: dict[str, User] = field(default_factory=dict)
    made: dict[type, Any] = field(default_factory=dict)  # model → the object of B's world
    browsers: dict[str, Client] = field(default_factory=dict)

    def of(self, model: type) -> Any:
        if model not in self.made:
            if model not in FACTORIES:
                raise AssertionError(
                    f"{model.__module__}.{model.__name__} is in the admin and not in tests/attack.py: "
                    "add a line to FACTORIES, so that the attack tries its addresses too"
                )
            self.made[model] = FACTORIES[model](self)
        return self.made[model]


def secret(word: str = "") -> str:
    return f"{SECRET} {word}".strip()


def address(name: str) -> str:
    return f"{name}@{SECRET}.example"


def person(name: str, *groups: str, staff: bool = True) -> User:
    user = User.objects.create_user(name, email=name, is_staff=staff)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def facts(one: Clinic, word: str) -> None:
    """A row of every kind."""
    mette = of_clinics.Practitioner.objects.create(clinic=one, name=f"{word} Mette", authorisation_id="09YM8")
    sports, _ = of_clinics.Speciality.objects.get_or_create(
        slug="idraet", defaults={"name": "Idræt", "kind": "official"}
    )
    of_clinics.ClinicSpeciality.objects.create(
        clinic=one, speciality=sports, practitioner=mette,
        grade="certified", basis="documented", evidence=f"{word} bevis",
    )  # fmt: skip
    of_clinics.ClinicTreatment.objects.create(
        clinic=one, treatment=treatment("Holdtræning"), format="group", evidence=word
    )
    of_clinics.Price.objects.create(clinic=one, kind="first", amount=500, terms=word)
    of_clinics.OpeningHours.objects.create(clinic=one, weekday=0, opens=datetime.time(8), closes=datetime.time(16))
    of_clinics.OpeningException.objects.create(clinic=one, first_day=DAY, last_day=DAY, note=word)
    of_clinics.Photo.objects.create(clinic=one, digest=f"{one.pk:064x}", width=10, height=10, alt=word)
    of_clinics.Provenance.objects.create(clinic=one, group="prices", source="register", note=word)
    of_clinics.Invitation.objects.create(
        clinic=one, kind="member", email=f"ny@{word}.example", token_hash=f"{one.pk:064x}", expires_at=timezone.now()
    )
    of_clinics.DailyStatistic.objects.create(clinic=one, day=DAY, event="view", count=7)
    of_clinics.ClinicVersion.objects.create(clinic=one, note=word, facts={"name": word})


def build() -> World:
    """Everything, in a few statements more than two hundred: once a module."""
    sync_roles()
    places()
    a = clinic("Havnens Fysioterapi", "Aarhus C", price=500, phone="+4586121212")
    b = clinic(secret("Klinik"), "Aalborg", status="draft", email=address("post"), about=secret("om os"))
    world = World(a, b)
    world.people = {
        "olga": person("olga@example.org", OWNER),
        "stella": person("stella@example.org", STAFF),
        "erik": person("erik@example.org", OWNER),  # his time at B is over, and nobody took his rights away
        "per": person("per@example.org", staff=False),
        "edith": person("edith@example.org", EDITOR),
        "mona": person("mona@example.org", MODERATOR),
        "adam": person("adam@example.org", ADMINISTRATOR),
        "bent": person(address("bent"), OWNER),
    }
    for name, one, role in (("olga", a, Role.OWNER), ("stella", a, Role.STAFF), ("bent", b, Role.OWNER)):
        Membership.objects.create(clinic=one, user=world.people[name], role=role)
    Membership.objects.create(clinic=b, user=world.people["erik"], ended_at=timezone.now())
    facts(a, "havn")
    facts(b, SECRET)
    of_clinics.Claim.objects.create(
        clinic=b, user=world.people["per"], status="waiting", explanation=secret(), document=b"zebra"
    )
    told = {a.pk: f"Rettede telefonen. {address('bent')} er ikke mere ejer.", b.pk: secret()}
    for one in (a, b):
        LogEntry.objects.create(
            user=world.people["bent"], content_type=ContentType.objects.get_for_model(Clinic), object_id=str(one.pk),
            object_repr=str(one), action_flag=CHANGE, change_message=told[one.pk],
        )  # fmt: skip
    return world


def _row(model: Any) -> Callable[[World], Any]:
    """The row of B that `facts` made."""
    return lambda world: model.objects.filter(clinic=world.b).order_by("pk").first()


def _review(world: World) -> Any:
    """One that nobody but a moderator may know of: it waits."""
    return of_clinics.Review.objects.create(
        clinic=world.b, key=SECRET, secret="b" * 64, confirmation="visit", visited_in=DAY.replace(day=1),
        **dict.fromkeys(of_clinics.STARS, 1), text=secret("oplevelse"), nickname=secret(), email=address("patient"),
        consented_at=timezone.now(), submitted_at=timezone.now(), source="c" * 64,
        suspicions=[{"kind": "burst", "text": secret(), "keys": []}],
    )  # fmt: skip


def _list_of_clinics(world: World) -> Any:
    """Applied, so that every step of it can be tried; with its file."""
    made = of_clinics.ImportBatch.objects.create(
        name=secret("liste"), licence=secret(), file_name=f"{SECRET}.csv", status="applied", digest="0" * 64
    )
    of_clinics.ImportFile.objects.create(batch=made, content=gzip.compress(SECRET.encode()))
    return made


def _warning(world: World) -> Any:
    flag = world.of(of_clinics.RedFlag)
    return of_clinics.WarningChange.objects.create(kind="delete", flag=flag, subject=secret(), reason=secret())


FACTORIES: dict[type, Callable[[World], Any]] = {
    User: lambda world: world.people["bent"],
    Group: lambda world: Group.objects.get(name=EDITOR),
    EmailAddress: lambda world: EmailAddress.objects.create(user=world.people["bent"], email=address("bent")),
    EmailConfirmation: lambda world: EmailConfirmation.objects.create(
        email_address=world.of(EmailAddress), key=SECRET, sent=timezone.now()
    ),
    Authenticator: lambda world: Authenticator.objects.create(
        user=world.people["bent"], type="totp", data={"secret": SECRET}
    ),
    Article: lambda world: Article.objects.create(slug="zebra", title=secret(), body=f"{SECRET}.\n\n## Et\n\nTo.\n"),
    LinkTerm: lambda world: LinkTerm.objects.create(phrase=secret(), folded=secret(), article=world.of(Article)),
    Clinic: lambda world: world.b,
    **{
        model: _row(model)
        for model in (
            *(of_clinics.Claim, of_clinics.Membership, of_clinics.Invitation, of_clinics.ClinicVersion),
            *(of_clinics.DailyStatistic, of_clinics.Practitioner, of_clinics.ClinicSpeciality, of_clinics.Photo),
            *(of_clinics.ClinicTreatment, of_clinics.Price, of_clinics.OpeningHours, of_clinics.OpeningException),
            of_clinics.Provenance,
        )
    },
    of_clinics.PendingChange: lambda world: of_clinics.PendingChange.objects.create(
        clinic=world.b, subject="name", old={}, new={"name": secret()}, evidence=secret()
    ),
    of_clinics.ListingRequest: lambda world: of_clinics.ListingRequest.objects.create(
        clinic=world.b, kind="remove", name=secret(), email=address("ud")
    ),
    of_clinics.Correction: lambda world: of_clinics.Correction.objects.create(
        clinic=world.b, group="prices", text=secret(), email=address("tip")
    ),
    of_clinics.Review: _review,
    of_clinics.ReviewReply: lambda world: of_clinics.ReviewReply.objects.create(
        clinic=world.b, review=world.of(of_clinics.Review), text=secret("svar"), written_by=world.people["bent"]
    ),
    of_clinics.Contest: lambda world: of_clinics.Contest.objects.create(
        clinic=world.b, review=world.of(of_clinics.Review), text=secret(), asked_by=world.people["bent"]
    ),
    of_clinics.Report: lambda world: of_clinics.Report.objects.create(
        clinic=world.b,
        review=world.of(of_clinics.Review),
        about_review=True,
        was=secret(),
        kind="false",
        text=secret(),
        number="26-ZEBRA1",
        secret="a" * 64,
        name=secret(),
        email=address("indberet"),
    ),
    of_clinics.Appeal: lambda world: of_clinics.Appeal.objects.create(
        clinic=world.b, review=world.of(of_clinics.Review), side="author", text=secret()
    ),
    of_clinics.CodeSheet: lambda world: of_clinics.CodeSheet.objects.create(
        clinic=world.b, created_by=world.people["bent"], size=24, source="a" * 64
    ),
    of_clinics.Outbox: lambda world: of_clinics.Outbox.objects.create(
        template="x", to=address("bent"), clinic=world.b, context={"kode": SECRET}, message_id=SECRET
    ),
    of_clinics.FailedTask: lambda world: of_clinics.FailedTask.objects.create(
        task_id=SECRET, name=f"clinics.tasks.{SECRET}", arguments={"args": [SECRET], "kwargs": {}}, error=secret()
    ),
    of_clinics.GeocodedAddress: lambda world: of_clinics.GeocodedAddress.objects.create(key="table", problem=SECRET),
    of_clinics.WebsiteCheck: lambda world: of_clinics.WebsiteCheck.objects.create(
        clinic=world.b, url=f"https://{SECRET}.example/", failures=3, problem=SECRET
    ),
    of_clinics.ImportBatch: _list_of_clinics,
    of_clinics.ImportRecord: lambda world: of_clinics.ImportRecord.objects.create(
        batch=world.of(of_clinics.ImportBatch),
        clinic=world.b,
        row=2,
        name=secret(),
        external_id=SECRET,
        note=secret(),
        facts={"name": secret(), "postcode_id": "9000", "practitioners": [secret()]},
        reasons=[secret()],
        problems=[{"field": "phone", "text": secret(), "fatal": False}],
        decision="update",
    ),
    of_clinics.MailStop: lambda world: of_clinics.MailStop.objects.create(digest="a" * 64),
    of_clinics.SlugHistory: lambda world: of_clinics.SlugHistory.objects.create(
        kind="clinic", slug=SECRET, object_id=world.b.pk
    ),
    of_clinics.Condition: lambda world: condition("Knæ", {"Knæ": 2}),
    of_clinics.Speciality: lambda world: speciality("Knæ"),
    of_clinics.TreatmentType: lambda world: treatment("Træning"),
    of_clinics.BodyRegion: lambda world: of_clinics.BodyRegion.objects.create(name="Ben", slug="ben"),
    of_clinics.RedFlag: lambda world: of_clinics.RedFlag.objects.create(
        key="zebra", group="x", urgency="112", text="får svært ved at trække vejret", sources=[]
    ),
    of_clinics.WarningChange: _warning,
    of_clinics.Region: lambda world: of_clinics.Region.objects.first(),
    of_clinics.Postcode: lambda world: world.b.postcode,
    of_clinics.Place: lambda world: of_clinics.Place.objects.first(),
    of_clinics.OutOfHoursService: lambda world: of_clinics.OutOfHoursService.objects.create(
        name="Lægevagten", region=of_clinics.Region.objects.first(), phone="70 11 11 11", valid_from=DAY
    ),
    of_clinics.Tariff: lambda world: of_clinics.Tariff.objects.create(
        service="first", patient_share=100, valid_from=DAY, source="x"
    ),
    of_clinics.ReferralRule: lambda world: of_clinics.ReferralRule.objects.create(
        service="ordinary", needs_referral=True, payer="all", text="x", valid_from=DAY, source="x"
    ),
}


# Every address of the admin

PARAMETER = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>")


def routes_of(site: admin.AdminSite, model: type | None = None) -> Iterator[str]:
    """Every address of a model's screen, or without a model of the site's own pages; as Django writes them, with parameters."""
    if model:
        prefix = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield from (f"{prefix}{pattern.pattern}" for pattern in site._registry[model].get_urls())
    else:
        yield from (f"/admin/{one.pattern}" for one in site.get_urls() if not hasattr(one, "url_patterns"))


def filled(world: World, model: type, route: str) -> str:
    """The address with the parameters of B's object. One with another name of a parameter needs a line here."""
    one = world.of(model)
    version = world.b.versions.first().pk if model is Clinic else 1
    values = {
        "name": "name" if model is Clinic else "udgiv",
        "version_id": version,
        "content_type_id": 1,
        "app_label": one._meta.app_label,
    }
    values |= dict.fromkeys(("object_id", "pk", "id"), one.pk)
    if unknown := set(PARAMETER.findall(route)) - set(values):
        raise AssertionError(f"{route}: tests/attack.py does not know what {', '.join(unknown)} stands for")
    return PARAMETER.sub(lambda match: str(values[match[1]]), route)


def typed(world: World, model: type) -> dict[str, Any]:
    """What somebody would send who wants everything: fields of the object, rows, and every button there is."""
    one = world.of(model)
    data: dict[str, Any] = {
        name: value
        for name, value in model_to_dict(one).items()
        if isinstance(value, str | int | float | bool) and value is not None
    }
    data |= {"name": "Overtaget", "title": "Overtaget", "email": "olga@example.org", "is_superuser": "on"}
    data |= dict.fromkeys(BUTTONS, "1") | dict.fromkeys(("reason", "decision", "answer"), "Fordi.")
    data |= {"valg": "ny", "set": f"update/{world.b.pk}/staged", "kolonner": "1", "kolonne-0": "name"}
    data |= {"post": "yes", "status": "approved", "password1": "ny-hest-9", "password2": "ny-hest-9"}
    for prefix in PARTS:
        row = getattr(world.b, prefix).first()
        data |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": 1, f"{prefix}-0-id": row.pk}
        data |= {f"{prefix}-0-clinic": world.b.pk, f"{prefix}-0-DELETE": "on"}
    return data


def state_of(tables: list[str]) -> dict[str, str]:
    """A checksum of every table: one statement."""
    sums = " UNION ALL ".join(
        f"SELECT '{name}', md5(coalesce(string_agg(row::text, '|' ORDER BY row::text), '')) FROM \"{name}\" AS row"
        for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(sums)  # names of our own tables
        return dict(cursor.fetchall())


def watched_tables() -> list[str]:
    """All but what changes with every visit: sessions and the cache."""
    return [name for name in connection.introspection.table_names() if name not in ("django_session", "django_cache")]
