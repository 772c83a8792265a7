"""Activities for branch officers and their superiors: the list, one activity, its notice, one branch's part."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from sangyu.activities import history, notices, overview, queries, rolls, rules
from sangyu.activities.actions import planning
from sangyu.activities.models import ActivityState
from sangyu.journal.request import Request
from sangyu.kit import clock, keyset
from sangyu.kit.refusals import require
from sangyu.members.rules import BRANCH_OFFICERS, OFFICERS

A_PAGE = 20


def activities(request: Request) -> HttpResponse:
    require(bool(request.actor.realm(OFFICERS)))
    shown = keyset.paged(request, queries.activities_listed_for(request.actor), A_PAGE)
    own = overview.own_parts(request.actor, shown.rows)
    page = {
        "lines": [(activity, own[activity.pk]) for activity in shown.rows],
        "runs_a_branch": bool(request.actor.realm(BRANCH_OFFICERS)),
        "previous_url": shown.previous_url,
        "next_url": shown.next_url,
    }
    return render(request, "activities/console/list.html", page)


def activity(request: Request, activity_id: int) -> HttpResponse:
    found = queries.activity_seen_by(request.actor, activity_id)
    lines = overview.part_lines(request.actor, found)
    kinds = queries.kind_names()
    is_open = found.state in (ActivityState.DRAFT, ActivityState.PUBLISHED)
    page = {
        "activity": found,
        "kinds": [kinds.get(kind, kind) for kind in found.kinds],
        "steps": found.steps.all(),
        "lines": lines,
        "runs_one": any(line.is_mine for line in lines),
        "others": [line for line in lines if not line.is_mine],
        "is_open": is_open,
        "coming": sum(line.coming for line in lines),
        "people": overview.invited(request.actor, found, [line.part for line in lines]) if is_open else [],
        "may_change": rules.may_change(request.actor, found),
        "has_begun": found.starts_at <= clock.now(),
    }
    return render(request, "activities/console/activity.html", page)


@require_POST
def publish(request: Request, activity_id: int) -> HttpResponse:
    found = queries.activity_seen_by(request.actor, activity_id)
    planning.publish_activity(request.actor, found)
    messages.success(request, "已发布，老同志在手机上可以看到并答复了。还可以复制通知发到群里。")
    return redirect("activities:activity", found.pk)


@require_POST
def cancel(request: Request, activity_id: int) -> HttpResponse:
    found = queries.activity_seen_by(request.actor, activity_id)
    planning.cancel_activity(request.actor, found)
    messages.success(request, "活动已取消。如果已经通知过，请告诉大家。")
    return redirect("activities:activity", found.pk)


def notice(request: Request, activity_id: int) -> HttpResponse:
    found = queries.activity_seen_by(request.actor, activity_id)
    kinds = queries.kind_names()
    address = request.build_absolute_uri(reverse("activities:invitation", args=[found.pk]))
    steps = [step.title for step in found.steps.all()]
    text = notices.notice_text(found, [kinds.get(kind, kind) for kind in found.kinds], steps, address)
    return render(request, "activities/console/notice.html", {"activity": found, "text": text})


def part(request: Request, part_id: int) -> HttpResponse:
    found = queries.part_read_by(request.actor, part_id)
    roll = list(queries.roll_of(found).values())
    standing, badge = overview.standing_of(found)
    groups = [
        (count, [line for line in roll if line.mark == count.mark])
        for count in rolls.counts(line.mark for line in roll)
        if count.number
    ]
    page = {
        "part": found,
        "activity": found.activity,
        "standing": standing,
        "badge": badge,
        "total": len(roll),
        "groups": groups,
        "events": history.events_of(request.actor, [found.pk]).get(found.pk, []),
        "may_take_roll": rules.may_take_roll(request.actor, found),
        "is_host": found.organization_id == found.activity.host_id,
        "is_cancelled": found.activity.state == ActivityState.CANCELLED,
    }
    return render(request, "activities/console/part.html", page)
