"""The roll of one branch as pages show it: who is expected, what is marked, what is suggested while nothing is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sangyu.activities import queries
from sangyu.activities.models import Answer, Mark, Participation, SignUp
from sangyu.journal.actor import Actor
from sangyu.kit.refusals import require
from sangyu.members.models import Circumstance, Person
from sangyu.members.models.belonging import CircumstanceKind
from sangyu.members.rules import OFFICERS

EXCUSED = (Mark.LEAVE, Mark.ABSENT)  # the marks that have a reason


@dataclass(slots=True)
class RollRow:
    """One person of the roll; `hint` is what is known beforehand, in words."""

    person: Person
    mark: str = ""
    reason: str = ""
    hint: str = ""

    @property
    def mark_label(self) -> str:
        return Mark(self.mark).label if self.mark else "没有点"


class Count(NamedTuple):
    """How many of one mark, with its word."""

    mark: str
    label: str
    number: int


def roll_rows(actor: Actor, part: Participation) -> list[RollRow]:
    """Everybody expected, by reading, as marked so far. Four queries.

    While nothing is saved all are suggested as present but those who declined (on leave, with their reason) and the
    housebound (study sent home): so that only exceptions want a tap.
    """
    require(actor.holds(OFFICERS, part.organization.line))
    people = [membership.person for membership in queries.expected_at(part)]
    marked, answers = queries.roll_of(part), queries.answers_to(part)
    housebound = _housebound(part, people)
    rows = []
    for person in people:
        row = _suggested(person, answers.get(person.pk), person.pk in housebound)
        if marked:
            line = marked.get(person.pk)
            row.mark, row.reason = (line.mark, line.reason) if line else ("", "")
        rows.append(row)
    return rows


def counts(marks: Iterable[str]) -> list[Count]:
    """How many of each mark, in the order people say them."""
    given = list(marks)
    return [Count(mark.value, mark.label, given.count(mark)) for mark in Mark]


def _suggested(person: Person, answer: SignUp | None, housebound: bool) -> RollRow:
    if answer is not None and answer.answer == Answer.DECLINED:
        said = f"（{answer.reason}）" if answer.reason else ""
        return RollRow(person, Mark.LEAVE.value, answer.reason, f"报名时答复：不能参加{said}")
    if housebound:
        return RollRow(person, Mark.SENT_HOME.value, "", CircumstanceKind.HOUSEBOUND.label)
    return RollRow(person, Mark.PRESENT.value, "", "报名时答复：参加" if answer else "")


def _housebound(part: Participation, people: Sequence[Person]) -> set[int]:
    held = Circumstance.objects.on(part.on).filter(kind=CircumstanceKind.HOUSEBOUND, person__in=people)
    return set(held.values_list("person_id", flat=True))
