"""Accounts of the cast, and their browsers: signed in as somebody, acting for somebody."""

from django.test import Client
from django.urls import reverse

from sangyu.accounts.actions import open_account
from sangyu.accounts.models import Account
from sangyu.members.models import Person
from sangyu.members.tests.cast import OPERATOR


def account_of(person: Person) -> Account:
    """The person's account, made when there is none."""
    if person.account is None:
        person.account = open_account(OPERATOR, person.initials)
        person.save(update_fields=["account"])
    return person.account


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(account_of(person))
    return client


def helping(helper: Person, helped: Person) -> Client:
    """The helper's browser while acting for somebody (代办)."""
    client = signed_in(helper)
    client.post(reverse("members:start_acting", args=[helped.pk]))
    return client
