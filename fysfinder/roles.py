"""Who may do what: the roles of the site, in code. `manage.py sync_roles` writes them to the database.

Which step of an article's way each may take stands in articles/workflow.py and follows from the rights below. Owner and staff
have theirs in the clinics alone of which they are members: clinics/ownership.py. As a table: docs/roles.md.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from clinics.ownership import MODERATOR, OWNER, STAFF

EDITOR = "Redaktør"
MEDICAL_REVIEWER = "Fagperson"
ADMINISTRATOR = "Administrator"

VERBS = ("view", "add", "change", "delete", "publish", "review")

# What a clinic says of itself, row by row.
FACTS = {
    "clinics.clinicspeciality": "view add change delete",
    "clinics.clinictreatment": "view add change delete",
    "clinics.price": "view add change delete",
    "clinics.practitioner": "view add change delete",
    "clinics.openinghours": "view add change delete",
    "clinics.openingexception": "view add change delete",
    "clinics.photo": "view add change delete",
}
# What waits for a person who knows no side, and the trail of what was decided. Nothing of it is made or deleted by hand.
MODERATION = {
    "clinics.claim": "view change",
    "clinics.listingrequest": "view change",
    "clinics.pendingchange": "view change",
    "clinics.correction": "view change",
    "clinics.membership": "view change",  # a change is its end: clinics/memberships/
    "clinics.invitation": "view change",
    "clinics.outbox": "view change",  # to send again
    "clinics.geocodedaddress": "view change",  # to look up again
    "clinics.failedtask": "view change",  # to try again
    "clinics.websitecheck": "view change",  # to look again
    "clinics.importbatch": "view add change",  # to apply, and to roll back
    "clinics.importrecord": "view change",  # to decide
    "clinics.fieldsource": "view",
    "clinics.review": "view change",  # nothing of it is written by hand: clinics/reviews/
    "clinics.reviewreply": "view change",
    "clinics.contest": "view change",
    "clinics.report": "view change",
    "clinics.appeal": "view change",
    "clinics.codesheet": "view",
    "clinics.clinicversion": "view",
    "clinics.dailystatistic": "view",
    "clinics.slughistory": "view",
}

# Role → "app.model": what it may do there.
ROLES: dict[str, dict[str, str]] = {
    OWNER: {
        "clinics.clinic": "view change",
        **FACTS,
        "clinics.membership": "view add change",
        "clinics.invitation": "view add change",
        "clinics.pendingchange": "view add",
        "clinics.clinicversion": "view",
        "clinics.dailystatistic": "view",
    },
    # As an owner, but for who is a member, and for name and address.
    STAFF: {
        "clinics.clinic": "view change",
        **FACTS,
        "clinics.membership": "view",
        "clinics.pendingchange": "view",
        "clinics.clinicversion": "view",
        "clinics.dailystatistic": "view",
    },
    MODERATOR: {
        "clinics.clinic": "view change",
        **FACTS,
        "clinics.provenance": "view add change delete",
        **MODERATION,
        "clinics.speciality": "view",
        "clinics.treatmenttype": "view",
        "clinics.postcode": "view",
        "clinics.place": "view",
    },
    EDITOR: {
        "articles.article": "view add change publish",
        "articles.image": "view add change delete",
        "articles.linkterm": "view add change delete",
        "articles.flagsuggestion": "view change",
        "articles.signoff": "view add",
        "articles.upload": "view add change",
        "clinics.condition": "view add change",
        "clinics.conditionmatch": "view add change delete",
        "clinics.warningchange": "view add change",
        "clinics.slughistory": "view",
        # Stronger at once, weaker only with a second editor: clinics.weakening.
        "clinics.bodyregion": "view change",
        "clinics.speciality": "view",
        "clinics.treatmenttype": "view",
        "clinics.redflag": "view add change",
        "clinics.outofhoursservice": "view",
        "clinics.region": "view",
    },
    # Reads everything an article stands on, says whether it is right, and changes or publishes nothing.
    MEDICAL_REVIEWER: {
        "articles.article": "view review",
        "articles.image": "view",
        "articles.flagsuggestion": "view",
        "articles.signoff": "view",
        "clinics.condition": "view",
        "clinics.conditionmatch": "view",
        "clinics.warningchange": "view",
        "clinics.bodyregion": "view",
        "clinics.speciality": "view",
        "clinics.treatmenttype": "view",
        "clinics.redflag": "view",
        "clinics.outofhoursservice": "view",
    },
    ADMINISTRATOR: {
        "articles.article": "view add change delete publish review",
        "articles.image": "view add change delete",
        "articles.linkterm": "view add change delete",
        "articles.flagsuggestion": "view change",
        "articles.signoff": "view add",
        "articles.upload": "view add change delete",
        "clinics.condition": "view add change delete",
        "clinics.conditionmatch": "view add change delete",
        "clinics.warningchange": "view add change",
        "clinics.bodyregion": "view add change delete",
        "clinics.speciality": "view add change delete",
        "clinics.treatmenttype": "view add change delete",
        "clinics.redflag": "view add change delete",
        "clinics.outofhoursservice": "view add change delete",
        "clinics.region": "view",
        "clinics.postcode": "view",
        "clinics.place": "view",
        "clinics.clinic": "view add change delete",
        **FACTS,
        "clinics.provenance": "view add change delete",
        **MODERATION,
        "clinics.tariff": "view add change delete",
        "clinics.referralrule": "view add change delete",
        "auth.user": "view change",  # opens and closes accounts, no more: fysfinder/admin.py
        "auth.group": "view",
    },
}


@transaction.atomic
def sync_roles() -> dict[str, int]:
    """Make the groups and give each exactly its rights. Returns role → number of rights; safe to run twice.

    Raises KeyError for a right that no model has: the migrations have not been run.
    """
    known = {
        (app, codename): pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    # All roles in a few statements: one group after the other asked the database thirty times.
    Group.objects.bulk_create([Group(name=role) for role in ROLES], ignore_conflicts=True)
    groups = dict(Group.objects.filter(name__in=ROLES).values_list("name", "pk"))
    wanted = {
        role: {known[_right(model, verb)] for model, verbs in models.items() for verb in verbs.split()}
        for role, models in ROLES.items()
    }
    pairs = {(groups[role], right) for role, rights in wanted.items() for right in rights}
    given = Group.permissions.through.objects.filter(group__in=groups.values())
    there = {(group, right): pk for pk, group, right in given.values_list("pk", "group_id", "permission_id")}
    if gone := [pk for pair, pk in there.items() if pair not in pairs]:
        given.filter(pk__in=gone).delete()
    Group.permissions.through.objects.bulk_create(
        [Group.permissions.through(group_id=group, permission_id=right) for group, right in sorted(pairs - set(there))],
        ignore_conflicts=True,  # two at once
    )
    return {role: len(rights) for role, rights in wanted.items()}


def _right(model: str, verb: str) -> tuple[str, str]:
    app, name = model.split(".")
    return app, f"{verb}_{name}"


def table() -> str:
    """Every role and its rights in Markdown, as docs/roles.md shows it."""
    models = sorted({model for rights in ROLES.values() for model in rights})
    verbs = list(VERBS)
    lines = [f"| | {' | '.join(ROLES)} |", f"|---|{'---|' * len(ROLES)}"]
    for model in models:
        cells = (sorted(rights.get(model, "").split(), key=verbs.index) for rights in ROLES.values())
        lines.append(f"| `{model}` | {' | '.join(' '.join(cell) or '–' for cell in cells)} |")
    return "\n".join(lines)
