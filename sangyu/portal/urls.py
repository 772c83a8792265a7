"""The old comrade's own pages."""

from django.urls import path

from sangyu.portal import views

app_name = "portal"
urlpatterns = [
    path("portal/", views.home, name="home"),
    path("portal/record/", views.record, name="record"),
    path("portal/me/", views.about_me, name="about_me"),
    path("portal/text-size/", views.text_size, name="text_size"),
    path("portal/call-liaison/", views.call_liaison, name="call_liaison"),
]
