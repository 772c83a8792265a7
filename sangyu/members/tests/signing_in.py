"""Browsers of the cast: signed in as somebody, acting for somebody."""

from django.test import Client
from django.urls import reverse

from sangyu.members.models import Person
from sangyu.members.tests.factories import account_of

__all__ = ["account_of", "helping", "signed_in"]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(account_of(person))
    return client


def helping(helper: Person, helped: Person) -> Client:
    """The helper's browser while acting for somebody (代办), begun as the page does it."""
    client = signed_in(helper)
    client.post(reverse("members:start_acting", args=[helped.pk]))
    return client
