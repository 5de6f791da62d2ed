"""Addresses of the code tables."""

from django.urls import path

from kouan.reference import views

urlpatterns = [
    path("codes/", views.list_code_tables, name="code-table-list"),
    path("codes/<slug:key>/", views.show_code_table, name="code-table"),
    path("pick/codes/<slug:key>", views.pick_codes, name="pick-codes"),
]
