"""Addresses of indicators."""

from django.urls import path

from kouan.indicators import views

urlpatterns = [
    path("indicators/", views.list_indicators, name="indicators"),
    path("indicators/new/", views.define_indicator, name="new-indicator"),
    path("indicators/<slug:key>/", views.show_indicator, name="indicator"),
    path("indicators/<slug:key>/readings/new/", views.enter_reading, name="enter-reading"),
    path("indicators/<slug:key>/readings/<uuid:pk>/file", views.download_evidence, name="reading-file"),
]
