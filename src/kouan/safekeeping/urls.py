"""Addresses of the safe."""

from django.urls import path

from kouan.safekeeping.views import keys, persons

urlpatterns = [
    path("keys/", keys.list_keys, name="key-list"),
    path("keys/retention", keys.set_retention, name="key-retention"),
    path("keys/<slug:month>/destroy", keys.destroy_key, name="key-destroy"),
    path("personal/", persons.list_readings, name="personal-readings"),
    path("personal/<slug:kind>/<uuid:pk>/", persons.show_persons, name="persons"),
]
