"""A row may be left out; a file whose import was undone may be uploaded again."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("members", "0005_lines_at_size")]

    operations = [
        migrations.AlterField(
            model_name="rosterimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("received", "正在读取"),
                    ("unclear", "有的列名看不懂，请指定"),
                    ("read", "已读取，等待确认"),
                    ("queued", "正在导入"),
                    ("done", "已完成"),
                    ("refused", "没有导入"),
                    ("undoing", "正在撤销"),
                    ("undone", "已撤销"),
                ],
                default="read",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="rosterline",
            name="state",
            field=models.CharField(
                choices=[
                    ("ready", "可以导入"),
                    ("known", "已在系统中，不变"),
                    ("bad", "需要改正"),
                    ("imported", "已导入"),
                    ("left_out", "不导入"),
                    ("undone", "已撤销"),
                ],
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="rosterimport", name="members_roster_once"),
        migrations.AddConstraint(
            model_name="rosterimport",
            constraint=models.UniqueConstraint(
                fields=["organization", "digest"],
                condition=~Q(state__in=["refused", "undone"]),
                name="members_roster_once",
            ),
        ),
    ]
