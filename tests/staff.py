"""Who decides about warnings, by name: Edith and Eva edit, Frida reviews, Adam administrates, Sam may nothing."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User

from fysfinder.roles import ADMINISTRATOR, EDITOR, MEDICAL_REVIEWER, sync_roles

ROLES = {"edith": EDITOR, "eva": EDITOR, "frida": MEDICAL_REVIEWER, "adam": ADMINISTRATOR, "sam": None}


def staff() -> dict[str, User]:
    """The five of them and Sara, the superuser."""
    sync_roles()
    users = get_user_model().objects
    made = {"sara": users.create_superuser("sara@example.org")}
    for name, role in ROLES.items():
        made[name] = users.create_user(f"{name}@example.org", is_staff=True)
        if role:
            made[name].groups.add(Group.objects.get(name=role))
    return made
