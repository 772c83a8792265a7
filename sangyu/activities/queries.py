"""Reading activities: what is on for a member, what a branch has to complete, the ledger page of a month."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from sangyu.activities import rules
from sangyu.activities.metrics import TAKING_PART
from sangyu.activities.models import Activity, ActivityKind, ActivityState, Participation, RollLine, SignUp
from sangyu.journal.actor import Actor
from sangyu.kit import clock
from sangyu.kit.refusals import Gone, NotAllowed
from sangyu.members.models import Membership, Organization
from sangyu.members.models.belonging import MembershipKind
from sangyu.members.rules import BRANCH_OFFICERS, OFFICERS
from sangyu.tallies.reach import branches_reached

FEW = 300  # branches whose activities of all years are sorted in milliseconds


def activities_seen_by(actor: Actor) -> QuerySet[Activity]:
    """Activities of the organizations the actor works for, newest first."""
    return Activity.objects.within(actor, OFFICERS).select_related("host", "alliance").order_by("-starts_at", "-id")


def activities_listed_for(actor: Actor) -> QuerySet[Activity]:
    """`activities_seen_by` for a page of them: gathered and sorted for few branches; for many, the newest of all are
    looked at one by one until the page is full. One query asks which.
    """
    if branches_reached(actor, OFFICERS, clock.today()) > FEW:
        return activities_seen_by(actor)
    few = Activity.objects.of_few(actor, OFFICERS)
    return few.select_related("host", "alliance").order_by("-starts_at", "-id")


def activity_seen_by(actor: Actor, activity_id: int) -> Activity:
    """One activity. Raises Gone when the actor may not see it."""
    activity = activities_seen_by(actor).filter(pk=activity_id).first()
    if activity is None:
        raise Gone()
    return activity


def parts_of(actor: Actor, activity: Activity) -> QuerySet[Participation]:
    """Each branch's part in the activity, by reading. Rolls inside stay with their branch."""
    return activity.participations.select_related("organization", "edited_by").order_by("organization__reading", "id")


def part_read_by(actor: Actor, participation_id: int) -> Participation:
    """One branch's part, for its officers and their superiors. Raises Gone."""
    part = (
        Participation.objects.filter(rules.parts_read_by(actor), pk=participation_id)
        .select_related("activity__host", "activity__alliance", "organization", "edited_by")
        .first()
    )
    if part is None:
        raise Gone()
    return part


def part_taken_by(actor: Actor, participation_id: int) -> Participation:
    """One branch's part, for those who call its roll. Raises Gone, and NotAllowed for a superior who only reads."""
    part = part_read_by(actor, participation_id)
    if not rules.may_take_roll(actor, part):
        raise NotAllowed("点名由本支部书记或联络员办理，上级只能查看。")
    return part


def drafts_of(actor: Actor) -> QuerySet[Activity]:
    """Planned by the actor's branch and not yet published."""
    return (
        Activity.objects.filter(state=ActivityState.DRAFT, host__line__overlap=actor.realm(BRANCH_OFFICERS))
        .select_related("alliance")
        .order_by("starts_at")
    )


def expected_at(participation: Participation) -> QuerySet[Membership]:
    """Those expected (应到): the branch's formal members on the day, by reading."""
    return (
        Membership.objects.on(participation.on)
        .filter(organization_id=participation.organization_id, kind=MembershipKind.FORMAL)
        .select_related("person")
        .order_by("person__reading", "person_id")
    )


def roll_of(participation: Participation) -> dict[int, RollLine]:
    """What has been marked so far, by person. The caller has checked who may read it."""
    return {line.person_id: line for line in participation.roll.select_related("person").order_by("person__reading")}


def answers_to(participation: Participation) -> dict[int, SignUp]:
    """What the branch's members answered to the invitation, by person."""
    people = expected_at(participation).values("person_id")
    return {s.person_id: s for s in SignUp.objects.filter(activity_id=participation.activity_id, person_id__in=people)}


def invitations_of(actor: Actor) -> QuerySet[Activity]:
    """What is on for the member (or the helped person): published, not begun, of a branch they belong to; soonest
    first, each with the own answer as `own_answers`."""
    on = Activity.objects.filter(
        state=ActivityState.PUBLISHED,
        starts_at__gt=clock.now(),
        participations__organization_id__in=_branches_of(actor),
    )
    return _with_own_answers(actor, on).order_by("starts_at", "id")


def cancelled_for(actor: Actor) -> QuerySet[Activity]:
    """What the member (or the helped person) was invited to and will not take place after all, soonest first."""
    return (
        Activity.objects.filter(
            state=ActivityState.CANCELLED,
            starts_at__gt=clock.now(),
            participations__organization_id__in=_branches_of(actor),
        )
        .distinct()
        .order_by("starts_at", "id")
    )


def invitation_of(actor: Actor, activity_id: int) -> Activity:
    """One activity as its member sees it: their branch's, or a past one they are marked in. Raises Gone otherwise."""
    theirs = Q(participations__organization_id__in=_branches_of(actor)) | Q(
        participations__roll__person_id=actor.subject_id, participations__closed_at__isnull=False
    )
    held = Activity.objects.filter(theirs, pk=activity_id).exclude(state=ActivityState.DRAFT)
    activity = _with_own_answers(actor, held).first()
    if activity is None:
        raise Gone()
    return activity


def _with_own_answers(actor: Actor, activities: QuerySet[Activity]) -> QuerySet[Activity]:
    """Each activity once, with its host, steps and the member's answer."""
    own = SignUp.objects.filter(person_id=actor.subject_id).select_related("by")
    answers = Prefetch("sign_ups", queryset=own, to_attr="own_answers")
    return activities.distinct().select_related("host", "alliance").prefetch_related(answers, "steps")


def own_answer(invited: Activity) -> SignUp | None:
    """The member's answer as it came with `invitations_of` or `invitation_of`."""
    return next(iter(vars(invited)["own_answers"]), None)


def _branches_of(actor: Actor) -> QuerySet[Membership, int]:
    return (
        Membership.objects.on(clock.today())
        .filter(person_id=actor.subject_id, kind=MembershipKind.FORMAL)
        .values_list("organization_id", flat=True)
    )


def record_of(actor: Actor) -> QuerySet[RollLine]:
    """How the member (or the helped person) took part so far, newest first; closed parts only."""
    return (
        RollLine.objects.filter(person_id=actor.subject_id, participation__closed_at__isnull=False)
        .exclude(participation__activity__state=ActivityState.CANCELLED)
        .select_related("participation__activity")
        .order_by("-participation__on", "-id")
    )


def ledger_parts(actor: Actor, organization: Organization, start: date, end: date) -> QuerySet[Participation]:
    """The branch's closed parts of [start, end), in order of time: its ledger."""
    return (
        Participation.objects.filter(rules.parts_read_by(actor), organization=organization)
        .filter(on__gte=start, on__lt=end, closed_at__isnull=False)
        .exclude(activity__state=ActivityState.CANCELLED)
        .select_related("activity__host", "activity__alliance", "organization")
        .order_by("activity__starts_at", "id")
    )


def parts_that_count(organization_ids: list[int], start: date, end: date) -> QuerySet[Participation]:
    """Parts of [start, end), and earlier ones never closed, with `counts`: closed with at least one who took part.

    For duties, which check rights.
    """
    took_part = RollLine.objects.filter(participation=OuterRef("pk"), mark__in=TAKING_PART)
    return (
        Participation.objects.filter(
            Q(on__gte=start) | Q(closed_at__isnull=True), organization_id__in=organization_ids, on__lt=end
        )
        .filter(activity__state__in=[ActivityState.PUBLISHED, ActivityState.CLOSED])
        .annotate(counts=Q(closed_at__isnull=False) & Exists(took_part))
        .select_related("activity")
        .order_by("on", "id")
    )


def kind_names() -> dict[str, str]:
    """Chinese names of the kinds of activities, by code."""
    return dict(ActivityKind.objects.values_list("code", "name"))
