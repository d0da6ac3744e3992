"""Ready-made reasons for what a moderator decides of a review. What is typed beside one is added to it.

Each names the rule and says what can be done, for that is what its author reads (DSA Art. 17). Where to go with what we cannot
look into, with sources: docs/moderation.md.
"""

from dataclasses import dataclass

PATIENT_COMPLAINTS = "Styrelsen for Patientklager (stpk.dk): klag over en behandling."
PATIENT_SAFETY = "Styrelsen for Patientsikkerhed (stps.dk): sig til, hvis du er bekymret for andre patienter."
COMPENSATION = "Patienterstatningen (patienterstatningen.dk): søg erstatning for en skade."
POLICE = "Politiet på 114: anmeld noget strafbart. Ring 112, hvis det haster."


@dataclass(frozen=True)
class Ready:
    label: str
    text: str


@dataclass(frozen=True)
class Group:
    """Reasons that belong together, by the key that a form sends."""

    label: str
    reasons: dict[str, Ready]


_SERIOUS = "\n".join(
    (
        "Det, du fortæller, er alvorligt. Vi kan ikke undersøge, hvad der er sket, men det kan de her:",
        f"- {PATIENT_COMPLAINTS}",
        f"- {PATIENT_SAFETY}",
        f"- {COMPENSATION}",
        f"- {POLICE}",
    )
)

GROUPS = (
    Group(
        "Alvorlige påstande",
        {
            "alvorligt": Ready(
                "Alvorlig påstand: vis vej til rette myndighed",
                f"{_SERIOUS}\n\nHos os kan du skrive, hvad du selv oplevede. Slet det, der beskylder nogen for noget strafbart"
                " eller for fejlbehandling, og send igen.",
            ),
        },
    ),
    Group(
        "Bed om en ændring",
        {
            "ret_navn": Ready(
                "Navn på en ansat", "Du nævner en person ved navn. Skriv det samme uden navnet, fx “fysioterapeuten”."
            ),
            "ret_privat": Ready(
                "Oplysninger om bestemte personer",
                "Der står noget, som kan vise, hvem du eller en anden er. Slet det, og send igen.",
            ),
            "ret_helbred": Ready(
                "Meget om helbred",
                "Du fortæller meget om dit helbred, og alle kan læse det. Slet det, som ikke skal stå dér, og send igen.",
            ),
            "ret_tone": Ready(
                "Grov tone",
                "Noget af teksten er groft. Skriv, hvad der skete, og hvad du synes om det, uden skældsord. Du må gerne være"
                " utilfreds.",
            ),
            "ret_andet": Ready(
                "Handler også om noget andet",
                "En del af teksten handler om andre steder end klinikken. Skriv kun om dit eget besøg.",
            ),
            "ret_uklart": Ready("Kan ikke forstås", "Vi kan ikke forstå teksten. Skriv den med lidt flere ord."),
        },
    ),
    Group(
        "Afvis eller tag ned",
        {
            "nej_besoeg": Ready(
                "Ikke om et besøg",
                "Vores regler: en anmeldelse handler om et besøg, du selv har haft på klinikken. Det gør teksten ikke.",
            ),
            "nej_interesse": Ready(
                "Fra klinikken selv eller en konkurrent",
                "Vores regler: man anmelder ikke sin egen eller en konkurrents klinik. Det har vi grund til at tro er sket her.",
            ),
            "nej_reklame": Ready(
                "Reklame", "Vores regler: en anmeldelse er ikke reklame, hverken for klinikken eller andre."
            ),
            "nej_samme": Ready(
                "Samme tekst igen", "Vores regler: ét besøg giver én anmeldelse. Vi har allerede en med samme tekst."
            ),
            "nej_had": Ready(
                "Trusler, had eller chikane", "Vores regler og loven: vi viser ikke trusler, had eller chikane."
            ),
            "nej_person": Ready(
                "Om et bestemt menneskes private forhold",
                "Vores regler og loven: vi viser ikke oplysninger om bestemte personers private forhold.",
            ),
            "nej_falsk": Ready(
                "Beskylder nogen for noget strafbart",
                "Vores regler og loven: vi viser ikke påstande om noget strafbart, som vi ikke kan undersøge.",
            ),
        },
    ),
)
READY = {key: one for group in GROUPS for key, one in group.reasons.items()}


def joined(key: str, typed: str) -> str:
    """The ready-made reason of that key, if there is one, and what was typed beside it."""
    ready = READY.get(key)
    return "\n\n".join(filter(None, [ready.text if ready else "", typed.strip()]))


# Why a clinic's reply is not shown.
REPLY_READY = {
    "patient": (
        "Svaret siger, at nogen har været patient hos jer, eller fortæller om en behandling. Det kan bryde jeres tavshedspligt,"
        " også når patienten selv har skrevet det. Skriv et svar, som gælder for alle."
    ),
    "person": "Svaret prøver at vise, hvem der har skrevet anmeldelsen. Fjern det.",
    "tone": "Svaret er groft eller truende. Skriv venligt, også når I er uenige.",
    "reklame": "Svaret er reklame eller tilbyder noget for at ændre anmeldelsen. Fjern det.",
}
