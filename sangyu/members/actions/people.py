"""Writing people: new ones, what becomes known of them, and every look at what is masked."""

from typing import Any

from django.db import transaction

from sangyu.journal import actions as journal
from sangyu.journal.actor import Actor
from sangyu.kit import crypto, pinyin
from sangyu.kit.refusals import Conflict, Refusal, require
from sangyu.kit.tables import refused_by
from sangyu.members.metrics import PERSON
from sangyu.members.models import Look, Organization, Person
from sangyu.members.models.person import ID_NUMBER, PHONE
from sangyu.members.queries import people

SHOWN = {"id_number": "身份证号", "phone": "电话号码"}


def write_person(
    actor: Actor, organization: Organization, name: str, id_number: str = "", phone: str = "", **known: Any
) -> Person:
    """The row and its entry; rights are the caller's affair."""
    person = Person(name=name, reading=pinyin.reading(name), initials=pinyin.initials(name), grams=pinyin.grams(name))
    for field, value in {**known, **sealed_fields(id_number, phone)}.items():
        setattr(person, field, value)
    again = Conflict(f"{name}：这个身份证号已经登记过，不再重复登记。")
    if id_number and _has_older_index(id_number):
        raise again
    with refused_by("members_person_once", lambda: again):
        person.save(force_insert=True)
    journal.record(actor, "members.registered", (PERSON, person.pk), organization.pk)
    return person


def _has_older_index(id_number: str) -> bool:
    """True when somebody has this number under an index key that is being replaced: the constraint can't see that."""
    older = crypto.blind_indexes(crypto.keyring(), id_number, ID_NUMBER)[1:]
    return bool(older) and Person.objects.filter(id_number_index__in=older).exists()


def sealed_fields(id_number: str, phone: str) -> dict[str, bytes | None]:
    """Identity number and telephone as they are stored: sealed, with a keyed index for exact search."""
    fields: dict[str, bytes | None] = {}
    for column, about, value in (("id_number", ID_NUMBER, id_number), ("phone", PHONE, phone)):
        fields[f"{column}_sealed"] = crypto.seal(crypto.keyring(), value, about) if value else None
        fields[f"{column}_index"] = crypto.blind_index(crypto.keyring(), value, about) if value else None
    return fields


@transaction.atomic
def reveal(actor: Actor, person_id: int, what: str, reason: str) -> str:
    """Identity number or telephone in clear. The reason is kept, and the person sees who looked (PIPL art. 44)."""
    person = people.person_seen_by(actor, person_id)
    if len(reason.strip()) < 2:
        raise Refusal("请写明查看的原因，例如：办理组织关系转接。")
    _write_look(actor, person, SHOWN[what], reason.strip())
    return person.id_number if what == "id_number" else person.phone


@transaction.atomic
def call(actor: Actor, person_id: int) -> str:
    """The telephone number behind a call button. Officers call members, members call their liaison."""
    officers = people.liaisons_of(actor).filter(person_id=person_id)
    person = officers[0].person if officers else people.person_seen_by(actor, person_id)
    if not person.phone:
        raise Refusal(f"没有登记{person.name}的电话，请联系老干部工作部门补登。")
    if not officers:
        _write_look(actor, person, SHOWN["phone"], "拨打电话")
    return person.phone


def _write_look(actor: Actor, person: Person, what: str, reason: str) -> None:
    Look.objects.create(person=person, by_id=actor.person_id, what=what, reason=reason)
    journal.record(actor, "members.looked", (PERSON, person.pk), what=what)


@transaction.atomic
def start_acting(actor: Actor, person_id: int) -> Actor:
    """Begin to act for a member (代办); both names stand on everything done. Raises NotAllowed."""
    require(people.may_act_for(actor, person_id), "您只能代本支部的党员办理。")
    journal.record(actor.on_behalf_of(person_id), "members.acting_started", (PERSON, person_id))
    return actor.on_behalf_of(person_id)
