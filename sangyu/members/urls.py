"""Pages about organizations and people; the bureau's rosters."""

from django.urls import path

from sangyu.members.views import (
    acting,
    cards,
    memberships,
    moving,
    organizations,
    people,
    roster_columns,
    roster_lines,
    roster_undo,
    rosters,
)

app_name = "members"
ORGANIZATION = "console/organizations/<int:organization_id>/"
PERSON = "console/people/<int:person_id>/"
ROSTER = "console/rosters/<int:roster_id>/"

urlpatterns = [
    path(ORGANIZATION, organizations.organization, name="organization"),
    path(f"{ORGANIZATION}move/", moving.move, name="move"),
    path(f"{ORGANIZATION}found/", organizations.found, name="found"),
    path(f"{ORGANIZATION}register/", organizations.register, name="register"),
    path(f"{ORGANIZATION}appoint/", organizations.appoint, name="appoint"),
    path("console/appointments/<int:appointment_id>/end/", organizations.end_appointment, name="end_appointment"),
    path(f"{ORGANIZATION}accounts/", cards.open_accounts, name="accounts"),
    path("console/people/", people.search, name="search"),
    path(PERSON, people.person, name="person"),
    path(f"{PERSON}reveal/", people.reveal, name="reveal"),
    path(f"{PERSON}call/", people.call, name="call"),
    path(f"{PERSON}circumstances/", people.note_circumstance, name="note_circumstance"),
    path(f"{PERSON}join/", memberships.join, name="join"),
    path("console/memberships/<int:membership_id>/leave/", memberships.leave, name="leave"),
    path("console/circumstances/<int:circumstance_id>/end/", people.end_circumstance, name="end_circumstance"),
    path(f"{PERSON}card/", cards.replace_card, name="replace_card"),
    path(f"{PERSON}act/", acting.start_acting, name="start_acting"),
    path("acting/stop/", acting.stop_acting, name="stop_acting"),
    path("console/rosters/", rosters.rosters, name="rosters"),
    path("console/rosters/under-way/", rosters.rosters_under_way, name="rosters_under_way"),
    path("console/rosters/columns/", roster_columns.taught_columns, name="taught_columns"),
    path("console/rosters/columns/<int:column_id>/forget/", roster_columns.forget_column, name="forget_column"),
    path(ROSTER, rosters.roster, name="roster"),
    path(f"{ROSTER}columns/", roster_columns.map_columns, name="roster_columns"),
    path(f"{ROSTER}confirm/", rosters.confirm_roster, name="confirm_roster"),
    path(f"{ROSTER}branches/", rosters.roster_branches_page, name="roster_branches"),
    path(f"{ROSTER}found-branches/", rosters.found_branches, name="found_branches"),
    path(f"{ROSTER}give-up/", rosters.give_up_roster, name="give_up_roster"),
    path(f"{ROSTER}progress/", rosters.roster_progress, name="roster_progress"),
    path(f"{ROSTER}faults/", rosters.roster_faults, name="roster_faults"),
    path(f"{ROSTER}lines/", roster_lines.roster_lines, name="roster_lines"),
    path(f"{ROSTER}lines/<int:line_id>/", roster_lines.roster_line, name="roster_line"),
    path(f"{ROSTER}lines/<int:line_id>/leave-out/", roster_lines.leave_out_line, name="leave_out_line"),
    path(f"{ROSTER}undo/", roster_undo.undo_roster, name="undo_roster"),
]
