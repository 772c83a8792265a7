"""投诉与建议: said from any page, answered here."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from sangyu.journal.request import Request
from sangyu.kit.doors import attempt
from sangyu.voices import actions, queries
from sangyu.voices.forms import ComplaintForm

SHOWN = 20


@never_cache
def write(request: Request) -> HttpResponse:
    form = ComplaintForm(request.POST or None, initial={"page": request.GET.get("from", "")[:200]})
    if request.method == "POST" and form.is_valid():
        complaint = attempt(form, lambda: actions.complain(request.actor, **form.cleaned_data))
        if complaint is not None:
            messages.success(request, "您的意见已经送到老干部工作部门，答复会写在本页。")
            return redirect("voices:write")
    said = queries.own_complaints(request.actor).select_related("by")[:SHOWN]
    return render(request, "voices/portal/write.html", {"form": form, "said": said})
