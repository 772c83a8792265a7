"""The console's own page: what is due."""

from django.urls import path

from sangyu.console import views

app_name = "console"

urlpatterns = [
    path("console/", views.home, name="home"),
]
