"""Entries (who did what), facts (what counts), batches (the seal). Insert-only for the site; see migration 0002."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Entry(models.Model):
    """Who did what, when, to which record. Ids, verbs and names of fields only: never personal values or free text."""

    at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    for_id = models.BigIntegerField(null=True)
    door = models.CharField(max_length=10)
    verb = models.CharField(max_length=60)
    organization_id = models.IntegerField(null=True)
    subject_kind = models.SmallIntegerField()
    subject_id = models.BigIntegerField()
    statement = models.IntegerField(null=True)  # null: says nothing about facts; else 1, 2, 3 ... per source
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "journal_entry"
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-id"], name="journal_entry_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "statement"],
                condition=Q(statement__isnull=False),
                name="journal_entry_statement",
            )
        ]


class Fact(models.Model):
    """One countable thing. A retraction is a compensating row that names the row it takes back."""

    # Held by a trigger, once per statement and more strictly than a foreign key could (migration 0004).
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="facts", db_constraint=False)
    retracts = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="retracted_by",
        db_index=False,
        db_constraint=False,
    )
    person_id = models.BigIntegerField(null=True)
    organization_id = models.IntegerField()
    on = models.DateField()
    metric = models.SmallIntegerField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "journal_fact"
        indexes = [
            models.Index(fields=["metric", "organization_id", "on"], name="journal_fact_figure"),
            models.Index(fields=["metric", "on", "id"], name="journal_fact_records"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["retracts"], condition=Q(retracts__isnull=False), name="journal_fact_retracted_once"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="journal_fact_counts"),
        ]


class Unsealed(models.Model):
    """An entry that waits for the worker to seal it. Filled by a trigger, so that nothing can be forgotten."""

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        db_table = "journal_unsealed"


class Batch(models.Model):
    """Sealed entries: their ids, one 32-byte leaf each, and the hash that chains to the batch before."""

    n = models.IntegerField(primary_key=True)
    form = models.SmallIntegerField(default=1)  # how a leaf is written; old batches keep their form
    ids = ArrayField(models.BigIntegerField())
    leaves = models.BinaryField()
    previous = models.BinaryField(unique=True)
    hash = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "journal_batch"
        constraints = [models.CheckConstraint(condition=Q(n__gt=0), name="journal_batch_counts_from_one")]


class Delta(models.Model):
    """What facts of one statement come to, waiting to be added up by month. Filled by a trigger (migration 0003)."""

    metric = models.SmallIntegerField()
    organization_id = models.IntegerField()
    month = models.DateField()  # its first day
    amount = models.BigIntegerField()

    class Meta:
        db_table = "journal_delta"
