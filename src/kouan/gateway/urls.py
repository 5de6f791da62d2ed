"""Addresses of the gateway."""

from django.urls import path

from kouan.gateway import views

urlpatterns = [
    path("messages/<uuid:pk>/", views.show_message, name="message"),
    path("receipts/<uuid:pk>/", views.show_receipt, name="receipt"),
]
