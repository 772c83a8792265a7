"""What is owed: rules as data, with their legal basis. Due items are computed, never stored."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sangyu.members.models import Organization


class PeriodKind(models.TextChoices):
    WEEK = "week", "每周"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"


class OwedBy(models.TextChoices):
    EVERY_BRANCH = "every_branch", "每个党支部"
    WITH_COMMITTEE = "with_committee", "设支委会的党支部"
    WITH_GROUPS = "with_groups", "设党小组的党支部"


class DutyQuerySet(models.QuerySet["DutyRule"]):
    def in_force(self, start: date, end: date) -> Self:
        """Rules in force on some day of [start, end)."""
        return self.filter(Q(since__lt=end), Q(until__isnull=True) | Q(until__gt=start))


class DutyRule(models.Model):
    """A duty (规定动作): who owes how many of which kind in a period. Belongs to an organization and all below it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="duty_rules")
    code = models.CharField(max_length=40)
    name = models.CharField("名称", max_length=40)
    period = models.CharField("周期", max_length=10, choices=PeriodKind.choices)
    times = models.SmallIntegerField("次数", default=1)
    owed_by = models.CharField("由谁完成", max_length=20, choices=OwedBy.choices, default=OwedBy.EVERY_BRANCH)
    satisfied_by = ArrayField(models.CharField(max_length=40), verbose_name="用什么完成")
    basis = models.CharField("依据", max_length=200)
    since = models.DateField("自何时起")
    until = models.DateField("到何时止", null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(times__gte=1), name="duties_at_least_once"),
            models.CheckConstraint(condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="duties_dates"),
            models.UniqueConstraint(fields=["organization", "code", "since"], name="duties_rule_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ActionSet(models.Model):
    """The set actions of a city's scheme (such as 7+5): what every agenda holds, what may be chosen."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="action_sets")
    title = models.CharField("内容", max_length=80)
    is_prescribed = models.BooleanField("规定动作")
    order = models.SmallIntegerField("顺序")

    class Meta:
        ordering = ["-is_prescribed", "order"]
        constraints = [models.UniqueConstraint(fields=["organization", "title"], name="duties_action_once")]
