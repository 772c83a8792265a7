"""Pages about alliances."""

from django.urls import path

from sangyu.alliances import views

app_name = "alliances"
ALLIANCE = "console/alliances/<int:alliance_id>/"
PLACE = "console/alliance-places/<int:place_id>/"

urlpatterns = [
    path("console/alliances/", views.alliances, name="list"),
    path("console/alliances/propose/", views.propose, name="propose"),
    path(ALLIANCE, views.alliance, name="alliance"),
    path(f"{ALLIANCE}invite/", views.invite, name="invite"),
    path(f"{ALLIANCE}rota/", views.rota, name="rota"),
    path(f"{PLACE}consent/", views.consent, name="consent"),
    path(f"{PLACE}leave/", views.leave, name="leave"),
]
