"""Figures and the records behind them."""

from django.urls import path

from sangyu.reports import views

app_name = "reports"
urlpatterns = [
    path("console/figures/", views.figures, name="figures"),
    path("console/figures/<str:figure_id>/", views.figure, name="figure"),
    path("console/entries/<int:entry_id>/", views.entry, name="entry"),
]
