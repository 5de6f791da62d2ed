"""Addresses of the keys."""

from django.urls import path

from kouan.safekeeping import views

urlpatterns = [
    path("keys/", views.list_keys, name="key-list"),
    path("keys/retention", views.set_retention, name="key-retention"),
    path("keys/<slug:month>/destroy", views.destroy_key, name="key-destroy"),
]
