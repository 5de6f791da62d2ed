"""Addresses of ports and supervision places."""

from django.urls import path

from kouan.transport import views

urlpatterns = [
    path("places/", views.list_places, name="place-list"),
    path("places/new", views.register_place, name="place-new"),
    path("places/<slug:code>/", views.show_place, name="place"),
    path("places/<slug:code>/change", views.register_place, name="place-change"),
    path("places/<slug:code>/close", views.close_place, name="place-close"),
    path("pick/places", views.pick_places, name="pick-places"),
    path("ports/", views.list_ports, name="port-list"),
]
