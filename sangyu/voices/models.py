"""投诉与建议: what people say is wrong, and the answer they get."""

from typing import Self

from django.db import models
from django.db.models import Q

from sangyu.journal.actor import Actor
from sangyu.members.models import Organization, Person


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def within(self, actor: Actor, roles: frozenset[str]) -> Self:
        return self.filter(organization__line__overlap=actor.realm(roles))

    def waiting(self) -> Self:
        return self.filter(answered_at__isnull=True)


class Complaint(models.Model):
    """One complaint or suggestion, from any page, with its answer."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="complaints")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # oneself or the helper
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="complaints")
    page = models.CharField(max_length=200, blank=True)
    text = models.TextField("内容")
    at = models.DateTimeField()
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField(unique=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "-at"], name="voices_inbox")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="voices_answer_says_something"
            )
        ]
