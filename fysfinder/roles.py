"""Who may do what: the roles of the site, in code. `manage.py sync_roles` writes them to the database.

Which step of an article's way each may take stands in articles/workflow.py and follows from the rights below. Owner and
moderator come with the rights that they are for, never before.
"""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

EDITOR = "Redaktør"
MEDICAL_REVIEWER = "Fagperson"
ADMINISTRATOR = "Administrator"

# Role → "app.model": what it may do there.
ROLES: dict[str, dict[str, str]] = {
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
        "clinics.slughistory": "view",
        "clinics.bodyregion": "view add change delete",
        "clinics.speciality": "view add change delete",
        "clinics.treatmenttype": "view add change delete",
        "clinics.redflag": "view add change delete",
        "clinics.outofhoursservice": "view add change delete",
        "clinics.region": "view",
        "clinics.postcode": "view",
        "clinics.place": "view",
        "clinics.clinic": "view add change delete",
        "clinics.clinicspeciality": "view add change delete",
        "clinics.clinictreatment": "view add change delete",
        "clinics.price": "view add change delete",
        "clinics.practitioner": "view add change delete",
        "clinics.openinghours": "view add change delete",
        "clinics.openingexception": "view add change delete",
        "clinics.photo": "view add change delete",
        "clinics.provenance": "view add change delete",
        "clinics.correction": "view change",
        "clinics.tariff": "view add change delete",
        "clinics.referralrule": "view add change delete",
        "auth.user": "view change",  # opens and closes accounts, no more: fysfinder/admin.py
        "auth.group": "view",
    },
}


@transaction.atomic
def sync_roles() -> dict[str, int]:
    """Make the groups and give each exactly its rights. Returns role → number of rights; safe to run twice."""
    result = {}
    for role, models in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        wanted = [_permission(model, verb) for model, verbs in models.items() for verb in verbs.split()]
        group.permissions.set(wanted)
        result[role] = len(wanted)
    return result


def _permission(model: str, verb: str) -> Permission:
    app, name = model.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=f"{verb}_{name}")
