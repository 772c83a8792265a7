"""Which door leads where. Every area names its own pages."""

from django.urls import include, path

from sangyu.config.home import home

urlpatterns = [
    path("", home, name="home"),
    path("", include("sangyu.accounts.urls")),
    path("", include("sangyu.portal.urls")),
    path("", include("sangyu.console.urls")),
    path("", include("sangyu.members.urls")),
    path("", include("sangyu.alliances.urls")),
    path("", include("sangyu.activities.urls")),
    path("", include("sangyu.duties.urls")),
    path("", include("sangyu.voices.urls")),
    path("", include("sangyu.reports.urls")),
]
