"""投诉与建议: said from any page; answered by the bureau."""

from django.urls import path

from sangyu.voices.views import console, portal

app_name = "voices"
urlpatterns = [
    path("voices/write/", portal.write, name="write"),
    path("console/voices/", console.inbox, name="inbox"),
    path("console/voices/<int:complaint_id>/", console.answer, name="answer"),
]
