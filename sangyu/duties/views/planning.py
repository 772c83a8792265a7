"""Planning an activity and changing the plan. Above activities, because the agenda starts from set actions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from sangyu.activities import rules
from sangyu.activities.actions import planning as actions
from sangyu.activities.models import Activity, ActivityState
from sangyu.activities.queries import activity_seen_by, kind_names
from sangyu.alliances.models import Alliance
from sangyu.duties import planning
from sangyu.duties.planning_forms import PlanForm
from sangyu.duties.queries import agenda_for
from sangyu.journal.request import Request
from sangyu.kit import clock
from sangyu.kit.doors import attempt
from sangyu.kit.refusals import Gone, Refusal, require
from sangyu.members.models import Organization
from sangyu.members.queries.organizations import organizations_run_by


def plan(request: Request) -> HttpResponse:
    hosts = list(organizations_run_by(request.actor, clock.today()))
    host = _asked_host(request, hosts)
    alliances = planning.alliances_of(request.actor, host)
    form = _new_form(request, host, alliances)
    if request.method == "POST" and form.is_valid():
        planned = attempt(form, lambda: _plan(request, host, alliances, form))
        if planned is not None:
            return redirect("activities:activity", planned.pk)
    turns = planning.turns_this_month(request.actor, alliances)
    page = {"form": form, "host": host, "others": [h for h in hosts if h != host], "turns": list(turns.values())}
    return render(request, "duties/console/plan.html", page)


def change(request: Request, activity_id: int) -> HttpResponse:
    activity = activity_seen_by(request.actor, activity_id)
    require(rules.may_change(request.actor, activity))
    if activity.state in (ActivityState.CLOSED, ActivityState.CANCELLED):
        raise Refusal(f"这次活动{activity.get_state_display()}，不能再改。")
    scheme = agenda_for(activity.host)
    form = PlanForm(kind_names(), scheme, (), request.POST or None, planning.as_planned(activity, scheme))
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: actions.change_activity(request.actor, activity, form.steps, **form.plan))
        if not form.errors:
            messages.success(request, "改好了。如果已经通知过大家，请把新的通知再发一次。")
            return redirect("activities:activity", activity.pk)
    return render(request, "duties/console/plan.html", {"form": form, "host": activity.host, "activity": activity})


def _asked_host(request: Request, hosts: list[Organization]) -> Organization:
    """The branch that plans: the asked one, or the first. Raises NotAllowed for who runs none, Gone for another's."""
    require(bool(hosts), "活动由支部书记或联络员计划。")
    asked = request.GET.get("organization", "") or str(hosts[0].pk)
    for host in hosts:
        if str(host.pk) == asked:
            return host
    raise Gone()


def _new_form(request: Request, host: Organization, alliances: list[Alliance]) -> PlanForm:
    kinds, scheme = kind_names(), agenda_for(host)
    if request.method == "POST":
        return PlanForm(kinds, scheme, alliances, request.POST)
    alliance = _likely_alliance(request, host, alliances)
    kind = request.GET.get("kind", "")
    initial = planning.first_proposal(request.actor, host, alliance, kinds, kind, scheme)
    return PlanForm(kinds, scheme, alliances, initial=initial)


def _likely_alliance(request: Request, host: Organization, alliances: list[Alliance]) -> Alliance | None:
    """The asked one, or one in which it is the branch's turn this month."""
    turns = planning.turns_this_month(request.actor, alliances)
    for alliance in alliances:
        turn = turns.get(alliance.pk)
        if request.GET.get("alliance") == str(alliance.pk) or (turn and turn.host_id == host.pk):
            return alliance
    return None


def _plan(request: Request, host: Organization, alliances: list[Alliance], form: PlanForm) -> Activity:
    asked = form.cleaned_data.get("alliance") or 0
    alliance = next((one for one in alliances if one.pk == asked), None)
    planned = actions.plan_activity(request.actor, host, alliance, form.cleaned_data["token"], form.steps, **form.plan)
    messages.success(request, "计划已保存为草稿。看一看没有错，就点“发布”。")
    return planned
