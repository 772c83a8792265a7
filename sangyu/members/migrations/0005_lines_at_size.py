"""Rows of one roster that speak of the same person are found in the database; fewer indexes and keys for each row to feed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0004_places")]

    operations = [
        migrations.AddField(
            model_name="rosterline", name="number_index", field=models.BinaryField(null=True)
        ),
        migrations.AddField(
            model_name="rosterline", name="name_index", field=models.BinaryField(null=True)
        ),
        migrations.AlterField(
            model_name="rosterline",
            name="roster",
            field=models.ForeignKey(
                db_index=False,
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="members.rosterimport",
            ),
        ),
        migrations.AlterField(
            model_name="rosterline",
            name="branch",
            field=models.ForeignKey(
                db_index=False,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.organization",
            ),
        ),
        migrations.AlterField(
            model_name="rosterline",
            name="person",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.person",
            ),
        ),
        migrations.AddIndex(
            model_name="rosterline",
            index=models.Index(
                condition=models.Q(("problems_sealed__isnull", False)),
                fields=["roster", "id"],
                name="members_roster_remarked",
            ),
        ),
    ]
