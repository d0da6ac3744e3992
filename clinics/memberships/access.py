"""What a membership opens in the admin."""

from django.contrib.auth.models import Group, User
from django.db import transaction

from clinics import ownership
from clinics.models import Membership, Role


@transaction.atomic
def sync_access(*, user: User) -> None:
    """Groups of owner and staff, and the way into the admin, as the active memberships say. Other groups are not touched.

    Nobody who has another group, a right of their own or all rights loses the way in.
    """
    # Locked: two clinics that somebody leaves at once would each see the other.
    account = User.objects.select_for_update(of=("self",)).filter(pk=user.pk).first()
    if account is None:
        return
    roles = set(Membership.objects.active().filter(user=account).values_list("role", flat=True))
    names = {Role.OWNER: ownership.OWNER, Role.STAFF: ownership.STAFF}
    for role, name in names.items():
        if role in roles:
            account.groups.add(Group.objects.get_or_create(name=name)[0])
        else:
            account.groups.remove(*Group.objects.filter(name=name))
    others = account.groups.exclude(name__in=names.values()).exists() or account.user_permissions.exists()
    is_staff = bool(roles) or account.is_superuser or (account.is_staff and others)
    if is_staff != account.is_staff:
        account.is_staff = is_staff
        account.save(update_fields=["is_staff"])
    user.is_staff = is_staff
