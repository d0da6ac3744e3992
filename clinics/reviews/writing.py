"""What an author does with a review: send, confirm, correct, take along, delete. No account: the private link is the key."""

import datetime
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from clinics import clock, outbox
from clinics.actions import ActionError
from clinics.models import Clinic, Outbox, Review
from clinics.rate_limit import HOUR, allow, give_back

from . import codes, suspicion, tokens
from .questions import QUESTIONS
from .retention import UNCONFIRMED, ago
from .steps import Step, Who, locked, take

DAY = datetime.timedelta(days=1)
MOST_OF_SOURCE = 5  # reviews an hour
MOST_CODES_TRIED = 20  # an hour, by one source; what was right is not counted
MOST_MAILS = 3  # a day, to one address: nobody shall get mails by the dozen because somebody else wrote their address
MOST_EDITS = 10  # a day, of one review: each is read by a moderator

NOT_SHOWN = "Klinikken kan ikke anmeldes lige nu."
TOO_MANY = "Der er sendt mange anmeldelser fra dit netværk på kort tid. Vent en time, og send så igen."
TOO_MANY_CODES = "Der er prøvet mange koder fra dit netværk. Vent en time, og prøv så igen."
TOO_MANY_EDITS = "Du har rettet mange gange i dag. Vent til i morgen."


class TooManyError(ActionError):
    """Later it will do."""


@dataclass(frozen=True)
class Answers:
    """What an author says, checked by clinics/reviews/forms.py: `visited_in` is the first of a month, answers are 1 to 5."""

    visited_in: datetime.date
    taken_seriously: int
    explained: int
    appointments: int
    premises: int
    overall: int
    text: str
    nickname: str


ANSWERS = tuple(field.name for field in fields(Answers))


@dataclass(frozen=True)
class Submitted:
    """`token` opens the review: shown to whoever proved a visit, and otherwise only mailed."""

    review: Review
    token: str


def submit(*, clinic: Clinic, answers: Answers, code: str, email: str, source: str, token: str = "") -> Submitted:
    """Store a review: with a visit code it waits for a moderator, with an e-mail alone until that is confirmed.

    With both the code proves the visit and the address gets the private link. A `token` that was sent before (somebody pressed
    twice) gives the review it made. Raises ActionError for a code that is not good, TooManyError past a limit; nothing is
    stored then, and the code is as good as before.
    """
    if not code and not email:
        raise ValueError("A review needs a visit code or an e-mail")
    token = token or tokens.new_token()
    if code and not allow("visit-code", source, MOST_CODES_TRIED, HOUR):
        raise TooManyError(TOO_MANY_CODES)
    try:
        review = _store(clinic, answers, code, email, source, token)
    except (ActionError, IntegrityError):
        if (sent := by_token(token)) is None or sent.clinic_id != clinic.pk:
            raise
        review = sent
    if code:
        give_back("visit-code", source)
    return Submitted(review, token)


@transaction.atomic
def _store(clinic: Clinic, answers: Answers, code: str, email: str, source: str, token: str) -> Review:
    # The clinic first, as everywhere (steps.locked, codes.revoke).
    here = Clinic.objects.select_for_update(of=("self",), no_key=True).filter(pk=clinic.pk).first()
    if here is None or here.status != Clinic.Status.PUBLISHED:
        raise ActionError(NOT_SHOWN)
    if Review.objects.filter(secret=tokens.digest(token)).exists():
        raise ActionError(NOT_SHOWN)  # submit finds it
    # In this transaction, so that only what is stored is counted. Before the code is looked at: past the limit a good code must
    # answer as a used one does, or a clinic could ask of each that it has printed whether it came back.
    if not allow("review", source, MOST_OF_SOURCE, HOUR):
        raise TooManyError(TOO_MANY)
    sheet = codes.redeem(clinic=here, typed=code) if code else None
    now = clock.now()
    review = Review.objects.create(
        **asdict(answers),
        clinic=here,
        key=tokens.new_key(),
        secret=tokens.digest(token),
        status=Review.Status.PENDING if sheet else Review.Status.UNCONFIRMED,
        confirmation=Review.Confirmation.VISIT if sheet else Review.Confirmation.EMAIL,
        consented_at=now,
        created_at=now,
        submitted_at=now if sheet else None,
        email=email,
        source=source,
        sheet=sheet,
        is_example=here.is_example,
    )
    if email:
        _mail_link(review, token)
    if sheet:
        suspicion.note(review=review)
    return review


def _mail_link(review: Review, token: str) -> None:
    """Past the day's number nothing is sent and nothing is said: whoever knows an address must not learn that it was used."""
    if not allow("review-mail", tokens.address_digest(review.email), MOST_MAILS, DAY):
        return
    outbox.promise(
        template="review_received",
        to=review.email,
        context={
            "clinic": review.clinic.name,
            "must_confirm": int(review.status == Review.Status.UNCONFIRMED),
            "link": outbox.absolute(reverse("clinics:review_own", args=[token])),
        },
        key=f"review_received:{review.key}",
        # No `clinic`: a list of who wrote to whom, and of which clinic, is a list of patients.
    )


def by_token(token: str) -> Review | None:
    """The review that a private link opens, with its clinic. None for any other, and for one that was never confirmed in time."""
    if len(token) != tokens.TOKEN_LENGTH:
        return None
    review = Review.objects.select_related("clinic__postcode").filter(secret__in=tokens.digests(token)).first()
    if review is not None and is_late(review):
        return None
    return review


def is_late(review: Review) -> bool:
    """Whether its time to be confirmed is over: it is erased within the hour (retention.py), and gone for everybody now."""
    return review.status == Review.Status.UNCONFIRMED and review.created_at < ago(UNCONFIRMED)


@transaction.atomic
def confirm_email(*, review: Review) -> None:
    """Whoever opened the mailed link pressed the button: now a moderator reads it. A second time changes nothing."""
    stored = locked(review)
    if is_late(stored):
        raise ActionError("Linket er for gammelt, og anmeldelsen er slettet. Du er velkommen til at skrive en ny.")
    if stored.status == Review.Status.UNCONFIRMED:
        take(stored, Step.CONFIRM, Who.AUTHOR)
        suspicion.note(review=stored)
    review.refresh_from_db()


@transaction.atomic
def edit(*, review: Review, answers: Answers) -> bool:
    """Other answers: a moderator reads them before they are shown; what was shown is hidden until then. Raises ActionError.

    False when they are the same, which changes nothing.
    """
    stored = locked(review)
    if asdict(answers) == {name: getattr(stored, name) for name in ANSWERS}:
        return False
    take(stored, Step.EDIT, Who.AUTHOR)  # first: what is counted out is what was counted in
    if not allow("review-edit", stored.key, MOST_EDITS, DAY):
        raise TooManyError(TOO_MANY_EDITS)
    for name, value in asdict(answers).items():
        setattr(stored, name, value)
    stored.save(update_fields=ANSWERS)
    suspicion.note(review=stored)
    review.refresh_from_db()
    return True


@transaction.atomic
def erase(*, review: Review) -> None:
    """The author takes it back: the row goes, with reply, contest and mails. Its code stays used. Raises ActionError."""
    stored = locked(review)
    key = stored.key
    take(stored, Step.ERASE, Who.AUTHOR)
    Outbox.objects.filter(template__startswith="review_", key__endswith=f":{key}").delete()


def export(review: Review) -> dict[str, Any]:
    """All that we keep of a review and its author, in words, for them to take along.

    Without the moderators' notes (`suspicions`), which speak of other people's reviews too.
    """
    reply = getattr(review, "reply", None)
    return {
        "klinik": review.clinic.name,
        "status": review.get_status_display(),
        "bekræftelse": review.get_confirmation_display(),
        "besøgt": f"{review.visited_in:%Y-%m}",
        "svar": {
            question.ask: {"tal": stars, "ord": question.word(stars)}
            for question in QUESTIONS
            for stars in [getattr(review, question.field)]
        },
        "anmeldelse": review.text,
        "kaldenavn": review.nickname,
        "samtykke givet": _time(review.consented_at),
        "modtaget": _time(review.created_at),
        "sendt til moderator": _time(review.submitted_at),
        "vist fra": _time(review.published_at),
        "afgjort": _time(review.decided_at),
        "begrundelse": review.reason or None,
        "e-mail": review.email or None,
        "spor af dit netværk": "gemt som en kode, der slettes inden for et døgn" if review.source else None,
        "spor af arket med din kode": "gemt, slettes inden for 30 dage" if review.sheet_id else None,
        "klinikkens svar": reply.text if reply and reply.status == reply.Status.PUBLISHED else None,
        "klager": [
            {"sendt": _time(appeal.created_at), "tekst": appeal.text, "status": appeal.get_status_display()}
            for appeal in review.appeals.filter(side="author")
        ],
    }


def _time(moment: datetime.datetime | None) -> str | None:
    return moment.astimezone(clock.COPENHAGEN).isoformat(timespec="minutes") if moment else None
