"""People. What identifies them is encrypted and found by blind index; each look is a row."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

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
        """Whose name holds the two (or more) characters, or starts with the pinyin initials."""
        words = "".join(words.split())
        if pinyin.is_initials(words):
            return self.filter(initials__startswith=words.lower())
        if len(words) <= 2:
            return self.filter(grams__contains=[words])
        return self.filter(grams__contains=[words[i : i + 2] for i in range(len(words) - 1)], name__contains=words)


class Person(models.Model):
    """A person. Dates from rosters may be known to the month or year only: the precision says so."""

    name = models.CharField("姓名", max_length=40)
    reading = models.CharField(max_length=120, db_index=True)
    initials = models.CharField(max_length=20)
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
            models.Index(fields=["initials"], opclasses=["varchar_pattern_ops"], name="members_person_initials"),
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


class Look(models.Model):
    """Somebody opened something that is masked otherwise; the person sees who, when, what and why."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="looked")
    what = models.CharField("查看内容", max_length=20)
    reason = models.CharField("原因", max_length=200)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["person", "-at"], name="members_look_person")]
