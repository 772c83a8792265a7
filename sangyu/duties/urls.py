"""Pages about what is owed, and planning with the set actions."""

from django.urls import path

from sangyu.duties.views import planning, rules

app_name = "duties"

urlpatterns = [
    path("console/activities/plan/", planning.plan, name="plan"),
    path("console/activities/<int:activity_id>/change/", planning.change, name="change"),
    path("console/duties/", rules.rules, name="rules"),
    path("console/duties/new/", rules.new, name="new"),
    path("console/duties/actions/", rules.actions, name="actions"),
    path("console/duties/kinds/", rules.kinds, name="kinds"),
    path("console/duties/board/", rules.board, name="board"),
    path("console/duties/<int:rule_id>/", rules.rule, name="rule"),
    path("console/duties/<int:rule_id>/end/", rules.end, name="end"),
]
