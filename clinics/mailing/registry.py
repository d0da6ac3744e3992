"""Every mail that we send: what it is called, whether it may be stopped, and what its templates need to know.

A new mail is one row here, `templates/emails/<name>.txt` (first line: the subject, then an empty line, then the text) and,
where a button helps, `<name>.html`. tests/test_outbox_templates.py then renders it from its example.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    NEEDED = "needed"  # codes, decisions, what somebody asked for: nobody can stop it
    REMINDER = "reminder"  # what we think of ourselves: carries List-Unsubscribe, goes by day only


@dataclass(frozen=True)
class Mail:
    """`label` is what moderators read. `example` holds every name that a promise must bring, with a value for tests.

    `is_secret`: a code or a link in it opens something, so that nothing of it is kept once it has failed for good.
    """

    label: str
    example: Mapping[str, Any] = field(default_factory=dict)
    kind: Kind = Kind.NEEDED
    is_secret: bool = False


_SITE = "https://fysfinder.example"
_CLINIC = {"clinic": "Ryggen & Co"}
_CLAIM = _CLINIC | {"status_url": f"{_SITE}/for-klinikker/overtag/ryggen-co/"}
_CHANGE = _CLINIC | {
    "subject_of_change": "navn",
    "wanted": "Ryggen og Knæet",
    "reason": "Navnet står i CVR.",
    "form_url": f"{_SITE}/admin/clinics/clinic/1/change/",
}
_OWN_REVIEW = _CLINIC | {"page_url": f"{_SITE}/for-klinikker/anmeldelser/ryggen-co/aBcDeFgHiJkLmNoPqRsTuV/"}
_REPORT = _CLINIC | {"number": "26-7KQM2X", "what": "anmeldelsen af Ryggen & Co"}
_DECISION = {"upheld": 0, "reason": "Anmeldelsen holder sig til, hvad forfatteren selv har oplevet."}

_REVIEW = _CLINIC | {
    "reason": "",
    "profile_url": f"{_SITE}/klinik/ryggen-co/",
    "rules_url": f"{_SITE}/vilkaar/",
    "until": "",
}
_NOT_SHOWN = _REVIEW | {"reason": "Du nævner en person ved navn.", "until": "21. maj 2027"}

MAILS: dict[str, Mail] = {
    "reminder": Mail(
        "Påmindelse om at bekræfte oplysninger",
        {
            "clinic": "Ryggen & Co",
            "confirmed": "1. maj 2026",
            "share": 78,
            "missing": [{"label": "ventetid", "why": "Mange vælger efter ventetid."}],
            "confirm_url": "https://fysfinder.example/admin/clinics/clinic/1/change/",
        },
        Kind.REMINDER,
    ),
    "outreach": Mail(
        "Invitation til at overtage en profil",
        {
            "clinic": "Ryggen & Co",
            "address": "Nørregade 4, 8000 Aarhus C",
            "code": "7KQM 2XRT",
            "claim_url": "https://fysfinder.example/for-klinikker/overtag/ryggen-co/",
            "profile_url": "https://fysfinder.example/klinik/ryggen-co/",
            "correction_url": "https://fysfinder.example/klinik/ryggen-co/ret/?fra=klinik",
            "until": "14. december 2026",
        },
        Kind.REMINDER,
        is_secret=True,
    ),
    "claim_code": Mail(
        "Kode til at overtage en profil",
        _CLINIC
        | {"code": "7KQM 2XRT", "minutes": 30, "who": "olga@example.org", "profile_url": f"{_SITE}/klinik/ryggen-co/"},
        is_secret=True,
    ),
    "claim_code_given": Mail(
        "Kode givet i telefon eller brev", _CLAIM | {"by_letter": 1, "until": "14. december 2026"}
    ),
    "claim_received": Mail("Overtagelse modtaget", _CLAIM),
    "claim_approved": Mail(
        "Overtagelse godkendt",
        _CLAIM
        | {
            "reason": "Koden til klinikkens e-mail var rigtig.",
            "form_url": f"{_SITE}/admin/clinics/clinic/1/change/",
            "members_url": f"{_SITE}/for-klinikker/medlemmer/ryggen-co/",
            "profile_url": f"{_SITE}/klinik/ryggen-co/",
        },
    ),
    "claim_taken": Mail(
        "Til klinikken: profilen er overtaget",
        _CLINIC
        | {
            "who": "Olga Ejer",
            "profile_url": f"{_SITE}/klinik/ryggen-co/",
            "objection_url": f"{_SITE}/for-klinikker/indsigelse/abc/",
        },
        is_secret=True,
    ),
    "claim_refused": Mail("Overtagelse afvist", _CLAIM | {"reason": "Papiret viser en anden klinik.", "can_appeal": 1}),
    "claim_expired": Mail("Overtagelse udløbet", _CLAIM),
    "claim_ask": Mail(
        "Til ejere: nogen vil være med",
        _CLINIC
        | {
            "who": "Mads Medarbejder",
            "email": "mads@example.org",
            "words": "Jeg er ny hos jer.",
            "members_url": f"{_SITE}/for-klinikker/medlemmer/ryggen-co/",
        },
    ),
    "member_invitation": Mail(
        "Invitation til at passe en profil",
        _CLINIC
        | {
            "by": "Olga Ejer",
            "role": "medarbejder",
            "days": 14,
            "link": f"{_SITE}/for-klinikker/invitation/abc/",
        },
        is_secret=True,
    ),
    "member_news": Mail(
        "Nyt om, hvem der passer en profil",
        _CLINIC
        | {
            "sentence": "Mads Medarbejder er nu medarbejder.",
            "page": f"{_SITE}/for-klinikker/medlemmer/ryggen-co/",
            "contact_url": f"{_SITE}/kontakt/",
        },
    ),
    "change_approved": Mail("Ændring godkendt", _CHANGE),
    "change_refused": Mail("Ændring afvist", _CHANGE),
    "member_removed": Mail(
        "Fjernet fra en klinik", _CLINIC | {"by": "Olga Ejer", "claim_url": f"{_SITE}/for-klinikker/overtag/ryggen-co/"}
    ),
    "listing_received": Mail("Ny klinik: ønske modtaget", _CLINIC | {"status_url": f"{_SITE}/for-klinikker/opret/"}),
    "listing_approved": Mail(
        "Ny klinik oprettet",
        _CLINIC
        | {
            "reason": "Vi har talt med klinikken.",
            "form_url": f"{_SITE}/admin/clinics/clinic/1/change/",
            "members_url": f"{_SITE}/for-klinikker/medlemmer/ryggen-co/",
            "profile_url": f"{_SITE}/klinik/ryggen-co/",
        },
    ),
    "listing_refused": Mail(
        "Ny klinik afvist",
        _CLINIC
        | {
            "reason": "Klinikken er allerede på FysFinder.",
            "find_url": f"{_SITE}/for-klinikker/",
            "new_url": f"{_SITE}/for-klinikker/opret/",
        },
    ),
    "reply_published": Mail(
        "Svar på en anmeldelse er vist", _OWN_REVIEW | {"public_url": f"{_SITE}/klinik/ryggen-co/anmeldelser/"}
    ),
    "reply_rejected": Mail(
        "Svar på en anmeldelse er afvist", _OWN_REVIEW | {"reason": "Svaret siger, at nogen har været patient hos jer."}
    ),
    "contest_decided": Mail(
        "Indsigelse mod en anmeldelse er afgjort",
        _OWN_REVIEW | {"upheld": 0, "reason": "Anmeldelsen bryder ikke reglerne, og den bliver stående."},
    ),
    "report_received": Mail(
        "Indberetning modtaget",
        _REPORT | {"link": f"{_SITE}/indberetning/abc/"},
        is_secret=True,
    ),
    "report_decided": Mail(
        "Indberetning afgjort",
        _REPORT | _DECISION | {"changed": 0, "link": f"{_SITE}/indberetning/abc/", "until": "21. maj 2027"},
        is_secret=True,
    ),
    "report_clinic": Mail(
        "Til klinikken: en indberetning af profilen er afgjort",
        _CLINIC
        | {
            "number": "26-7KQM2X",
            "kind": "Det er usandt eller falsk",
            "reason": "Prisen passer ikke.",
            "page": f"{_SITE}/for-klinikker/afgoerelser/ryggen-co/",
            "until": "21. maj 2027",
        },
    ),
    "appeal_decided": Mail(
        "Klage afgjort",
        _CLINIC
        | _DECISION
        | {
            "about": "indberetning 26-7KQM2X",
            "outcome": "Afgørelsen står ved magt.",
            "page": f"{_SITE}/indberetning/abc/",
        },
        is_secret=True,
    ),
    "review_received": Mail(
        "Anmeldelse modtaget", _CLINIC | {"must_confirm": 1, "link": f"{_SITE}/anmeldelse/abc/"}, is_secret=True
    ),
    "review_published": Mail("Anmeldelse vist", _REVIEW),
    "review_changes": Mail("Anmeldelse: bed om en ændring", _NOT_SHOWN),
    "review_rejected": Mail("Anmeldelse afvist", _NOT_SHOWN),
    "review_removed": Mail("Anmeldelse taget ned", _NOT_SHOWN),
    "clinic_review_published": Mail(
        "Til klinikken: ny anmeldelse",
        _CLINIC
        | {
            "page": f"{_SITE}/for-klinikker/anmeldelser/ryggen-co/",
            "profile_url": f"{_SITE}/klinik/ryggen-co/",
            "was_answered": 1,
        },
    ),
    "removal_done": Mail("Klinik taget af siden", _CLINIC | {"reason": "Klinikken har selv bedt om det."}),
    "removal_refused": Mail(
        "Klinik bliver på siden",
        _CLINIC | {"reason": "Klinikken vil gerne stå her.", "correction_url": f"{_SITE}/klinik/ryggen-co/ret/"},
    ),
}


def mail(template: str) -> Mail:
    """The mail of that name. Raises LookupError, with what to do, for one that nobody has entered here."""
    try:
        return MAILS[template]
    except KeyError:
        raise LookupError(f"No mail {template!r}: enter it in clinics/mailing/registry.py") from None


def reminders() -> list[str]:
    """The names of the mails that wait for the day and that an address can stop."""
    return [name for name, one in MAILS.items() if one.kind == Kind.REMINDER]
