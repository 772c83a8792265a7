"""The same roster by django-import-export into a plain table: what a project gets that writes a resource for it.

It does less than ours: no number is checked, nobody is compared with who is there beyond the number, nothing is sealed,
recorded or searchable, nobody gets a membership, and of wrong rows nothing is kept but the error. Its own reader of
workbooks being slow, it is given ours.
"""

from io import BytesIO

import tablib
from django.db import connection, models
from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, DateWidget
from python_calamine import CalamineWorkbook

from sangyu.bench.rosters import HEADERS

FIELDS = (
    "branch", "name", "sex", "born", "id_number", "joined", "status", "post", "since", "rank", "residence", "health",
    "phone",
)  # fmt: skip
DAYS = {"born": "%Y年%m月", "joined": "%Y.%m.%d", "since": "%Y年%m月"}
BATCH = 1000
INDEX = "create index on bench_plain_person (id_number)"


class PlainPerson(models.Model):
    """One row of the roster, as it stands there."""

    branch = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    sex = models.CharField(max_length=6)
    born = models.DateField(null=True)
    id_number = models.CharField(max_length=18)
    joined = models.DateField(null=True)
    status = models.CharField(max_length=12)
    post = models.CharField(max_length=20, blank=True)
    since = models.DateField(null=True)
    rank = models.CharField(max_length=10)
    residence = models.CharField(max_length=20)
    health = models.CharField(max_length=20)
    phone = models.CharField(max_length=20)

    class Meta:
        app_label = "members"
        managed = False
        db_table = "bench_plain_person"


class PlainResource(ModelResource):  # type: ignore[misc]
    """Plain bulk mode: whoever has a known number is changed, everybody else is new."""

    class Meta:
        model = PlainPerson
        fields = FIELDS
        import_id_fields = ("id_number",)
        use_bulk = True
        batch_size = BATCH


class TunedResource(PlainResource):
    """As fast as its settings make it: nobody is looked up, no difference is told."""

    class Meta(PlainResource.Meta):
        skip_diff = True
        force_init_instance = True


for resource in (PlainResource, TunedResource):
    for name, header in zip(FIELDS, HEADERS, strict=True):
        widget = DateWidget(format=DAYS[name]) if name in DAYS else CharWidget()
        resource.fields[name] = Field(attribute=name, column_name=header, widget=widget)


def import_plain(content: bytes) -> None:
    _import(PlainResource(), content)


def import_tuned(content: bytes) -> None:
    _import(TunedResource(), content)


def _import(resource: ModelResource, content: bytes) -> None:
    """Into an empty table. Rows with a wrong day are left out, as ours leaves them out."""
    with connection.schema_editor() as editor:
        editor.create_model(PlainPerson)
        editor.execute(INDEX)  # for a table that is not managed, the editor makes none
    try:
        _, header, *rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
        resource.import_data(tablib.Dataset(*rows, headers=header), use_transactions=False)
        if PlainPerson._default_manager.count() < len(rows) * 0.98:
            raise RuntimeError("the baseline did not bring in its rows")
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(PlainPerson)
