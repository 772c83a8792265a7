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
from sangyu.voices.models import Complaint

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
    yield Scene("sign-in", "", reverse("account_login"), False)
    yield Scene("portal-home", member, reverse("portal:home"), False)
    yield Scene("portal-record", member, reverse("portal:record"), False)
    yield Scene("portal-about-me", member, reverse("portal:about_me"), False)
    yield Scene("portal-invitation", member, reverse("activities:invitation", args=[told.pk]), False)
    yield Scene("voices-write", member, reverse("voices:write"), False)
    for width, wide in (("", False), ("-desk", True)):
        yield Scene(f"console-home{width}", secretary, reverse("console:home"), wide)
        yield Scene(f"roll{width}", secretary, reverse("activities:roll", args=[own.pk]), wide)
        yield Scene(f"plan{width}", secretary, reverse("duties:plan"), wide)
        yield Scene(f"part{width}", secretary, reverse("activities:part", args=[closed.pk]), wide)
        yield Scene(f"activity{width}", secretary, reverse("activities:activity", args=[told.pk]), wide)
        yield Scene(f"bureau-home{width}", clerk, reverse("console:home"), wide)
        yield Scene(f"tree{width}", clerk, reverse("members:tree"), wide)
        yield Scene(f"branch{width}", clerk, reverse("members:organization", args=[branch.pk]), wide)
        yield Scene(f"person{width}", clerk, reverse("members:person", args=[_member(branch).pk]), wide)
        yield Scene(f"board{width}", clerk, reverse("duties:board"), wide)
        yield Scene(f"rules{width}", clerk, reverse("duties:rules"), wide)
        yield Scene(f"alliance{width}", clerk, reverse("alliances:alliance", args=[Alliance.objects.get().pk]), wide)
        yield Scene(f"rosters{width}", clerk, reverse("members:rosters"), wide)
        yield Scene(
            f"roster{width}", clerk, reverse("members:roster", args=[RosterImport.objects.order_by("id")[0].pk]), wide
        )
        yield Scene(f"figures{width}", clerk, reverse("reports:figures"), wide)
        yield Scene(f"figure{width}", clerk, reverse("reports:figure", args=["F022"]), wide)
        yield Scene(f"inbox{width}", clerk, reverse("voices:inbox"), wide)
        yield Scene(
            f"answer{width}", clerk, reverse("voices:answer", args=[Complaint.objects.order_by("id")[0].pk]), wide
        )


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
