"""Who belongs where, who holds what office, how someone is placed in life: rows with a period, never overwritten."""

from datetime import date
from typing import Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from sangyu.journal.actor import Actor
from sangyu.members.models.organization import Organization
from sangyu.members.models.person import Person


class MembershipKind(models.TextChoices):
    FORMAL = "formal", "组织关系"
    ATTACHED = "attached", "编入"
    REGISTERED = "registered", "社区报到"


class PartyStatus(models.TextChoices):
    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class Role(models.TextChoices):
    SECRETARY = "secretary", "书记"
    DEPUTY_SECRETARY = "deputy_secretary", "副书记"
    COMMITTEE = "committee", "委员"
    LIAISON = "liaison", "联络员"
    BUREAU = "bureau", "老干部局工作人员"


class CircumstanceKind(models.TextChoices):
    AWAY = "away", "居住外地"
    ABROAD = "abroad", "居住国（境）外"
    FRAIL = "frail", "体弱"
    HOUSEBOUND = "housebound", "重病无法外出"


_Row = TypeVar("_Row", bound=models.Model)


class DatedQuerySet(models.QuerySet[_Row]):
    def on(self, day: date) -> Self:
        """Rows in force on that day."""
        return self.filter(during__contains=day)

    def within(self, actor: Actor, roles: frozenset[str]) -> Self:
        """Rows of organizations over which the actor holds one of the roles."""
        return self.filter(organization__line__overlap=actor.realm(roles))

    def under(self, organization: Organization) -> Self:
        return self.filter(organization__line__contains=[organization.pk])


class Membership(models.Model):
    """The one formal membership, or attached, or registered with the community, all at the same time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    kind = models.CharField(max_length=10, choices=MembershipKind.choices)
    party_status = models.CharField(max_length=12, choices=PartyStatus.choices, default=PartyStatus.FULL)
    during = DateRangeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        # Rights ask of one person after another "does she belong below here": answered from this index alone.
        indexes = [models.Index(fields=["person", "organization"], name="members_membership_rights")]
        constraints = [
            ExclusionConstraint(
                name="members_one_formal_membership",
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(kind="formal"),
            ),
            ExclusionConstraint(
                name="members_membership_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organization", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=~Q(kind="formal"),  # said above; said twice it was the dearest part of an import
            ),
        ]


class Appointment(models.Model):
    """An office held from one day to another; rights follow from it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField("职务", max_length=20, choices=Role.choices)
    during = DateRangeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="members_appointment_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organization", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="members_one_secretary",
                expressions=[("organization", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(role="secretary"),
            ),
        ]


class Circumstance(models.Model):
    """Living away, frail, housebound: needed to reach everybody, visible to those who look after the person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="circumstances")
    kind = models.CharField(max_length=12, choices=CircumstanceKind.choices)
    during = DateRangeField()

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="members_circumstance_once",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
