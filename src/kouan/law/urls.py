"""Addresses of law."""

from django.urls import path

from kouan.law import views

urlpatterns = [path("safeguards/", views.list_safeguards, name="safeguards")]
