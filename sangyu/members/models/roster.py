"""A roster that was uploaded: the file, and each of its rows with what became of it. Contents are encrypted."""

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sangyu.kit import crypto
from sangyu.members.models.organization import Organization
from sangyu.members.models.person import ID_NUMBER, Person

CONTENT, READING, TEXT, PROBLEMS = "roster.content", "roster.reading", "roster.line", "roster.problems"
NAME = "roster.name"  # what the name of a row is keyed for


class ImportState(models.TextChoices):
    RECEIVED = "received", "正在读取"
    UNCLEAR = "unclear", "有的列名看不懂，请指定"
    READ = "read", "已读取，等待确认"
    QUEUED = "queued", "正在导入"
    DONE = "done", "已完成"
    REFUSED = "refused", "没有导入"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已撤销"


class LineState(models.TextChoices):
    READY = "ready", "可以导入"
    KNOWN = "known", "已在系统中，不变"
    BAD = "bad", "需要改正"
    IMPORTED = "imported", "已导入"
    LEFT_OUT = "left_out", "不导入"
    UNDONE = "undone", "已撤销"


class RosterImport(models.Model):
    """One file for one organization and everything below it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="roster_imports")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    digest = models.BinaryField()  # SHA-256 of the file: the same file twice changes nothing
    content_sealed = models.BinaryField()
    reading_sealed = models.BinaryField()  # title, columns, ignored columns, skipped sheets: written by hand, so sealed
    as_of = models.DateField("花名册截至日期")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.READ)
    total = models.IntegerField(default=0)  # rows to bring in
    done = models.IntegerField(default=0)  # written by a connection of its own, so that others see it move
    refusal = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "digest"],
                condition=~Q(state__in=["refused", "undone"]),
                name="members_roster_once",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def content(self) -> bytes:
        """The file itself."""
        return crypto.open_sealed_bytes(crypto.keyring(), bytes(self.content_sealed), CONTENT)

    @property
    def reading(self) -> dict[str, Any]:
        """How the file was understood: title, columns (sheet -> field -> header), ignored, skipped_sheets; samples of
        all sheets and of those that are `unclear`; and the day `as_of` that a person gave, if any."""
        reading: dict[str, Any] = open_json(self.reading_sealed, READING)
        return reading


class RosterLine(models.Model):
    """One row of the file, in file order. What stood there and what is wrong with it name people: both are sealed.

    The two indexes, keyed as a person's are, find rows of one roster that speak of the same person.
    """

    # Only the engine writes rows, with ids it has just read: for three look-ups less of each row of a big roster, the
    # database does not look again. What a deletion may not touch is Django's affair, and `roster_undo`'s.
    roster = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    sheet = models.CharField(max_length=255)
    number = models.IntegerField()  # as Excel shows it
    state = models.CharField(max_length=10, choices=LineState.choices)
    branch = models.ForeignKey(
        Organization, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    text_sealed = models.BinaryField()
    problems_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True)  # of the identity number, where the row could be read
    name_index = models.BinaryField(null=True)
    made = models.JSONField(default=dict)  # ids of the rows it wrote, by table: what undoing the import takes back
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)

    class Meta:
        # The constraint serves as the index by roster: each index more costs every row of a big roster.
        constraints = [models.UniqueConstraint(fields=["roster", "sheet", "number"], name="members_roster_line")]
        indexes = [
            models.Index(
                fields=["roster", "id"], condition=Q(problems_sealed__isnull=False), name="members_roster_remarked"
            )
        ]

    @property
    def contents(self) -> dict[str, Any]:
        """`text` of each field as it stood; `entry` as it was read (see `roster.entry`); `branch` of its sheet."""
        contents: dict[str, Any] = open_json(self.text_sealed, TEXT)
        return contents if "text" in contents else {"text": contents}  # rows of before 2026-11-21 hold the text alone

    @property
    def text(self) -> dict[str, str]:
        """Each field as it stood in the row."""
        text: dict[str, str] = self.contents["text"]
        return text

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Column and reason of everything that is wrong with the row."""
        sealed = self.problems_sealed
        return [(column, reason) for column, reason in open_json(sealed, PROBLEMS)] if sealed else []


class RosterColumn(models.Model):
    """What an office means by a column's name that the reader does not know; said once by a person, then remembered."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")  # the office: a root
    label = models.CharField(max_length=80)  # as `columns.plain_label` writes it
    field = models.CharField(max_length=20, blank=True)  # of the roster; '' means: not needed, pass over

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "label"], name="members_roster_column_once")]


def seal_json(value: Any, about: str) -> bytes:
    """A value as it is stored."""
    return crypto.seal(crypto.keyring(), json.dumps(value, ensure_ascii=False), about)


def open_json(sealed: bytes | memoryview, about: str) -> Any:
    """The value again. Raises SealBroken."""
    return json.loads(crypto.open_sealed(crypto.keyring(), bytes(sealed), about))


def _read_name(contents: bytes) -> str:
    """The name in a row's contents (see `roster.entry.stored`); '' of a row that could not be read."""
    entry = json.loads(contents).get("entry")
    return entry[0] if entry else ""


def _read_id_number(contents: bytes) -> str:
    entry = json.loads(contents).get("entry")
    return entry[3] if entry else ""


crypto.sealed_column(RosterImport, "content_sealed", CONTENT, "花名册文件")
crypto.sealed_column(RosterImport, "reading_sealed", READING, "花名册的读法")
crypto.sealed_column(
    RosterLine,
    "text_sealed",
    TEXT,
    "花名册各行",
    crypto.BlindIndex("number_index", ID_NUMBER, _read_id_number),
    crypto.BlindIndex("name_index", NAME, _read_name),
)
crypto.sealed_column(RosterLine, "problems_sealed", PROBLEMS, "花名册各行的问题")
