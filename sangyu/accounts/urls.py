"""Signing in. allauth keeps its own names for four pages; no signing up and no reset by e-mail are routed."""

from allauth.account import views as allauth
from django.urls import include, path

from sangyu.accounts import views

cards = [
    path("card/<str:secret>/", views.card, name="card"),
    path("privacy/", views.privacy, name="privacy"),
]
urlpatterns = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/set/", allauth.password_set, name="account_set_password"),
    path("", include((cards, "accounts"))),
]
