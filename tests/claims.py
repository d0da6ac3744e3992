"""Who wants to look after which clinic: Olga owns Ryggen, Sten is a stranger, Rita moderates."""

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission, User
from django.core import mail

from clinics import outbox
from clinics.claiming import asking, deciding
from clinics.models import Claim, Clinic, Membership, Role
from clinics.ownership import MODERATOR

from .people import clinic

SOURCE = "a" * 64


def person(name: str, *, verified: bool = True) -> User:
    """Somebody with an account and a confirmed address, `olga@example.com`."""
    made = User.objects.create_user(f"{name}@example.com", email=f"{name}@example.com")
    EmailAddress.objects.create(user=made, email=made.email, verified=verified, primary=True)
    return made


def moderator(name: str = "rita") -> User:
    """With what makes a moderator one here; the whole role, for the admin, comes from `sync_roles`."""
    made = person(name)
    made.is_staff = True
    made.save()
    group, _ = Group.objects.get_or_create(name=MODERATOR)
    group.permissions.add(*Permission.objects.filter(codename__in=["view_claim", "change_claim"]))
    made.groups.add(group)
    return made


def ryggen(**fields) -> Clinic:
    given = {"email": "kontakt@ryggen.dk", "website": "https://www.ryggen.dk/", "street": "Nørregade 1"}
    return clinic("Ryggen", "Aarhus C", **given | fields)


def owner_of(one: Clinic, user: User, role: str = Role.OWNER) -> Membership:
    from clinics import memberships

    return memberships.join(clinic=one, user=user, role=role, by=user)


def coded(one: Clinic, user: User, method: str = Claim.Method.EMAIL, source: str = SOURCE) -> tuple[Claim, str]:
    """A claim whose code is on its way, and the code."""
    claim = asking.begin(clinic=one, user=user)
    code = asking.send_code(claim=claim, method=method, name="olga", source=source)
    claim.refresh_from_db()
    return claim, code


def waiting(one: Clinic, user: User, method: str = Claim.Method.DOCUMENT) -> Claim:
    claim = asking.begin(clinic=one, user=user)
    return asking.ask_moderator(claim=claim, method=method, explanation="Jeg ejer klinikken.")


def refused(one: Clinic, user: User, by: User) -> Claim:
    claim = waiting(one, user)
    deciding.refuse(claim=claim, by=by, reason="Papiret viser en anden klinik.")
    claim.refresh_from_db()
    return claim


def mails() -> list[tuple[str, str]]:
    """What goes now: to whom and the subject, sorted."""
    mail.outbox.clear()
    outbox.deliver_waiting()
    return sorted((sent.to[0], sent.subject) for sent in mail.outbox)
