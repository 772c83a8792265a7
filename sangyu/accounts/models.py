"""Who may sign in: accounts and the one-time cards that let people in the first time."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class TextSize(models.TextChoices):
    STANDARD = "standard", "标准"
    LARGE = "large", "大"
    LARGEST = "largest", "特大"


class Account(AbstractBaseUser):
    """A sign-in identity. Whose it is stands on the person, whose rights on the appointments."""

    sign_in_name = models.CharField("登录名", max_length=30, unique=True)
    is_active = models.BooleanField(default=True)
    text_size = models.CharField("字号", max_length=10, choices=TextSize.choices, default=TextSize.STANDARD)

    USERNAME_FIELD = "sign_in_name"

    objects = BaseUserManager["Account"]()


class Invitation(models.Model):
    """A card with a QR code and a PIN, good for one sign-in. Only hashes are kept; the card itself is printed once."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invitations")
    secret_hash = models.BinaryField(unique=True)
    pin_hash = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="accounts_one_open_card",
            )
        ]
