"""Addresses of the decision tables."""

from django.urls import path

from kouan.decisions import views

urlpatterns = [
    path("decisions/", views.list_decisions, name="decision-list"),
    path("decisions/<slug:key>/", views.show_decision, name="decision"),
    path("decisions/<slug:key>/<int:number>/", views.show_decision, name="decision-version"),
]
