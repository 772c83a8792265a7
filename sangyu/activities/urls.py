"""Pages about activities: a member's invitation; the working pages of branch officers."""

from django.urls import path

from sangyu.activities.views import console, ledger, portal, roll

app_name = "activities"
ACTIVITY = "console/activities/<int:activity_id>/"
PART = "console/parts/<int:part_id>/"
LEDGERS = "console/organizations/<int:organization_id>/ledgers/"

urlpatterns = [
    path("portal/activities/<int:activity_id>/", portal.invitation, name="invitation"),
    path("console/activities/", console.activities, name="list"),
    path(ACTIVITY, console.activity, name="activity"),
    path(f"{ACTIVITY}publish/", console.publish, name="publish"),
    path(f"{ACTIVITY}cancel/", console.cancel, name="cancel"),
    path(f"{ACTIVITY}notice/", console.notice, name="notice"),
    path(PART, console.part, name="part"),
    path(f"{PART}roll/", roll.roll, name="roll"),
    path(f"{PART}draft/", roll.draft, name="draft"),
    path(f"{PART}hand-over/", roll.hand_over, name="hand_over"),
    path(f"{PART}sheet/", roll.sheet, name="sheet"),
    path(LEDGERS, ledger.ledgers, name="ledgers"),
    path(f"{LEDGERS}<int:year>/<int:month>/", ledger.ledger, name="ledger"),
]
