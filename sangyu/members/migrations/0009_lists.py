"""One level of the tree is read by reading, however many organizations stand below one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0008_search")]
    operations = [
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["parent", "reading", "id"], name="members_organization_level"),
        )
    ]
