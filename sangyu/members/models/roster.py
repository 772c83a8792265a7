"""A roster that was uploaded: the file, and each of its rows with what became of it. Contents are encrypted."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sangyu.members.models.organization import Organization
from sangyu.members.models.person import Person


class ImportState(models.TextChoices):
    READ = "read", "已读取，等待确认"
    QUEUED = "queued", "正在导入"
    DONE = "done", "已完成"
    REFUSED = "refused", "没有导入"


class LineState(models.TextChoices):
    READY = "ready", "可以导入"
    KNOWN = "known", "已在系统中，不变"
    BAD = "bad", "需要改正"
    IMPORTED = "imported", "已导入"


class RosterImport(models.Model):
    """One file for one organization and everything below it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="roster_imports")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    digest = models.BinaryField()  # SHA-256 of the file: the same file twice changes nothing
    content_sealed = models.BinaryField()
    as_of = models.DateField("花名册截至日期")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READ)
    total = models.IntegerField(default=0)  # rows
    done = models.IntegerField(default=0)  # written by a connection of its own, so that others see it move
    refusal = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "digest"], condition=~Q(state="refused"), name="members_roster_once"
            )
        ]


class RosterLine(models.Model):
    """One row of the file, in file order. `text` is what stood there, sealed: it names people."""

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="lines")
    sheet = models.CharField(max_length=80)
    number = models.IntegerField()  # as Excel shows it
    state = models.CharField(max_length=10, choices=LineState.choices)
    text_sealed = models.BinaryField()
    problems = models.JSONField(default=list)  # [[column, reason], ...]
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["roster", "sheet", "number"], name="members_roster_line")]
