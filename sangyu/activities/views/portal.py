"""What an old comrade sees of an activity, and answers."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from sangyu.activities import queries
from sangyu.activities.actions import planning
from sangyu.activities.models import Activity, ActivityState, Answer, SignUp
from sangyu.journal.request import Request
from sangyu.kit import clock
from sangyu.kit.doors import attempt

REASONS = ("身体不适", "外出", "家中有事", "其他")  # ready to press; nobody has to give one
SAID = {Answer.COMING: "已经报名，到时见。", Answer.DECLINED: "已经告诉支部，这次不参加。"}


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=Answer.choices)
    reason = forms.CharField(max_length=60, required=False)


@never_cache
def invitation(request: Request, activity_id: int) -> HttpResponse:
    activity = queries.invitation_of(request.actor, activity_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sign_up = attempt(form, lambda: planning.answer_invitation(request.actor, activity.pk, **form.cleaned_data))
        if sign_up is not None:
            messages.success(request, SAID[Answer(sign_up.answer)])
            return _after(sign_up)
    return render(request, "activities/portal/invitation.html", {"form": form, **_page(request, activity)})


def _after(sign_up: SignUp) -> HttpResponse:
    """Home, but to the page of ready reasons for who has just declined without one."""
    if sign_up.answer == Answer.DECLINED and not sign_up.reason:
        return redirect("activities:invitation", sign_up.activity_id)
    return redirect("portal:home")


def _page(request: Request, activity: Activity) -> dict[str, object]:
    names = queries.kind_names()
    return {
        "activity": activity,
        "kinds": [names.get(code, code) for code in activity.kinds],
        "answer": queries.own_answer(activity),
        "is_open": activity.state == ActivityState.PUBLISHED and activity.starts_at > clock.now(),
        "line": queries.record_of(request.actor).filter(participation__activity=activity).first(),
        "reasons": REASONS,
    }
