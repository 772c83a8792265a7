"""What is photographed: page, as whom, how wide. Read from the demo, so that every picture has something on it."""

from collections.abc import Iterator
from typing import NamedTuple

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from sangyu.activities.models import Activity, Participation
from sangyu.alliances.models import Alliance
from sangyu.demo.people import WORKING_COMMITTEE
from sangyu.members.models import Appointment, Membership, Organization, Person, RosterImport

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Scene(NamedTuple):
    """File name, session cookie (empty: a stranger), path, desk width or phone."""

    name: str
    cookie: str
    path: str
    wide: bool


def scenes() -> Iterator[Scene]:
    """Every scene once."""
    branch = Organization.objects.get(name=WORKING_COMMITTEE)
    clerk = _cookie(Appointment.objects.get(role="bureau").person)
    secretary = _cookie(Appointment.objects.get(role="secretary", organization=branch).person)
    member = _cookie(_member(branch))
    own = Participation.objects.filter(organization=branch, closed_at__isnull=True).order_by("on")[0]
    told = Activity.objects.filter(state="published", alliance__isnull=False).order_by("-starts_at")[0]
    closed = Participation.objects.filter(organization=branch, closed_at__isnull=False).order_by("-on")[0]
    phone = (
        ("sign-in", "", reverse("account_login")),
        ("portal-home", member, reverse("portal:home")),
        ("portal-record", member, reverse("portal:record")),
        ("portal-about-me", member, reverse("portal:about_me")),
        ("console-home", secretary, reverse("console:home")),
        ("roll", secretary, reverse("activities:roll", args=[own.pk])),
        ("activity", secretary, reverse("activities:activity", args=[told.pk])),
        ("part", secretary, reverse("activities:part", args=[closed.pk])),
    )
    desk = (
        ("bureau-home", clerk, reverse("console:home")),
        ("tree", clerk, reverse("console:organizations")),
        ("branch", clerk, reverse("members:organization", args=[branch.pk])),
        ("roster", clerk, reverse("members:roster", args=[RosterImport.objects.order_by("id")[0].pk])),
        ("board", clerk, reverse("duties:board")),
        ("alliance", clerk, reverse("alliances:alliance", args=[Alliance.objects.get().pk])),
        ("figures", clerk, reverse("reports:figures")),
        ("figure", clerk, reverse("reports:figure", args=["F022"])),
        ("inbox", clerk, reverse("voices:inbox")),
    )
    yield from (Scene(*shot, wide=False) for shot in phone)
    yield from (Scene(*shot, wide=True) for shot in desk)


def _member(branch: Organization) -> Person:
    """Somebody of the branch with an account and no office."""
    members = Membership.objects.filter(organization=branch, person__account__isnull=False)
    return members.exclude(person__appointments__isnull=False).order_by("person_id")[0].person


def _cookie(person: Person) -> str:
    """A session as signing in makes it."""
    account = person.account
    assert account is not None
    session = SessionStore()
    session.update(
        {SESSION_KEY: str(account.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: account.get_session_auth_hash()}
    )
    session.save()
    return str(session.session_key)
