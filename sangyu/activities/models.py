"""The one record of what was held: the activity, and each branch's own part in it."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from sangyu.alliances.models import Alliance
from sangyu.journal.actor import Actor
from sangyu.members.models import Organization, Person


class ActivityState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CLOSED = "closed", "已完成"
    CANCELLED = "cancelled", "已取消"


class Mark(models.TextChoices):
    PRESENT = "present", "到场"
    ONLINE = "online", "线上"
    SENT_HOME = "sent_home", "送学"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"


class Answer(models.TextChoices):
    COMING = "coming", "参加"
    DECLINED = "declined", "不能参加"


class ActivityKind(models.Model):
    """What kind of sitting it is. Data of the rule pack: a city adds its own."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField("名称", max_length=40, unique=True)

    def __str__(self) -> str:
        return self.name


class ActivityQuerySet(models.QuerySet["Activity"]):
    def within(self, actor: Actor, roles: frozenset[str]) -> Self:
        """Activities in which an organization takes part over which the actor holds one of the roles."""
        realm = actor.realm(roles)
        parts = Participation.objects.filter(activity=OuterRef("pk"), organization__line__overlap=realm)
        return self.filter(Exists(parts) | Q(host__line__overlap=realm))

    def of_few(self, actor: Actor, roles: frozenset[str]) -> Self:
        """`within`, told so that the database gathers what a few branches have and looks at nothing else."""
        realm = actor.realm(roles)
        parts = Participation.objects.filter(organization__line__overlap=realm).values("activity_id")
        return self.filter(pk__in=parts.union(Activity.objects.filter(host__line__overlap=realm).values("pk")))


class Activity(models.Model):
    """A sitting of one branch or of many. Several kinds may be held in one sitting."""

    title = models.CharField("名称", max_length=80)
    kinds = ArrayField(models.CharField(max_length=40))
    host = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="activities_hosted")
    alliance = models.ForeignKey(Alliance, null=True, on_delete=models.PROTECT, related_name="activities")
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    place = models.CharField("地点", max_length=80)
    chair = models.CharField("主持人", max_length=40, blank=True)
    recorder = models.CharField("记录人", max_length=40, blank=True)
    notice = models.TextField("活动说明", blank=True)
    minutes = models.TextField("会议记录", blank=True)
    state = models.CharField(max_length=10, choices=ActivityState.choices, default=ActivityState.DRAFT)
    token = models.UUIDField(unique=True)  # the form that planned it: sent twice, it plans once

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["kinds"], name="activities_kinds"),
            models.Index(fields=["starts_at"], name="activities_start"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="activities_ends_after_start")
        ]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """A line of the agenda, prescribed (规定动作) or chosen (自选动作)."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="steps")
    order = models.SmallIntegerField()
    title = models.CharField(max_length=80)
    is_prescribed = models.BooleanField(default=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["activity", "order"], name="activities_step_order")]


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def within(self, actor: Actor, roles: frozenset[str]) -> Self:
        return self.filter(organization__line__overlap=actor.realm(roles))

    def open(self) -> Self:
        """Published, not cancelled, and this branch has not closed its own part."""
        return self.filter(closed_at__isnull=True, activity__state__in=["published", "closed"])


class Participation(models.Model):
    """One branch's own part in an activity: its roll, its closing, its ledger page."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="participations")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="participations")
    on = models.DateField()  # the day it counts for: that of the activity
    version = models.IntegerField(default=0)  # two people at one roll: the second is told
    edited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    notes = models.TextField("本支部记录", blank=True)  # what only this branch writes down
    closed_at = models.DateTimeField(null=True)
    handed_to_liaison = models.BooleanField(default=False)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "on"], name="activities_part_of_branch")]
        constraints = [models.UniqueConstraint(fields=["activity", "organization"], name="activities_part_once")]

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class RollLine(models.Model):
    """How one member took part."""

    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roll_lines")
    mark = models.CharField(max_length=10, choices=Mark.choices)
    reason = models.CharField("原因", max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["participation", "person"], name="activities_roll_once")]


class SignUp(models.Model):
    """What a member answered to the invitation; the last answer stands."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="sign_ups")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sign_ups")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    reason = models.CharField("原因", max_length=60, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who pressed: oneself or the helper
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "person"], name="activities_answer_once")]
