"""People. What identifies them is encrypted and found by blind index; each look is a row."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Now

from sangyu.kit import crypto, identity_number, pinyin

ID_NUMBER, PHONE = "person.id_number", "person.phone"


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Rank(models.TextChoices):
    PREFECTURE = "prefecture", "地级"
    COUNTY = "county", "县级"
    SECTION = "section", "科级"
    OTHER = "other", "其他"


class Precision(models.TextChoices):
    DAY = "day", "日"
    MONTH = "month", "月"
    YEAR = "year", "年"


class PersonQuerySet(models.QuerySet["Person"]):
    def named(self, words: str) -> Self:
        """Whose name holds the characters, or begins with the pinyin (full or initials), in the order of its index.

        All grams are asked for: the planner then expects few people and looks them up instead of walking everybody by
        reading, where those called 王 stand at the end.
        """
        if spelled := pinyin.spelled(words):
            return self.filter(reading__startswith=spelled).order_by("reading", "id")
        if pinyin.is_initials(words):
            return self.filter(initials__startswith=pinyin.plain(words)).order_by("initials", "reading", "id")
        return self.filter(grams__contains=pinyin.grams(words)).order_by("reading", "id")

    def surnamed(self, letter: str) -> Self:
        """Whose name begins with the character, by reading: found in order, however many they are."""
        return self.alias(surname=Left("name", 1)).filter(surname=letter).order_by("reading", "id")


class Person(models.Model):
    """A person. Dates from rosters may be known to the month or year only: the precision says so."""

    name = models.CharField("姓名", max_length=40)
    # Letters compared one by one: beginnings are found and order is the same on every server, whatever its language.
    reading = models.CharField(max_length=120, db_collation="C")
    initials = models.CharField(max_length=20, db_collation="C")
    grams = ArrayField(models.CharField(max_length=2), default=list)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices, blank=True)
    born_on = models.DateField("出生年月", null=True)
    born_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    joined_party_on = models.DateField("入党时间", null=True)
    joined_party_precision = models.CharField(max_length=5, choices=Precision.choices, default=Precision.DAY)
    rank = models.CharField("原职级", max_length=10, choices=Rank.choices, blank=True)
    id_number_sealed = models.BinaryField(null=True)
    id_number_index = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="person")

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="members_person_grams"),
            models.Index(fields=["reading", "id"], name="members_person_reading"),
            models.Index(fields=["initials", "reading", "id"], name="members_person_by_initials"),
            models.Index(Left("name", 1), "reading", "id", name="members_person_surname"),
            models.Index(fields=["phone_index"], name="members_person_phone"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"], condition=Q(id_number_index__isnull=False), name="members_person_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def id_number(self) -> str:
        """The number in clear: only for `actions.reveal`, which writes down who looked."""
        sealed = self.id_number_sealed
        return crypto.open_sealed(crypto.keyring(), bytes(sealed), ID_NUMBER) if sealed else ""

    @property
    def phone(self) -> str:
        """The telephone in clear: only for `actions.reveal` and `actions.call`."""
        sealed = self.phone_sealed
        return crypto.open_sealed(crypto.keyring(), bytes(sealed), PHONE) if sealed else ""

    @property
    def id_number_masked(self) -> str:
        return identity_number.mask(self.id_number) if self.id_number_sealed else "未登记"

    @property
    def phone_masked(self) -> str:
        phone = self.phone
        return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 7 else phone and "****" or "未登记"


crypto.sealed_column(
    Person, "id_number_sealed", ID_NUMBER, "人员的身份证号", crypto.BlindIndex("id_number_index", ID_NUMBER)
)
crypto.sealed_column(Person, "phone_sealed", PHONE, "人员的电话", crypto.BlindIndex("phone_index", PHONE))


class Look(models.Model):
    """Somebody opened something that is masked otherwise; the person sees who, when, what and why."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="looked")
    what = models.CharField("查看内容", max_length=20)
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="members_look_person")]
