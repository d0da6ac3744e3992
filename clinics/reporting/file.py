"""Everything that a moderator needs to decide a report or an appeal, on one screen."""

import datetime
from dataclasses import dataclass

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q

from clinics import clock, danish, ownership
from clinics.models import Appeal, Contest, Report, Review
from clinics.models.request import Decided

from . import appeals

ANSWER_DAYS = 7  # promised, “som regel”
MOST = 10
DAY = datetime.timedelta(days=1)

# What a decision rests on: law, or our own rules (DSA Art. 17(3)(d) and (e)). Each is one sentence that is mailed.
GROUNDS = {
    "person": "Det er imod vores vilkår: ingen oplysninger om bestemte personer.",
    "had": "Det er imod vores vilkår: ingen trusler, had eller chikane.",
    "reklame": "Det er imod vores vilkår: ingen reklame og ingen skjulte interesser.",
    "egen": "Det er imod vores vilkår: en anmeldelse handler om et besøg, som forfatteren selv har været til.",
    "raad": "Det er imod vores vilkår: ingen råd om helbred, som kan skade andre.",
    "straffeloven": "Vi vurderer, at det er ulovligt efter straffelovens regler om ærekrænkelser og trusler.",
    "markedsforing": "Vi vurderer, at det er ulovligt efter reglerne om markedsføring af sundhedsydelser.",
    "privatliv": "Vi vurderer, at det er ulovligt efter reglerne om beskyttelse af persondata.",
}
# Ready-made reasons, the facts of a decision; what is typed beside them is added. The first word says for which answer.
READY = {
    "ja_fjernet": "Vi har læst anmeldelsen. Den må ikke stå, som den er skrevet.",
    "ja_profil": "Vi har fjernet det, der ikke måtte stå på profilen.",
    "ja_forfatter": "Forfatteren har selv slettet eller rettet det, du har indberettet.",
    "nej_mening": "Det er forfatterens egen oplevelse og mening. Den må man gerne skrive, også når den er negativ.",
    "nej_fakta": "Vi kan ikke se, at det er forkert, og du har ikke vist det. Har du noget, der viser det, så klag, og send det.",
    "nej_uden_navn": "Ingen bestemt person kan kendes i det, der står.",
    "nej_sted": "Det hører til hos Styrelsen for Patientklager. Vi afgør ikke, om en behandling var god nok.",
}
READY_APPEAL = {
    "ja_igen": "Vi har set på sagen igen, og den første afgørelse var forkert.",
    "ja_nyt": "Du har sendt noget nyt, som ændrer sagen.",
    "nej_samme": "Vi har set på sagen igen og er kommet til det samme.",
    "nej_intet_nyt": "Klagen giver ikke nyt at gå efter, og den første afgørelse var rigtig.",
}


@dataclass(frozen=True)
class File:
    """`same_source`: reports that came from the same network that day, this one among them. `said`: the history, in lines."""

    same_source: int
    others: list[Report]
    appeals: list[Appeal]
    said: list[str]


def file_of(report: Report) -> File:
    """A fixed number of queries, whatever the report."""
    same = Q(source=report.source) if report.source else Q(pk=report.pk)
    near = Q(created_at__range=(report.created_at - DAY, report.created_at + DAY))
    alike = Q(review=report.review) if report.review_id else Q(clinic=report.clinic_id, about_review=False)
    return File(
        same_source=Report.objects.filter(same & near).aggregate(count=Count("pk"))["count"],
        others=list(Report.objects.filter(alike).exclude(pk=report.pk).order_by("-created_at", "-pk")[:MOST]),
        appeals=list(report.appeals.order_by("created_at", "pk")),
        said=_history(report),
    )


@dataclass(frozen=True)
class First:
    """The decision that is appealed: what it was, why, by whom and when, in words for moderators."""

    decision: str
    reason: str
    by: User | None
    at: datetime.datetime | None


def first_of(appeal: Appeal) -> First | None:
    """None where it is gone."""
    row: Report | Review | Contest | None = appeal.report or appeal.review
    if appeal.review and appeal.side == Appeal.Side.CLINIC:
        row = Contest.objects.select_related("decided_by").filter(review=appeal.review).first()
    if row is None:
        return None
    return First(row.get_status_display(), row.reason, row.decided_by, row.decided_at)


def stands(appeal: Appeal) -> bool:
    """Whether the decision is still the one that was appealed."""
    return appeals.decided_at(appeal.side, appeal.review, appeal.report) == appeal.created_for


def may_not_decide(appeal: Appeal, by: User) -> str:
    """Why this moderator may not, one sentence; "" for who may."""
    if ownership.is_member(by, appeal.clinic_id):
        return "Du er med i klinikken. En anden moderator skal afgøre klagen."
    if appeals.first_decider(appeal) == by.pk and appeals.others_can_decide(appeal.clinic_id, but=by):
        return appeals.SAME_PERSON
    return ""


def composed(ready: str, ground: str, typed: str) -> str:
    """What is mailed: the ready-made reason, what was typed, and what it rests on."""
    return "\n\n".join(filter(None, [(READY | READY_APPEAL).get(ready, ""), typed.strip(), GROUNDS.get(ground, "")]))


def age(row: Decided) -> str:
    """How long it has waited: `"3 dage"`; "" when it does not."""
    if row.status != Decided.Status.WAITING:
        return ""
    days = (clock.now() - row.created_at).days
    return danish.count(days, "dag", "dage") if days else "i dag"


def is_late(row: Decided) -> bool:
    return row.status == Decided.Status.WAITING and (clock.now() - row.created_at).days >= ANSWER_DAYS


def _history(row: Report) -> list[str]:
    lines = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk))
    return [str(line.change_message) for line in lines.order_by("action_time", "pk")]
