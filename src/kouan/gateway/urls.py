"""Addresses of the gateway."""

from django.urls import path

from kouan.gateway.views import connections, counterpart, messages

urlpatterns = [
    path("gateway/", connections.show_gateway, name="gateway"),
    path("gateway/connections/", connections.list_connections, name="connections"),
    path("gateway/connections/<uuid:pk>/", connections.show_connection, name="connection"),
    path("gateway/parked/", connections.list_parked, name="parked"),
    path("gateway/parked/retry/", connections.retry_all, name="retry-all"),
    path("gateway/parked/<uuid:pk>/retry/", connections.retry, name="retry"),
    path("messages/", messages.list_messages, name="messages"),
    path("messages/<uuid:pk>/", messages.show_message, name="message"),
    path("messages/<uuid:pk>/resend/", messages.resend_message_page, name="resend-message"),
    path("receipts/", messages.list_receipts, name="receipts"),
    path("receipts/<uuid:pk>/", messages.show_receipt, name="receipt"),
    path("receipts/<uuid:pk>/resend/", messages.resend_receipt_page, name="resend-receipt"),
    path("demo/counterpart/", counterpart.show_counterpart, name="counterpart"),
    path("demo/counterpart/behaviour/", counterpart.behave, name="counterpart-behaviour"),
    path("demo/counterpart/<int:pk>/decide/", counterpart.decide, name="counterpart-decide"),
]
