"""Whose a clinic is: who may see and change which, by membership. Rights in general are roles (fysfinder/roles.py).

Two questions, both of which must be answered with yes: has this person the right at all (`user.has_perm("clinics.change_price")`,
from a role), and is it this clinic's (`user.has_perm("clinics.change_price", price)`, from here). The second takes a clinic
or any row that belongs to one. Nothing is remembered between two questions: a membership that has ended has ended.
"""

from typing import Any

import rules
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import ForeignKey, Model, QuerySet

from .models import Clinic, Membership, Role

OWNER = "Klinikejer"
STAFF = "Klinikmedarbejder"
MODERATOR = "Moderator"

Person = User | AnonymousUser
VERBS = ("view", "add", "change", "delete")
# What an owner of the clinic may do and its staff may not, though they may be owners elsewhere: (verb, model).
OWNERS_ALONE = frozenset(
    {(verb, "invitation") for verb in VERBS}
    | {(verb, "membership") for verb in VERBS if verb != "view"}
    | {("add", "pendingchange")}
)


def may_moderate(user: Any) -> bool:
    """Whether every clinic is this person's to look after: whoever decides claims, by role or as superuser."""
    return bool(user.is_active and user.has_perm("clinics.change_claim"))


def is_member(user: Any, clinic: Clinic | int | None) -> bool:
    """An active member, owner or staff. A moderator is none by that."""
    return _memberships(user, clinic).exists()


def is_owner(user: Any, clinic: Clinic | int | None) -> bool:
    return _memberships(user, clinic).filter(role=Role.OWNER).exists()


def clinics_of(user: Any) -> QuerySet[Clinic]:
    """The clinics that this person may see behind the counter: all for moderators, one's own for everybody else."""
    if may_moderate(user):
        return Clinic.objects.all()
    return own_clinics(user)


def own_clinics(user: Any) -> QuerySet[Clinic]:
    """Those of which this person is a member, a moderator's too."""
    if not user.is_active:
        return Clinic.objects.none()
    # A subquery and no join: it can be locked, counted and filtered further.
    mine = Membership.objects.active().filter(user_id=user.pk)
    return Clinic.objects.filter(pk__in=mine.values("clinic"))


def limited(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Of clinics, or of rows that belong to one, those that this person may see."""
    if may_moderate(user):
        return rows
    return rows.filter(**{"pk__in" if rows.model is Clinic else "clinic__in": own_clinics(user)})


def clinic_id_of(row: Any) -> int | None:
    """Of a clinic itself, or of whatever belongs to one."""
    return row.pk if isinstance(row, Clinic) else getattr(row, "clinic_id", None)


def name_for(viewer: Any, person: Any, clinic: Clinic) -> str:
    """How a person is called in what happened to a clinic: members know each other, nobody else's address is told."""
    if person is None:
        return "En slettet bruger"
    if person.pk == viewer.pk:
        return "Dig"
    if may_moderate(viewer) or is_member(person, clinic):
        return person.get_full_name() or person.email or str(person)
    return "En tidligere bruger" if person.memberships.filter(clinic=clinic).exists() else "FysFinder"


def _memberships(user: Any, clinic: Clinic | int | None) -> QuerySet[Membership]:
    if clinic is None or not user.is_active:
        return Membership.objects.none()
    pk = clinic.pk if isinstance(clinic, Clinic) else clinic
    return Membership.objects.active().filter(user_id=user.pk, clinic_id=pk)


# Object permissions, for rules' backend: asked without a row they answer no, and the roles alone decide.


def owned_models() -> list[type[Model]]:
    """The clinic and every model with a key `clinic`: a model that comes later is guarded too."""
    return [Clinic, *(model for model in apps.get_app_config("clinics").get_models() if _belongs(model))]


def register() -> None:
    """Once, when the models are there (clinics/apps.py)."""
    for model in owned_models():
        name = str(model._meta.model_name)
        for verb in VERBS:
            rules.set_perm(f"clinics.{verb}_{name}", _object_right(verb, name))


def _belongs(model: type[Model]) -> bool:
    return any(
        isinstance(field, ForeignKey) and field.name == "clinic" and field.related_model is Clinic
        for field in model._meta.get_fields()
    )


def _object_right(verb: str, name: str) -> Any:
    permission = f"clinics.{verb}_{name}"
    belongs = is_owner if (verb, name) in OWNERS_ALONE else is_member

    @rules.predicate(name=permission)
    def allowed(user: Any, row: Any = None) -> bool:
        if row is None or not user.has_perm(permission):
            return False
        return may_moderate(user) or belongs(user, clinic_id_of(row))

    return allowed
