"""The tree by affiliation (隶属)."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from sangyu.journal.actor import Actor


class OrganizationKind(models.TextChoices):
    WORKING_COMMITTEE = "working_committee", "工作委员会"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"
    JOINT_COMMITTEE = "joint_committee", "联合党委"
    FUNCTIONAL_GROUP = "functional_group", "功能型党小组"
    HOST_UNIT = "host_unit", "派驻单位"
    COMMUNITY = "community", "社区"
    VILLAGE = "village", "村"
    ENTERPRISE = "enterprise", "企业"
    ASSOCIATION = "association", "协会（社团）"
    TEAM = "team", "志愿服务队"
    SCHOOL = "school", "学校"


class Bond(models.TextChoices):
    PLACE = "place", "地缘"
    TRADE = "trade", "业缘"
    INTEREST = "interest", "趣缘"


def short_name(name: str) -> str:
    """As people say it: 机关工委离退休干部党支部 → 机关工委支部."""
    return name.replace("离退休干部党支部", "支部")


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def within(self, actor: Actor, roles: frozenset[str]) -> Self:
        """Organizations at or below which the actor holds one of the roles."""
        return self.filter(line__overlap=actor.realm(roles))

    def under(self, organization: "Organization") -> Self:
        return self.filter(line__contains=[organization.pk])

    def standing(self, on: date) -> Self:
        """Founded and not dissolved on that day."""
        return self.filter(Q(founded_on__lte=on), Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on))

    def branches(self) -> Self:
        return self.filter(kind=OrganizationKind.BRANCH)


class Organization(models.Model):
    """One node of the tree. `line` is the ids of its ancestors, root first, itself last (today's tree)."""

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=20, choices=OrganizationKind.choices)
    bond = models.CharField("三缘", max_length=10, choices=Bond.choices, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    line = ArrayField(models.IntegerField(), default=list)
    founded_on = models.DateField("成立日期")
    dissolved_on = models.DateField("撤销日期", null=True)
    reading = models.CharField(max_length=400, db_index=True)  # pinyin: lists sort by it, servers have no Chinese order

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["line"], name="members_organization_line"),
            models.Index(fields=["parent", "reading", "id"], name="members_organization_level"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="members_organization_name"),
            models.UniqueConstraint(fields=["name"], condition=Q(parent__isnull=True), name="members_root_name"),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=models.F("founded_on")),
                name="members_organization_dates",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        return short_name(self.name)

    @property
    def is_branch(self) -> bool:
        return self.kind == OrganizationKind.BRANCH

    def stands_on(self, day: date) -> bool:
        """`standing`, said of this row."""
        return self.founded_on <= day and (self.dissolved_on is None or self.dissolved_on > day)


class OrganizationPlace(models.Model):
    """Where an organization hung in the tree, and from when until when; the first place has no beginning.

    Figures "as it was then" (按当时隶属) are read from here, those on today's tree from `Organization.line`.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="places")
    during = DateRangeField()
    parent = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    line = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["line"], name="members_place_line")]
        constraints = [
            ExclusionConstraint(
                name="members_one_place",
                expressions=[("organization", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]
