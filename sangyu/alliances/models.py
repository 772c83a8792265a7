"""Alliances (支部联盟): organizations that work together while affiliation stays as it is."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, OuterRef, Q

from sangyu.journal.actor import Actor
from sangyu.members.models import Organization, Person


class AllianceQuerySet(models.QuerySet["Alliance"]):
    def concerning(self, actor: Actor, roles: frozenset[str]) -> Self:
        """Alliances led by, or asked of, an organization over which the actor holds one of the roles."""
        realm = actor.realm(roles)
        asked = Place.objects.filter(alliance=OuterRef("pk"), organization__line__overlap=realm)
        return self.filter(Exists(asked) | Q(convener__line__overlap=realm))


class Alliance(models.Model):
    """An alliance, convened by an organization above its members."""

    name = models.CharField("名称", max_length=60)
    purpose = models.CharField("宗旨", max_length=300, blank=True)
    convener = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="alliances_convened")
    proposed_on = models.DateField("发起日期")
    token = models.UUIDField(unique=True)  # the form that proposed it: sent twice, it proposes once

    objects = AllianceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["convener", "name"], name="alliances_name")]

    def __str__(self) -> str:
        return self.name


class PlaceQuerySet(models.QuerySet["Place"]):
    def on(self, day: date) -> Self:
        """Members of the alliance on that day: consent given and not yet withdrawn."""
        return self.filter(during__contains=day)


class Place(models.Model):
    """A branch's place in an alliance: invited, then by its own recorded consent a member, until it leaves."""

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="places")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="alliance_places")
    invited_on = models.DateField()
    during = DateRangeField("加入期间", null=True)  # null: asked, not yet consented
    consent_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alliance", "organization"], condition=Q(during__isnull=True), name="alliances_asked_once"
            ),
            ExclusionConstraint(
                name="alliances_member_once",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    ("organization", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Turn(models.Model):
    """Which member hosts in which month (轮值主持)."""

    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, related_name="turns")
    month = models.DateField()
    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="alliance_turns")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alliance", "month"], name="alliances_one_host_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="alliances_turn_month"),
        ]
