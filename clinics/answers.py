"""What a clinic answers to the questions that patients are told to ask (domain.md P13, P20, P23), and its own words."""

from dataclasses import dataclass

from .access import yes_or_no
from .models import Clinic


@dataclass(frozen=True)
class Answer:
    """`text` is the clinic's own, plain and unescaped; "" is not stated."""

    question: str
    text: str


@dataclass(frozen=True)
class AnswersPart:
    """`about` and the answers in the clinic's own words; `facts` are yes, no or not stated. False when all is empty."""

    about: str
    facts: tuple[Answer, ...]
    answers: tuple[Answer, ...]

    def __bool__(self) -> bool:
        return bool(self.about) or any(one.text for one in (*self.facts, *self.answers))


def answers_part(clinic: Clinic) -> AnswersPart:
    """No queries."""
    return AnswersPart(
        about=clinic.about.strip(),
        facts=(Answer("Undersøgelse og plan for træning", yes_or_no(clinic.assessment_plan)),),
        answers=(
            Answer("Hvordan bruger I øvelser?", clinic.approach_exercise.strip()),
            Answer("Hvordan bruger I manuel behandling?", clinic.approach_manual.strip()),
            Answer("Hvordan følger I op?", clinic.approach_follow_up.strip()),
        ),
    )
