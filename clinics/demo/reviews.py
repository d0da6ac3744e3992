"""Invented reviews of invented clinics: as different as real ones, marked one by one, and counted by the ordinary rule.

Drawn from a generator of their own, so that the clinics beside them stay what they were.
"""

import datetime
import random

from clinics.copying import Row, copy_values, next_keys
from clinics.models import STARS, Review, ReviewReply
from clinics.reviews import aggregate, tokens

SEED = 20261122
MOST_CLINICS = 1_000  # a large directory for measurements need not have a million of them
FIRST = ("Rolig", "Glad", "Stille", "Modig", "Venlig", "Travl", "Klog", "Nysgerrig", "Munter", "Tålmodig")
SECOND = ("Lærke", "Odder", "Anemone", "Grævling", "Svale", "Ravn", "Bøg", "Hejre", "Hare", "Pil", "Måge", "Egern")

# Three parts each; what is said goes with how many stars were given.
GOOD = (
    (
        "Jeg følte mig hørt fra første gang.",
        "De spurgte ordentligt ind, før vi gik i gang.",
        "Der var god tid, og ingen skyndte på mig.",
        "Jeg var nervøs, men blev mødt roligt og venligt.",
    ),
    (
        "Jeg fik forklaret, hvad de fandt, og hvad de var i tvivl om.",
        "Øvelserne blev vist langsomt, og jeg fik dem med hjem på papir.",
        "Vi lavede en plan sammen, som passede til min hverdag.",
        "De sagde ærligt, at det ville tage tid.",
    ),
    (
        "Tiderne blev holdt, og prisen var den, jeg fik at vide.",
        "Lokalerne er lyse, og det er nemt at komme ind.",
        "Jeg kunne ringe og spørge mellem gangene.",
        "Receptionen svarede hurtigt, da jeg skulle flytte en tid.",
    ),
)
MIXED = (
    (
        "Behandleren var dygtig til at forklare.",
        "God samtale den første gang.",
        "Jeg fik nogle øvelser, jeg kunne bruge.",
    ),
    (
        "Men jeg ventede over tyve minutter to gange.",
        "Til gengæld skiftede jeg behandler undervejs og måtte fortælle det hele igen.",
        "Det var svært at få en tid om eftermiddagen.",
    ),
    (
        "Alt i alt nogenlunde.",
        "Lokalet var lidt koldt, og der var lyd fra naborummet.",
        "Jeg ville ønske, at vi havde talt mere om, hvad jeg selv kunne gøre.",
    ),
)
BAD = (
    (
        "Jeg følte, at det gik for hurtigt.",
        "Jeg fik ikke rigtig sagt, hvorfor jeg kom.",
        "Der blev ikke spurgt ind til, hvad jeg havde prøvet før.",
    ),
    (
        "Øvelserne blev ikke forklaret, så jeg var i tvivl derhjemme.",
        "Der var ingen plan, og hver gang begyndte forfra.",
        "Prisen blev højere, end jeg havde fået at vide i telefonen.",
    ),
    (
        "Jeg er gået et andet sted hen.",
        "Det var ikke noget for mig.",
        "Jeg håber, de giver sig bedre tid en anden gang.",
    ),
)
REPLIES = (
    "Tak for din anmeldelse. Vi læser alle og taler om dem på vores møder.",
    "Tak, fordi du tog dig tid til at skrive. Det bruger vi til at blive bedre.",
    "Vi kan ikke svare på det enkelte forløb her. Ring gerne til os, hvis du vil tale om det.",
)
# How many reviews a clinic has, so that every kind of page can be seen: none, one, a few, many.
NUMBERS = (0, 0, 0, 1, 2, 3, 5, 8, 12, 24)


class Reviewer:
    """Writes for clinic after clinic; `store` puts them into the database, and `aggregate.rebuild` counts them."""

    def __init__(self, now: datetime.datetime) -> None:
        self.random = random.Random(SEED)
        self.now = now
        self.reviews: list[Row] = []
        self.replies: list[tuple[Row, Row]] = []

    def add(self, clinic_id: int, number: int) -> None:
        if number >= MOST_CLINICS:
            return
        draw = self.random
        level = draw.choice((3.2, 3.9, 4.3, 4.6))
        for _ in range(draw.choice(NUMBERS)):
            review = self._review(clinic_id, level)
            self.reviews.append(review)
            if draw.random() < 0.3:
                reply = {
                    "clinic_id": clinic_id,
                    "status": ReviewReply.Status.PUBLISHED,
                    "text": draw.choice(REPLIES),
                    "written_at": review["created_at"],
                    "decided_at": review["published_at"],
                }
                self.replies.append((review, reply))

    def store(self) -> None:
        for review, pk in zip(self.reviews, next_keys(Review, len(self.reviews)), strict=True):
            review["id"] = pk
        for review, reply in self.replies:
            reply["review_id"] = review["id"]
        copy_values(Review, self.reviews)
        copy_values(ReviewReply, [reply for _, reply in self.replies])
        aggregate.rebuild()

    def _review(self, clinic_id: int, level: float) -> Row:
        draw = self.random
        overall = min(5, max(1, round(draw.gauss(level, 0.9))))
        others = {name: min(5, max(1, overall + draw.choice((-1, 0, 0, 0, 1)))) for name in STARS if name != "overall"}
        published = self.now - datetime.timedelta(days=draw.uniform(3, 540))
        visited = (published - datetime.timedelta(days=draw.randint(10, 40))).date().replace(day=1)
        parts = GOOD if overall >= 4 else MIXED if overall == 3 else BAD
        return (
            others
            | {
                "clinic_id": clinic_id,
                "key": tokens.new_key(),
                "secret": tokens.digest(tokens.new_token()),  # a link that nobody has
                "status": Review.Status.PUBLISHED,
                "confirmation": Review.Confirmation.VISIT if draw.random() < 0.85 else Review.Confirmation.EMAIL,
                "visited_in": visited,
                "overall": overall,
                "text": " ".join(draw.choice(some) for some in parts[: draw.randint(2, 3)]),
                "nickname": f"{draw.choice(FIRST)} {draw.choice(SECOND)}",
                "consented_at": published,
                "created_at": published,
                "submitted_at": published,
                "published_at": published,
                "decided_at": published,
                "is_example": True,
            }
        )
