"""Addresses of the decision tables."""

from django.urls import path

from kouan.decisions.views import editing, replays, tables

urlpatterns = [
    path("decisions/", tables.list_decisions, name="decision-list"),
    path("decisions/replays/<uuid:pk>/", replays.show, name="decision-replay"),
    path("decisions/<slug:key>/", tables.show_decision, name="decision"),
    path("decisions/<slug:key>/<int:number>/", tables.show_decision, name="decision-version"),
    path("decisions/<slug:key>/<int:number>/begin", editing.begin, name="decision-begin"),
    path("decisions/<slug:key>/<int:number>/edit", editing.edit, name="decision-edit"),
    path("decisions/<slug:key>/<int:number>/examples", editing.keep_example, name="decision-keep-example"),
    path("decisions/<slug:key>/<int:number>/examples/drop", editing.drop_example, name="decision-drop-example"),
    path("decisions/<slug:key>/<int:number>/approve", editing.approve, name="decision-approve"),
    path("decisions/<slug:key>/<int:number>/send-back", editing.send_back, name="decision-send-back"),
    path("decisions/<slug:key>/<int:number>/discard", editing.discard, name="decision-discard"),
    path("decisions/<slug:key>/<int:number>/replay", replays.ask, name="decision-ask-replay"),
    path("decisions/<slug:key>/<int:number>/against/<int:other>", editing.compare, name="decision-compare"),
]
