"""The console's own pages: what is due, and the tree."""

from django.urls import path

from sangyu.console.views import home, organizations

app_name = "console"

urlpatterns = [
    path("console/", home.home, name="home"),
    path("console/organizations/", organizations.organizations, name="organizations"),
    path("console/organizations/<int:organization_id>/people/", organizations.people_below, name="people_below"),
]
