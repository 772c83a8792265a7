"""Facts added up: one row a metric, organization and month. Written by the worker alone; see migration 0001."""

from django.db import models


class Tally(models.Model):
    """`own`: facts of the organization itself; `total`: with everything below it on today's tree."""

    pk = models.CompositePrimaryKey("metric", "organization_id", "month")
    metric = models.SmallIntegerField()
    organization_id = models.IntegerField()
    month = models.DateField()  # its first day
    own = models.BigIntegerField(db_default=0)
    total = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "tallies_tally"
