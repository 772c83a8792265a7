"""People are found in order without sorting many: indexes by reading, initials and surname; rights by one index.

That somebody is not twice a formal member of one organization follows from there being one formal membership at a time:
the second constraint no longer says it again.
"""

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import Q

COMPARED = [("person", "="), ("organization", "="), ("kind", "="), ("during", "&&")]


class Migration(migrations.Migration):
    dependencies = [("members", "0006_rosters_undone")]
    operations = [
        migrations.RemoveIndex(model_name="person", name="members_person_initials"),
        migrations.AlterField(
            model_name="person", name="reading", field=models.CharField(db_collation="C", max_length=120)
        ),
        migrations.AlterField(
            model_name="person", name="initials", field=models.CharField(db_collation="C", max_length=20)
        ),
        migrations.AddIndex(
            model_name="person", index=models.Index(fields=["reading", "id"], name="members_person_reading")
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["initials", "reading", "id"], name="members_person_by_initials"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.db.models.functions.text.Left("name", 1), "reading", "id", name="members_person_surname"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["person", "organization"], name="members_membership_rights"),
        ),
        migrations.AlterField(
            model_name="membership",
            name="person",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="memberships",
                to="members.person",
            ),
        ),
        migrations.RemoveConstraint(model_name="membership", name="members_membership_once"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="members_membership_once", expressions=COMPARED, condition=~Q(kind="formal")
            ),
        ),
    ]
